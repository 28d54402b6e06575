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

#include <sysexits.h>

#include "base/log.h"
#include "io/clock.h"
#include "io/sandbox.h"
#include "prog/confine.h"
#include "prog/owner.h"
#include "prog/prog.h"
#include "prog/publisher.h"
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

/* Publishes, then mails; each as it was asked for. */
static int
run(struct publisher *job, bool publish, bool send)
{
	struct owner	owner;
	struct err	e;
	int		status, sent;

	if (owner_become(job->conf->state_dir, &owner, &e) != ERR_OK) {
		log_err("%s", e.msg);
		return prog_sysexit(e.code);
	}
	prog_signals();
	prog_batch();
	job->now = clock_now();
	status = !publish ? EX_OK :
	    confine(SANDBOX_PUBLISHER, job->conf, publisher_step, job);
	if (send && (status == EX_OK || job->wave == NULL)) {
		sent = sending_run(job->conf, job->wave);
		if (status == EX_OK)
			status = sent;
	}
	return status;
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
	const char		*path = PROG_CONF;
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
	job.wave = argc == 1 ? argv[0] : NULL;
	if ((rc = prog_conf(path, &conf, &e)) != ERR_OK) {
		log_err("%s", e.msg);
		return prog_conf_status(rc);
	}
	status = run(&job, !send_only, !publish_only);
	conf_wipe(&conf);
	return status;
}
