/*
 * sensed.c - the daemon: options and configuration, then the keeper.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <sysexits.h>

#include "base/log.h"
#include "prog/keeper.h"
#include "prog/owner.h"
#include "prog/prog.h"
#include "prog/wholeconf.h"

static void
usage(FILE *to)
{
	fputs("usage: sensed [-v] [-c FILE] [--once]\n"
	    "\n"
	    "Opens waves by the calendar, mails and closes them in time.\n"
	    "\n"
	    "  -c FILE    configuration (" PROG_CONF ")\n"
	    "  --once     do all that is due now, then exit\n"
	    "  -v         say more\n"
	    "  --version  print the version\n"
	    "  --help     print this\n", to);
}

int
main(int argc, char **argv)
{
	bool			 once = false;
	const struct prog_flag	 flags[] = {
		{ "once", &once },
		{ NULL, NULL }
	};
	const char		*path = PROG_CONF;
	struct conf		 conf;
	struct owner		 owner;
	struct err		 e;
	enum err_code		 rc;
	int			 status;

	status = prog_options_with(&argc, &argv, &path, usage, flags);
	if (status != -1)
		return status;
	if (argc != 0) {
		usage(stderr);
		return EX_USAGE;
	}
	if ((rc = wholeconf(path, &conf, &e)) != ERR_OK) {
		log_err("%s", e.msg);
		return prog_conf_status(rc);
	}
	if ((rc = owner_become(conf.state_dir, &owner, &e)) != ERR_OK) {
		log_err("%s", e.msg);
		status = prog_sysexit(rc);
	} else {
		prog_batch();
		status = keeper_run(&conf, path, once);
	}
	conf_wipe(&conf);
	return status;
}
