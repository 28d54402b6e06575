/*
 * score.h - from counts to the figures of one sense of one unit.
 *
 * SCORING 7 and 8.  Pure arithmetic.  Where the rule is written with integers
 * it is done in integers; there is one rounding, at the end, and halves go
 * away from zero.  Whether a unit may be shown is decided elsewhere.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_SCORE_H
#define SENSED_CORE_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/publication.h"

/* Two-sided t of section 13; between rows the next lower df.  df >= 1. */
double	score_t95(uint64_t df);
double	score_t99(uint64_t df);

/*
 * Fills all of *f but the words and the change: 7.1 to 7.5 and 7.7.  scale is
 * D; invited is N of the people counted; t->n is at least 2, at most invited.
 */
void	score_figure(struct figure *f, const struct tally *t,
	    unsigned int scale, uint64_t invited, enum detail detail);

/* 7.8: the word for f against the root's figure of the same sense. */
enum org_word	score_vs_org(const struct figure *f, const struct figure *root,
		    unsigned int scale);

/* Section 8: sets the word, and the figure of the change unless clipped. */
void	score_change(struct figure *f, const struct figure *last,
	    unsigned int scale);

/*
 * 7.7: percentages of total that add to 100, by largest remainder; ties go to
 * the earlier.  The counts add up to total, which is not 0; n is at most 8.
 */
void	score_percent(const uint64_t *count, size_t n, uint64_t total,
	    int *out);

/* 7.9.  invited is not 0. */
int	score_rate(uint64_t responses, uint64_t invited);
bool	score_rate_is_low(uint64_t responses, uint64_t invited);

#endif
