/*
 * forecast.h - which units a wave would show, told before there is one.
 *
 * From the tree, how many people each unit has and a response that somebody
 * expects: the rules of suppress.h, run on answers that nobody has given.  No
 * wave, no answer and no clock comes in here; the same input gives the same
 * forecast.
 *
 * Two views.  The expected one: in each unit that share of its own people,
 * halves rounded up.  And draws: each person answers by chance, as in
 * FORECAST.  People of one team answer alike more often than by chance, so
 * real waves vary somewhat more.  Everybody who answers is taken to answer
 * every question.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_FORECAST_H
#define SENSED_CORE_FORECAST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/publication.h"
#include "core/tree.h"

#define FORECAST_DRAWS_MAX	10000

struct forecast_input {
	const struct tree	*tree;		/* invited is filled */
	unsigned int		 rate;		/* per cent, 1..100 */
	unsigned int		 k;
	enum protect		 protect;
	unsigned int		 draws;		/* 1..FORECAST_DRAWS_MAX */
	uint64_t		 seed;
};

enum forecast_fate {
	FORECAST_SHOWN,
	FORECAST_PARTLY,	/* shown without some small groups: carry */
	FORECAST_ABOVE,		/* counted in the unit `above` */
	FORECAST_HIDDEN		/* no figures that a reader could be given */
};

/* One unit; all numbers are those of its whole subtree. */
struct forecast_unit {
	uint64_t		 people;
	uint64_t		 answers;	/* expected */
	enum forecast_fate	 fate;		/* at the expected answers */
	uint32_t		 above;		/* ABOVE: index; else NONE */
	unsigned int		 shown;		/* in how many draws */
};

struct forecast {
	uint32_t		 n;
	struct forecast_unit	*unit;		/* in the tree's order */
	/* per cent of people who see figures of the unit that they are in,
	 * over all draws */
	unsigned int		 own;
};

/*
 * The caller wipes *f, also after an error.  ERR_INPUT: a parameter out of
 * range, or nobody in the tree.  ERR_CORRUPT as suppress_run.  Costs draws
 * times n log n for n units, and a step a person.
 */
enum err_code	forecast_run(struct forecast *f,
		    const struct forecast_input *in, struct err *e) MUST_USE;
void		forecast_wipe(struct forecast *f);

/*
 * FORECAST: how many of n people answer in the next draw.  One number of
 * SplitMix64 a person; they answer if it is below rate hundredths of 2^64
 * (rounded down).  *state is the seed at first.
 */
uint32_t	forecast_draw(uint64_t *state, unsigned int rate, uint32_t n);

#endif
