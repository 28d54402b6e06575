/*
 * sensed-digest.c - publishes closed waves, then mails the digests.
 *
 * Two steps that can run apart: the first reads keys and boxes and needs no
 * network, the second needs the network and no key.  Run again, it finishes
 * what was cut short.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <sysexits.h>

#include "base/log.h"
#include "io/clock.h"
#include "io/history.h"
#include "io/publishing.h"
#include "io/waves.h"
#include "prog/prog.h"
#include "prog/progress.h"
#include "prog/sending.h"

static void
usage(FILE *to)
{
	fputs("usage: sensed-digest [-v] [-c FILE] [--publish-only | "
	    "--send-only] [WAVE]\n"
	    "\n"
	    "Publishes every closed wave (or WAVE) and mails the digests.\n"
	    "  -c FILE         configuration (" PROG_CONF ")\n"
	    "  --publish-only  make the figures, destroy the answers; no mail\n"
	    "  --send-only     mail what is still owed; no key is read\n"
	    "  -v              say more\n"
	    "  --version       print the version\n"
	    "  --help          print this\n", to);
}

static void
show(void *arg, unsigned int done, unsigned int all)
{
	progress_show(arg, "boxes counted", done, all);
}

/* The first of two codes that is an error. */
static enum err_code
worse(enum err_code a, enum err_code b)
{
	return a != ERR_OK ? a : b;
}

/* One wave; named tells whether somebody asked for this very one. */
static enum err_code
publish_wave(const struct conf *c, const char *wave, bool named)
{
	struct progress	progress = { 0 };
	struct err	e;
	enum err_code	rc = publishing_run(c->state_dir, wave, clock_now(),
			    show, &progress, &e);

	progress_end(&progress);
	if (rc == ERR_OK)
		log_info("wave %s is published; its keys and answers are "
		    "destroyed", wave);
	else if (rc == ERR_USED || (rc == ERR_REFUSED && !named)) {
		log_debug("%s", e.msg);
		rc = ERR_OK;
	} else
		log_err("%s", e.msg);
	return rc;
}

static enum err_code
publish_all(const struct conf *c)
{
	struct wave_ref	*ref;
	struct err	 e;
	enum err_code	 rc;
	size_t		 n, i;

	if ((rc = waves_list(c->state_dir, &ref, &n, &e)) != ERR_OK) {
		log_err("%s", e.msg);
		return rc;
	}
	for (i = 0; i < n; i++)
		rc = worse(rc, publish_wave(c, ref[i].name, false));
	free(ref);
	return rc;
}

static void
log_expired(const char *wave)
{
	log_info("the figures of wave %s are as old as privacy.keep_years "
	    "allows, and are destroyed", wave);
}

static enum err_code
expire(const struct conf *c)
{
	struct err	e;
	enum err_code	rc;

	rc = history_expire(c->state_dir, c->site.keep_years, clock_now(),
	    log_expired, &e);
	if (rc != ERR_OK)
		log_err("%s", e.msg);
	return rc;
}

int
main(int argc, char **argv)
{
	bool			 publish_only = false, send_only = false;
	const struct prog_flag	 flags[] = {
		{ "publish-only", &publish_only },
		{ "send-only", &send_only },
		{ NULL, NULL }
	};
	const char		*path = PROG_CONF, *wave;
	struct conf		 conf;
	struct err		 e;
	enum err_code		 rc = ERR_OK;
	int			 status;

	status = prog_options_with(&argc, &argv, &path, usage, flags);
	if (status != -1)
		return status;
	if (argc > 1 || (publish_only && send_only)) {
		usage(stderr);
		return EX_USAGE;
	}
	wave = argc == 1 ? argv[0] : NULL;
	if ((rc = prog_conf(path, &conf, &e)) != ERR_OK) {
		log_err("%s", e.msg);
		return prog_conf_status(rc);
	}
	prog_signals();
	if (!send_only)
		rc = wave != NULL ? publish_wave(&conf, wave, true) :
		    publish_all(&conf);
	if (!send_only)
		rc = worse(rc, expire(&conf));
	if (!publish_only && (rc == ERR_OK || wave == NULL))
		rc = worse(rc, sending_run(&conf, wave));
	conf_wipe(&conf);
	return prog_sysexit(rc);
}
