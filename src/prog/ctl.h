/*
 * ctl.h - the commands of sensectl, and what each of them is given.
 *
 * sensectl.c parses; a command acts and prints its result on standard output.
 * The codes that a command returns become exit statuses in prog.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_CTL_H
#define SENSED_PROG_CTL_H

#include <getopt.h>

#include "base/err.h"
#include "io/conf.h"

enum ctl_option {
	CTL_UNITS,
	CTL_PEOPLE,
	CTL_DRY_RUN,
	CTL_WAVE,
	CTL_CLOSES,
	CTL_FORCE,
	CTL_JSON,
	CTL_PROMETHEUS,
	CTL_FORMAT,
	CTL_RATE,
	CTL_DRAWS,
	CTL_SEED,
	CTL_LANG,
	CTL_OUT,
	CTL_KIND,
	CTL_UNIT,
	CTL_CSV,
	CTL_COMMENTS,
	CTL_OFFLINE,
	CTL_STRICT,
	CTL_RESOLVER,
	CTL_IT_NOTE,
	CTL_OPTION__MAX
};

struct ctl {
	const struct conf	*conf;
	const char		*conf_path;
	const char		*arg;	/* SURVEY and so on; NULL: none */
	/* the value of an option, "" for one without; NULL: not given */
	const char		*opt[CTL_OPTION__MAX];
};

typedef enum err_code ctl_command(const struct ctl *c, struct err *e);

#define CTL_MASK(o)	(1U << (o))
/* Beside the options: it touches nothing below the state directory, and reads
 * or writes what its caller may; root stays root. */
#define CTL_AS_CALLER	CTL_MASK(CTL_OPTION__MAX)

struct ctl_entry {
	const char	*name;		/* NULL: end of the list */
	const char	*arg;		/* "SURVEY" and so on, or NULL */
	unsigned int	 options;	/* CTL_MASK of those allowed */
	unsigned int	 needed;	/* and of those that must be there */
	ctl_command	*run;
	const char	*usage;
};

/* The commands, and all their options: the values are enum ctl_option. */
extern const struct ctl_entry	ctl_commands[];
extern const struct option	ctl_options[];

/* The command of this name, or NULL. */
const struct ctl_entry	*ctl_find(const char *name);

ctl_command	ctl_audit;
ctl_command	ctl_check;
ctl_command	ctl_check_logs;
ctl_command	ctl_close;
ctl_command	ctl_comments;
ctl_command	ctl_discard;
ctl_command	ctl_export;
ctl_command	ctl_extend;
ctl_command	ctl_forecast;
ctl_command	ctl_forget;
ctl_command	ctl_import;
ctl_command	ctl_open;
ctl_command	ctl_opt_in;
ctl_command	ctl_pause;
ctl_command	ctl_preview;
ctl_command	ctl_release;
ctl_command	ctl_report;
ctl_command	ctl_reachable;
ctl_command	ctl_resend;
ctl_command	ctl_resume;
ctl_command	ctl_show;
ctl_command	ctl_status;
ctl_command	ctl_test_mail;
ctl_command	ctl_unreachable;

#endif
