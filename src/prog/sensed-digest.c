/*
 * sensed-digest.c - publishes closed waves, then mails the digests.
 *
 * Two steps that can run apart: the first, in a process of its own, reads keys
 * and boxes and can make no socket; the second has the network and can open no
 * key of a wave.  Run again, it finishes what was cut short.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/crypt.h"
#include "base/log.h"
#include "io/clock.h"
#include "io/delivery.h"
#include "io/history.h"
#include "io/sandbox.h"
#include "io/smtp.h"
#include "prog/confine.h"
#include "prog/prog.h"
#include "prog/publisher.h"

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
log_delivery(const char *wave, const struct delivery_result *r)
{
	if (r->sent > 0)
		log_info("%s: %" PRIu64 " digests went out", wave, r->sent);
	if (r->temporary + r->refused + r->uncertain > 0)
		log_warn("%s: %u digests put off, %u refused, %u uncertain; "
		    "the first reply: %s", wave, r->temporary, r->refused,
		    r->uncertain, r->words);
	if (r->unreached)
		log_warn("%s: no relay can be reached; run again later", wave);
	if (r->expired)
		log_warn("%s: digests that could not be sent for %d days are "
		    "given up", wave, DELIVERY_DAYS);
}

static enum err_code
send_wave(const struct mailing *m, const char *wave)
{
	struct delivery_result	r;
	struct err		e;
	enum err_code		rc = delivery_run(m, wave, &r, &e);

	log_delivery(wave, &r);
	if (rc != ERR_OK)
		log_err("%s: %s", wave, e.msg);
	return rc;
}

static enum err_code
send_all(const struct mailing *m)
{
	enum err_code	  rc, one = ERR_OK;
	struct err	  e;
	size_t		  n, i;
	char		**wave;

	if ((rc = history_list(m->conf->state_dir, &wave, &n, &e)) != ERR_OK)
		log_err("%s", e.msg);
	for (i = 0; i < n; i++) {
		if (atomic_load(m->stop) == 0)
			one = send_wave(m, wave[i]);
		if (rc == ERR_OK)
			rc = one;
		free(wave[i]);
	}
	free(wave);
	return rc;
}

static enum err_code
send_digests(const struct conf *c, const char *wave)
{
	struct mailing	 m = { .conf = c, .stop = &prog_stop };
	char		*password = NULL;
	struct err	 e;
	enum err_code	 rc;

	if ((rc = smtp_start(&e)) != ERR_OK ||
	    (rc = prog_password(c, &password, &e)) != ERR_OK) {
		log_err("%s", e.msg);
		return rc;
	}
	m.password = password;
	rc = sandbox_enter(SANDBOX_SENDER, c->state_dir, c->templates, &e);
	if (rc != ERR_OK)
		log_err("%s", e.msg);
	else
		rc = wave != NULL ? send_wave(&m, wave) : send_all(&m);
	if (password != NULL)
		crypt_wipe(password, strlen(password));
	free(password);
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
	struct publisher	 job = { .conf = &conf };
	struct err		 e;
	enum err_code		 rc;
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
	job.wave = wave;
	job.now = clock_now();
	status = send_only ? EX_OK :
	    confine(SANDBOX_PUBLISHER, &conf, publisher_step, &job);
	if (!publish_only && (status == EX_OK || wave == NULL)) {
		rc = send_digests(&conf, wave);
		if (status == EX_OK)
			status = prog_sysexit(rc);
	}
	conf_wipe(&conf);
	return status;
}
