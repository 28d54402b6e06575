/*
 * trend.h - the scores of a unit over several waves.
 *
 * SCORING 8: a wave is compared with the one before it.  A series goes back
 * from now as long as each step may be made: the same protection and wording,
 * the unit in both trees, two thirds of its people the same.  A wave in which
 * the unit was hidden is a gap in the series, never filled.  Only what was
 * shown is kept here, a few bytes a unit and wave.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_TREND_H
#define SENSED_CORE_TREND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/publication.h"

#define TREND_MAX	8	/* waves, with the one of now */

struct trend_wave {
	int64_t			 opened;
	struct trend_point	*point;		/* of each unit of now */
};

/* The waves before a publication, the latest first. */
struct trend {
	const struct publication *now;
	uint32_t		*by_id;		/* of now */
	struct publication	*link;		/* head of the last one added */
	size_t			 n;
	struct trend_wave	 wave[TREND_MAX - 1];
};

/* now must outlive it. */
void		trend_init(struct trend *t, const struct publication *now);
void		trend_wipe(struct trend *t);

/*
 * Adds the wave right before those that are in it; no more than fit.  Nothing
 * of p is kept.
 */
void		trend_add(struct trend *t, const struct publication *p);

/*
 * How many of the waves before belong to the series of a unit's sense; the
 * last of them is no gap.
 */
size_t		trend_length(const struct trend *t, uint32_t unit,
		    enum sense s);

/*
 * What was shown of a unit's sense in a wave of the series: a figure of which
 * score and clip alone are filled.  False: a gap.
 */
bool		trend_shown(const struct trend *t, size_t wave, uint32_t unit,
		    enum sense s, struct figure *f);

#endif
