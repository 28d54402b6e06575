/*
 * outcome.h - what came of a wave's digests, as far as a person must know.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_OUTCOME_H
#define SENSED_PROG_OUTCOME_H

#include "io/delivery.h"

/* Of all kinds of a wave's mails together. */
struct outcome {
	bool		refused, expired, finished;
	bool		idle;		/* nothing was owed */
	struct err	refusal;	/* if refused */
};

void	outcome_init(struct outcome *o);

/* Adds what came of one kind, and logs its error. */
void	outcome_add(struct outcome *o, const char *wave,
	    const struct delivery_result *r, enum err_code rc,
	    const struct err *e);

/*
 * Tells a person, or that it is settled.  What the relay says changes from run
 * to run: it is told once.  What was given up cannot be put right, and is old
 * news after a month.
 */
void	outcome_tell(const struct outcome *o, const char *state_dir,
	    const char *wave);

#endif
