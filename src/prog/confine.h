/*
 * confine.h - a step of a program, in a process and a sandbox of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_CONFINE_H
#define SENSED_PROG_CONFINE_H

#include "io/conf.h"
#include "io/sandbox.h"

/* What is to be done; its result is an exit status. */
typedef int	confine_step(void *arg);

/*
 * Runs the step in a child that has entered the role's sandbox, and waits for
 * its end; the child dies with this process.  What the child changes in memory
 * is lost.  Returns the step's status; EX_OSERR if it could not be started,
 * EX_SOFTWARE if it was killed: both are logged.
 */
int	confine(enum sandbox_role role, const struct conf *c,
	    confine_step *step, void *arg);

/*
 * The same; while the step runs, meanwhile is called with its argument every
 * few seconds.
 */
typedef void	confine_meanwhile(void *arg);
int	confine_watched(enum sandbox_role role, const struct conf *c,
	    confine_step *step, void *arg, confine_meanwhile *meanwhile);

#endif
