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

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "prog/ctl.h"
#include "prog/ctl_score.h"
#include "prog/owner.h"
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
	if (c->opt[CTL_JSON] != NULL && c->opt[CTL_PROMETHEUS] != NULL)
		return false;
	return optind == argc && (cmd->arg == NULL) == (c->arg == NULL) &&
	    (given & cmd->needed) == cmd->needed;
}

/* The directory that a path is in, to be freed. */
static char *
parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return mem_str(".");
	return mem_dup(path, slash == path ? 1 : (size_t)(slash - path));
}

/*
 * Root named a file of its own, and is another user now: that is said before
 * the work, with the way out.
 */
static enum err_code
check_files(const struct ctl *c, const struct owner *o, struct err *e)
{
	static const enum ctl_option	reads[] = {
		CTL_UNITS, CTL_PEOPLE, CTL_COMMENTS
	};
	const char			*path;
	enum err_code			 rc = ERR_OK;
	char				*dir;
	size_t				 i;

	for (i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		path = c->opt[reads[i]];
		if (path != NULL && access(path, R_OK) == -1 &&
		    errno == EACCES)
			return err_set(e, ERR_SYS, "%s: sensectl works as "
			    "user %s, who may not read it: put it where that "
			    "user may", path, o->name);
	}
	if ((path = c->opt[CTL_OUT]) == NULL || strcmp(path, "-") == 0)
		return ERR_OK;
	dir = parent(path);
	if (access(dir, W_OK) == -1 && errno == EACCES)
		rc = err_set(e, ERR_SYS, "%s: sensectl works as user %s, who "
		    "may not write there: '--out - >FILE' writes as you",
		    path, o->name);
	free(dir);
	return rc;
}

/* As whoever the command is for: see owner.h. */
static enum err_code
act(const struct ctl_entry *cmd, const struct ctl *c, struct err *e)
{
	struct owner	o;
	enum err_code	rc;

	if (!(cmd->options & CTL_AS_CALLER)) {
		rc = owner_become(c->conf->state_dir, &o, e);
		if (rc == ERR_OK && o.became)
			rc = check_files(c, &o, e);
		if (rc != ERR_OK)
			return rc;
	}
	return cmd->run(c, e);
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
	rc = act(cmd, c, &e);
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
