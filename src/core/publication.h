/*
 * publication.h - what one wave tells, and all that is kept of it.
 *
 * From counts of every cell to the published figures of the whole tree at
 * once: suppression (suppress.h), figures (score.h), change and comparison.
 * SCORING 4 to 9.  Pure: the same input gives the same bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_PUBLICATION_H
#define SENSED_CORE_PUBLICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/sense.h"
#include "core/tree.h"

#define GROUP_MIN	5	/* floor and ceiling of k, SCORING 1 */
#define GROUP_MAX	100
#define WAVE_NAME_MAX	40
#define SURVEY_NAME_MAX	20
#define WORDING_MAX	160	/* "security:1,security_a:2" */

enum protect {
	PROTECT_SUPPRESS,
	PROTECT_CARRY
};

/* Sums over people for one sense, SCORING 2.  They add up. */
struct tally {
	uint64_t	n;	/* people who count for the sense */
	uint64_t	sum;	/* S, of y = 0..D */
	uint64_t	square;	/* Q, of y^2 */
	uint64_t	c[5];	/* core answers of 1..5 */
};

/* Of one cell, or of any set of people. */
struct counts {
	uint64_t	responses;
	struct tally	sense[SENSE__MAX];
};

enum unit_status {
	UNIT_PUBLISHED,
	UNIT_PRIMARY,	/* too few answers */
	UNIT_SECONDARY,	/* hidden to protect another; known to `score` only */
	UNIT_HIDDEN	/* read back from a store, which keeps no reason */
};

enum detail {
	DETAIL_BASIC,
	DETAIL_THREE,
	DETAIL_FIVE
};

enum clip {
	CLIP_NONE,
	CLIP_HIGH,	/* "9.5 or more" */
	CLIP_LOW	/* "0.5 or less" */
};

enum fav_kind {
	FAV_EXACT,
	FAV_UNDER,
	FAV_OVER
};

enum org_word {
	ORG_NONE,	/* the root, or the root is not published */
	ORG_CLEAR_ABOVE,
	ORG_POSSIBLE_ABOVE,
	ORG_SAME,
	ORG_POSSIBLE_BELOW,
	ORG_CLEAR_BELOW
};

enum change_word {
	CHANGE_ABSENT,		/* no last wave at all */
	CHANGE_INCOMPARABLE,	/* "no earlier figure to compare" */
	CHANGE_CLEAR_RISE,
	CHANGE_POSSIBLE_RISE,
	CHANGE_NO_CLEAR,
	CHANGE_POSSIBLE_FALL,
	CHANGE_CLEAR_FALL
};

/* One sense of one published unit: kept counts, then figures as shown. */
struct figure {
	uint64_t	n, sum, square, fav_n;
	uint64_t	unf_n;		/* 0 unless detail is three or five */
	uint64_t	c[5];		/* 0 unless detail is five */
	int		score;		/* tenths, 0..100 */
	enum clip	clip;
	bool		masked;		/* no ranges, no bands */
	bool		everyone;	/* n >= N: lo and hi equal the figure */
	int		lo, hi;		/* tenths; not if masked */
	enum fav_kind	fav_kind;
	int		fav;		/* per cent shown */
	int		fav_lo, fav_hi;	/* not if masked */
	bool		has_bands, has_five, split;
	int		band[3];	/* per cent fav, neu, unf */
	int		five[5];	/* per cent of answers 1..5 */
	enum org_word	vs_org;
	enum change_word change;
	bool		has_change_figure;
	int		change_tenths;	/* signed; may be 0 */
};

struct pub_unit {
	char		 id[UNIT_ID_MAX + 1];
	char		*name;
	uint32_t	 parent, end;	/* as in struct unit */
	enum unit_status status;
	uint32_t	 shown_instead;	/* hidden units: index or UNIT_NONE */
	bool		 steady;	/* two thirds of its people were in
					 * it in the last wave too: SCORING 8 */
	uint64_t	 invited;	/* N(u) */
	uint64_t	 responses;	/* counted in the figures */
	int		 rate;		/* per cent, SCORING 7.9 */
	bool		 low_rate, partial;
	enum detail	 detail;
	struct figure	 sense[SENSE__MAX];
	uint64_t	 atom_min;	/* suppress only; not kept */
};

struct publication {
	char		 wave[WAVE_NAME_MAX + 1];
	char		 survey[SURVEY_NAME_MAX + 1];
	unsigned int	 k;
	enum protect	 protect;
	int64_t		 opened, closed;	/* seconds since 1970, UTC */
	unsigned int	 scale[SENSE__MAX];	/* D: 4, 8 or 24 */
	char		 wording[SENSE__MAX][WORDING_MAX + 1];	/* Q_s */
	bool		 safe;		/* the independent check of section 5 */
	uint32_t	 n;
	struct pub_unit	*unit;		/* pre-order, as in the tree */
	uint32_t	*home;		/* per unit: in whose atom its own
					 * people are counted, or UNIT_NONE.
					 * Not kept. */
	char		**cells;	/* per unit: ids of the atom's cells
					 * that hold a response, separated by
					 * spaces; or NULL.  Not kept. */
};

/* What is frozen of a wave and needed to publish it. */
struct publication_input {
	const struct tree	*tree;		/* invited and stayed filled */
	const struct counts	*cell;		/* one a unit, same index */
	unsigned int		 k;
	enum protect		 protect;
	unsigned int		 scale[SENSE__MAX];
	char			 wording[SENSE__MAX][WORDING_MAX + 1];
	const struct publication *last;		/* the last wave, or NULL */
	bool			 know_stayed;	/* false: condition is met */
};

/*
 * Fills *p, which the caller wipes; after an error it is empty.  ERR_INPUT: k
 * out of range, or more responses than invited in a cell, and so perhaps in a
 * published group (SCORING 11).  ERR_CORRUPT: S5 or the check of section 5
 * failed, nothing is published.  Zero units published is no error.  wave,
 * survey, opened and closed are left to the caller.
 */
enum err_code	publication_make(struct publication *p,
		    const struct publication_input *in, struct err *e) MUST_USE;

/*
 * The check of SCORING 5 from the publication alone, for both modes: what is
 * left of each published n without the nearest published units below is 0 for
 * all senses, or at least k for all.  Shares no code with suppress.c.
 */
bool		publication_safe(const struct publication *p);

void		publication_wipe(struct publication *p);

#endif
