/*
 * sensectl.c - the administrator's tool.
 *
 * Parses, reads the configuration, and turns what a command returns into an
 * exit status.  The commands are listed in ctl_table.c; each is in a file of
 * its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/log.h"
#include "prog/ctl.h"
#include "prog/ctl_score.h"
#include "prog/prog.h"
#include "prog/wholeconf.h"

static const char score_usage[] =
    "score --units U.csv --answers A.csv [--k N] [--protect suppress|carry]\n"
    "        the same figures from two files; sensectl score --help";

static void
usage(FILE *to)
{
	const struct ctl_entry *c;

	fputs("usage: sensectl [-c FILE] [-v] COMMAND ...\n"
	    "       sensectl --help | --version\n\ncommands:\n", to);
	for (c = ctl_commands; c->name != NULL; c++)
		fprintf(to, "  %s\n", c->usage);
	fprintf(to, "  %s\n", score_usage);
}

/* Reads the command's own words; false: not as its usage says. */
static bool
parse(const struct ctl_entry *cmd, int argc, char **argv, struct ctl *c)
{
	unsigned int	given = 0;
	int		o;

	optind = 0;
	while ((o = getopt_long(argc, argv, "", ctl_options, NULL)) != -1) {
		if (o < 0 || o >= CTL_OPTION__MAX ||
		    !(cmd->options & CTL_MASK(o)))
			return false;
		c->opt[o] = optarg != NULL ? optarg : "";
		given |= CTL_MASK(o);
	}
	if (cmd->arg != NULL && optind < argc)
		c->arg = argv[optind++];
	return optind == argc && (cmd->arg == NULL) == (c->arg == NULL) &&
	    (given & cmd->needed) == cmd->needed;
}

static int
run(const struct ctl_entry *cmd, struct ctl *c)
{
	struct conf	conf;
	struct err	e;
	enum err_code	rc;

	if ((rc = wholeconf(c->conf_path, &conf, &e)) != ERR_OK) {
		log_err("%s", e.msg);
		return prog_conf_status(rc);
	}
	c->conf = &conf;
	rc = cmd->run(c, &e);
	if (rc == ERR_OK && fflush(stdout) != 0)
		rc = err_sys(&e, "done, but standard output");
	if (rc != ERR_OK)
		log_err("%s", e.msg);
	conf_wipe(&conf);
	return rc == ERR_OK ? EX_OK : prog_sysexit(rc);
}

int
main(int argc, char **argv)
{
	struct ctl		 c = { .conf_path = PROG_CONF };
	const struct ctl_entry	*cmd;
	int			 status;

	if ((status = prog_options(&argc, &argv, &c.conf_path, usage)) != -1)
		return status;
	if (argc == 0) {
		usage(stderr);
		return EX_USAGE;
	}
	if (strcmp(argv[0], "score") == 0)
		return ctl_score(argc, argv);
	if ((cmd = ctl_find(argv[0])) == NULL) {
		log_err("%s: no such command", argv[0]);
		usage(stderr);
		return EX_USAGE;
	}
	if (!parse(cmd, argc, argv, &c)) {
		fprintf(stderr, "usage: sensectl %s\n", cmd->usage);
		return EX_USAGE;
	}
	return run(cmd, &c);
}
