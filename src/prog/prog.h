/*
 * prog.h - what every program begins and ends with.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_PROG_H
#define SENSED_PROG_PROG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "io/conf.h"

#define PROG_CONF	"/etc/sensed/sensed.conf"

/* A long option without a value; a list ends with name NULL. */
struct prog_flag {
	const char	*name;
	bool		*on;
};

/*
 * The options of every program: -c FILE, -v, --version, --help, and flags
 * (NULL: none), up to the first other word.  Also sets the log up, umask 077,
 * and that no core is ever dumped.  Returns -1, with *argc and *argv the words
 * that are left, or the status to leave with.
 */
int		prog_options_with(int *argc, char ***argv, const char **conf,
		    void (*usage)(FILE *to), const struct prog_flag *flags);
int		prog_options(int *argc, char ***argv, const char **conf,
		    void (*usage)(FILE *to));

/* Starts the cryptography, reads the configuration, sets the time zone. */
enum err_code	prog_conf(const char *path, struct conf *c, struct err *e)
		    MUST_USE;

/*
 * The exit status (sysexits) of a code.  A fault of the configuration is
 * ERR_INPUT from prog_conf: prog_conf_status makes it EX_CONFIG.
 */
int		prog_sysexit(enum err_code code);
int		prog_conf_status(enum err_code code);

/*
 * Whoever answers goes first: this process and all that come of it do long
 * work in the background (SCHED_BATCH).  systemd's units say so themselves,
 * and let no process ask for it.
 */
void		prog_batch(void);

/* Set by SIGTERM and SIGINT after prog_signals; SIGPIPE is then ignored. */
extern atomic_int prog_stop;
void		prog_signals(void);

#endif
