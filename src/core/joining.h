/*
 * joining.h - which small units to join before a wave, so that more is shown.
 *
 * Advice for an administrator, worked out from numbers of people alone.  Joins
 * only what hangs below the same unit, and never makes a unit larger than it
 * takes: a team's own figures are worth most to the team.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_JOINING_H
#define SENSED_CORE_JOINING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/forecast.h"

#define JOINING_SURE	90	/* per cent of waves that should show a unit */

/* What is joined: a unit with all below it, or only its own people. */
struct join_member {
	uint32_t	unit;
	uint64_t	people;
	bool		attached;	/* the people attached to it directly */
};

/* Members stand side by side; the first is what the others are joined to. */
struct join {
	uint32_t	from, n;	/* of joining.member */
	uint64_t	people;
};

struct joining {
	uint32_t		 enough;	/* people a unit needs */
	struct join		*join;
	uint32_t		 n;
	struct join_member	*member;
	uint32_t		 members;
	uint32_t		 cap_join, cap_member;
};

/*
 * The smallest number of people of whom, each answering by chance, at least k
 * answer in JOINING_SURE of 100 waves.
 */
uint32_t	joining_enough(unsigned int rate, unsigned int k);

/*
 * Fills *j, which the caller wipes.  f is the forecast of in.  Where one unit
 * above holds small ones, the largest of them is joined with the smallest
 * until there are enough people, and so on; what is left over goes to the
 * smallest of these, or to the smallest team that stands beside it.
 */
void		joining_advise(struct joining *j, const struct forecast *f,
		    const struct forecast_input *in);

/* Moves the people of a copy of the tree as advised. */
void		joining_apply(const struct joining *j, struct tree *t);

void		joining_wipe(struct joining *j);

#endif
