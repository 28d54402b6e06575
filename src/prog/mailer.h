/*
 * mailer.h - the mailer: a child that does one pass over all open waves.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_MAILER_H
#define SENSED_PROG_MAILER_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "io/conf.h"
#include "io/seen.h"

struct mailer {
	pid_t	pid;		/* 0: none is at work */
	time_t	started, next;	/* seconds of the monotonic clock */
	struct seen *seen;	/* in shared memory */
};

/*
 * Forks one, which lets in the signals of mask.  It mails whatever is due and
 * logs what came of it, and more of a paused wave when it runs only once.  Its
 * exit status is 0 also if mails were put off or no relay could be reached,
 * since a later pass goes on from there.
 */
void	mailer_start(struct mailer *m, const struct conf *c, bool once,
	    const sigset_t *mask);

/*
 * True if none is at work, and either now is set or it is time: a minute
 * after the last one, or up to ten if that took long.
 */
bool	mailer_may_start(struct mailer *m, bool now);

/* Waits for its end, which prog_stop hastens; its status, or EX_OSERR. */
int	mailer_finish(struct mailer *m);

#endif
