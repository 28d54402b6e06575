/*
 * mailer.h - the mailer: a child that does one pass over all that mails.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_MAILER_H
#define SENSED_PROG_MAILER_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "io/conf.h"
#include "io/seen.h"

/* What the mailers of one daemon know of each other: shared memory. */
struct mailer_memory {
	struct seen	seen[SEEN_MAX];
	int64_t		last;	/* when a mail last went, of clock_steady */
	bool		more;	/* the last one left mail that is due */
	atomic_uint	steps;	/* grows as the one at work goes on */
};

struct mailer {
	pid_t			 pid;		/* 0: none is at work */
	int64_t			 next;		/* of clock_steady */
	bool			 wanted;	/* at once after this one */
	unsigned int		 steps;		/* as they were last seen, */
	time_t			 moved;		/* and when they grew */
	time_t			 told;		/* to end; 0: it was not */
	struct mailer_memory	*memory;
};

/* All of a mailer's life, in a process of its own; its exit status. */
int	mailpass(const struct conf *c, struct mailer_memory *memory, bool once);

/*
 * Forks one, which lets in the signals of mask.  First it mails what needs a
 * person and the word to leaders, then each wave in turn, for ten minutes in
 * all; if it runs only once, all that is due.  It logs what came of it, and
 * more of a paused wave when it runs only once.  Its exit status is 0 also if
 * mails were put off or no relay could be reached, since a later pass goes on
 * from there.
 */
void	mailer_start(struct mailer *m, const struct conf *c, bool once,
	    const sigset_t *mask);

/*
 * Looks after the one at work: one that has hung for half an hour is ended,
 * which loses nothing (M13).  True if none is at work and it is time: at once
 * if the last one left mail that is due, or now was set since it began; else
 * after a rest of a minute, or of up to ten if the last one was much work for
 * this machine.
 */
bool	mailer_may_start(struct mailer *m, bool now);

/* Looks after it until its end, which prog_stop hastens; its status, or
 * EX_OSERR. */
int	mailer_finish(struct mailer *m);

#endif
