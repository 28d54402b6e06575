/*
 * sensectl.c - the administrator's tool.
 *
 * One table of commands; each is in a file of its own.  Parses, reads the
 * configuration, and turns what a command returns into an exit status.
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

#define MASK(o)	(1U << (o))

static const struct command {
	const char	*name;
	const char	*arg;		/* "SURVEY" and so on, or NULL */
	unsigned int	 options;	/* MASK of those allowed */
	unsigned int	 needed;	/* and of those that must be there */
	ctl_command	*run;
	const char	*usage;
} commands[] = {
	{ "check", NULL, 0, 0, ctl_check,
	    "check\n"
	    "        configuration, templates and roster: is all as it "
	    "should be?" },
	{ "import", "SURVEY",
	    MASK(CTL_UNITS) | MASK(CTL_PEOPLE) | MASK(CTL_DRY_RUN),
	    MASK(CTL_UNITS) | MASK(CTL_PEOPLE), ctl_import,
	    "import SURVEY --units U.csv --people P.csv [--dry-run]\n"
	    "        replace the roster of a survey; say what changes" },
	{ "open", "SURVEY",
	    MASK(CTL_WAVE) | MASK(CTL_CLOSES) | MASK(CTL_FORCE), 0, ctl_open,
	    "open SURVEY [--wave NAME] [--closes TIME] [--force]\n"
	    "        open a wave now; sensed mails its invitations" },
	{ "close", "WAVE", 0, 0, ctl_close,
	    "close WAVE\n"
	    "        close a wave now, before its time" },
	{ "pause", "WAVE", 0, 0, ctl_pause,
	    "pause WAVE\n"
	    "        stop mailing a wave; its link stays open" },
	{ "resume", "WAVE", 0, 0, ctl_resume,
	    "resume WAVE\n"
	    "        go on mailing a wave that was paused" },
	{ "status", NULL, MASK(CTL_JSON) | MASK(CTL_PROMETHEUS), 0,
	    ctl_status,
	    "status [--json | --prometheus]\n"
	    "        waves; mailed, refused and, as far as is safe, answered" },
	{ "audit", "WAVE", 0, 0, ctl_audit,
	    "audit WAVE\n"
	    "        what is stored about a wave, and what should not be" },
	{ "export", "WAVE", MASK(CTL_FORMAT), 0, ctl_export,
	    "export WAVE [--format csv|json]\n"
	    "        published figures; nothing else exists to export" },
	{ "show", "EMAIL", 0, 0, ctl_show,
	    "show EMAIL\n"
	    "        all that is stored about a person, to be handed to them" },
	{ "forget", "EMAIL", 0, 0, ctl_forget,
	    "forget EMAIL\n"
	    "        remove a person; an opt-out stays, as a hash" },
	{ "opt-in", "EMAIL", 0, 0, ctl_opt_in,
	    "opt-in EMAIL\n"
	    "        take an opt-out back, when the person asks for it" },
	{ "discard", "WAVE", MASK(CTL_FORCE), 0, ctl_discard,
	    "discard WAVE [--force]\n"
	    "        destroy a wave that can never be published" },
};

static const struct option options[] = {
	{ "units", required_argument, NULL, CTL_UNITS },
	{ "people", required_argument, NULL, CTL_PEOPLE },
	{ "dry-run", no_argument, NULL, CTL_DRY_RUN },
	{ "wave", required_argument, NULL, CTL_WAVE },
	{ "closes", required_argument, NULL, CTL_CLOSES },
	{ "force", no_argument, NULL, CTL_FORCE },
	{ "json", no_argument, NULL, CTL_JSON },
	{ "prometheus", no_argument, NULL, CTL_PROMETHEUS },
	{ "format", required_argument, NULL, CTL_FORMAT },
	{ NULL, 0, NULL, 0 }
};

static const char score_usage[] =
    "score --units U.csv --answers A.csv [--k N] [--protect suppress|carry]\n"
    "        the same figures from two files; sensectl score --help";

static void
usage(FILE *to)
{
	size_t i;

	fputs("usage: sensectl [-c FILE] [-v] COMMAND ...\n"
	    "       sensectl --help | --version\n\ncommands:\n", to);
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(to, "  %s\n", commands[i].usage);
	fprintf(to, "  %s\n", score_usage);
}

static const struct command *
find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* Reads the command's own words; false: not as its usage says. */
static bool
parse(const struct command *cmd, int argc, char **argv, struct ctl *c)
{
	unsigned int	given = 0;
	int		o;

	optind = 0;
	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o < 0 || o >= CTL_OPTION__MAX || !(cmd->options & MASK(o)))
			return false;
		c->opt[o] = optarg != NULL ? optarg : "";
		given |= MASK(o);
	}
	if (cmd->arg != NULL && optind < argc)
		c->arg = argv[optind++];
	return optind == argc && (cmd->arg == NULL) == (c->arg == NULL) &&
	    (given & cmd->needed) == cmd->needed;
}

static int
run(const struct command *cmd, struct ctl *c)
{
	struct conf	conf;
	struct err	e;
	enum err_code	rc;

	if ((rc = prog_conf(c->conf_path, &conf, &e)) != ERR_OK) {
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
	const struct command	*cmd;
	int			 status;

	if ((status = prog_options(&argc, &argv, &c.conf_path, usage)) != -1)
		return status;
	if (argc == 0) {
		usage(stderr);
		return EX_USAGE;
	}
	if (strcmp(argv[0], "score") == 0)
		return ctl_score(argc, argv);
	if ((cmd = find(argv[0])) == NULL) {
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
