/*
 * example2.h - worked example 2 of SCORING 12 as a publication.
 *
 * For unit tests only.  Every figure is copied from the specification's
 * vectors/expected_2S.csv (`suppress`, k = 10), none from the program.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_EXAMPLE2_H
#define SENSED_TESTS_EXAMPLE2_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/publication.h"

enum {
	U_ORG, U_D1, U_T1, U_T2, U_T3, U_D2, U_T4, U_T5, U_T6, U_D3, U_T7,
	U_T8, U__MAX
};

static const struct {
	const char	*id, *name;
	uint32_t	 parent, end, instead;
	unsigned int	 invited, n, rate;
} units2[U__MAX] = {
	{ "ORG", "Taf Community Trust", UNIT_NONE, 12, UNIT_NONE, 108, 74, 69 },
	{ "D1", "Care at home", 0, 5, UNIT_NONE, 42, 31, 74 },
	{ "T1", "North", 1, 3, UNIT_NONE, 18, 14, 78 },
	{ "T2", "South", 1, 4, U_D1, 0, 0, 0 },
	{ "T3", "West", 1, 5, U_D1, 0, 0, 0 },
	{ "D2", "Day services", 0, 9, UNIT_NONE, 40, 23, 58 },
	{ "T4", "Garden", 5, 7, UNIT_NONE, 20, 12, 60 },
	{ "T5", "Kitchen", 5, 8, U_D2, 0, 0, 0 },
	{ "T6", "Workshop", 5, 9, U_D2, 0, 0, 0 },
	{ "D3", "Family support", 0, 12, U_ORG, 0, 0, 0 },
	{ "T7", "Valley", 9, 11, UNIT_NONE, 13, 10, 77 },
	{ "T8", "Coast", 9, 12, U_ORG, 0, 0, 0 },
};

/* score, lo, hi, fav, fav_lo, fav_hi, bands fav, neu, unf (0: none) */
static const struct {
	uint32_t	unit;
	int		v[SENSE__MAX][9];
} figures2[] = {
	{ U_ORG, { { 81, 78, 85, 78, 72, 84, 78, 15, 7 },
	    { 38, 34, 42, 20, 15, 26, 20, 34, 46 },
	    { 61, 57, 66, 54, 47, 61, 54, 24, 22 },
	    { 39, 34, 43, 22, 16, 28, 22, 24, 54 },
	    { 61, 57, 66, 54, 47, 61, 54, 24, 22 },
	    { 65, 61, 69, 53, 46, 60, 53, 40, 7 } } },
	{ U_D1, { { 79, 74, 84, 74, 65, 82, 74, 16, 10 },
	    { 36, 31, 41, 19, 13, 28, 19, 32, 49 },
	    { 59, 52, 65, 52, 42, 61, 52, 22, 26 },
	    { 41, 35, 48, 26, 18, 35, 26, 22, 52 },
	    { 59, 52, 65, 52, 42, 61, 52, 22, 26 },
	    { 62, 56, 68, 50, 40, 60, 50, 40, 10 } } },
	{ U_T1, { { 84, 77, 91, 79, 66, 88 }, { 43, 35, 51, 29, 18, 42 },
	    { 66, 57, 75, 64, 51, 76 }, { 34, 25, 43, 21, 12, 34 },
	    { 66, 57, 75, 64, 51, 76 }, { 67, 58, 77, 62, 46, 75 } } },
	{ U_D2, { { 80, 73, 88, 78, 65, 88, 78, 13, 9 },
	    { 39, 31, 48, 26, 16, 40, 26, 26, 48 },
	    { 62, 52, 71, 52, 39, 66, 52, 26, 22 },
	    { 38, 29, 47, 22, 12, 35, 22, 26, 52 },
	    { 62, 52, 71, 52, 39, 66, 52, 26, 22 },
	    { 65, 57, 74, 52, 39, 66, 52, 39, 9 } } },
	{ U_T4, { { 83, 73, 94, 83, 65, 93 }, { 44, 32, 56, 33, 18, 52 },
	    { 67, 53, 80, 58, 40, 75 }, { 33, 20, 47, 17, 7, 35 },
	    { 67, 53, 80, 58, 40, 75 }, { 69, 56, 81, 58, 40, 75 } } },
	{ U_T7, { { 83, 75, 90, 80, 65, 90 }, { 35, 0, 0, 20, 0, 0 },
	    { 60, 51, 69, 50, 35, 65 }, { 40, 31, 49, 20, 10, 35 },
	    { 60, 51, 69, 50, 35, 65 }, { 65, 58, 72, 50, 35, 65 } } },
};

static inline void
fill_figure(struct figure *f, const int v[9], bool root)
{
	int i;

	f->score = v[0];
	f->lo = v[1];
	f->hi = v[2];
	f->fav = v[3];
	f->fav_lo = v[4];
	f->fav_hi = v[5];
	f->has_bands = v[6] != 0;
	for (i = 0; i < 3; i++)
		f->band[i] = v[6 + i];
	f->vs_org = root ? ORG_NONE : ORG_SAME;
	f->change = CHANGE_ABSENT;
}

static inline void
fill_unit(struct pub_unit *u, uint32_t i)
{
	snprintf(u->id, sizeof(u->id), "%s", units2[i].id);
	u->name = mem_str(units2[i].name);
	u->parent = units2[i].parent;
	u->end = units2[i].end;
	u->status = units2[i].n > 0 ? UNIT_PUBLISHED : UNIT_HIDDEN;
	u->shown_instead = units2[i].instead;
	u->invited = units2[i].invited;
	u->responses = units2[i].n;
	u->rate = (int)units2[i].rate;
}

/* The caller frees it with example2_free. */
static inline struct publication
example2(void)
{
	struct publication	p = { .k = 10, .n = U__MAX };
	struct pub_unit		*u;
	uint32_t		i;
	size_t			j, s;

	p.unit = mem_zero(p.n, sizeof(*p.unit));
	for (i = 0; i < p.n; i++)
		fill_unit(&p.unit[i], i);
	for (j = 0; j < sizeof(figures2) / sizeof(figures2[0]); j++) {
		u = &p.unit[figures2[j].unit];
		for (s = 0; s < SENSE__MAX; s++)
			fill_figure(&u->sense[s], figures2[j].v[s],
			    figures2[j].unit == U_ORG);
	}
	p.unit[U_T7].sense[SENSE_CONTINUITY].masked = true;
	p.unit[U_T7].sense[SENSE_CONTINUITY].fav_kind = FAV_UNDER;
	return p;
}

static inline void
example2_free(struct publication *p)
{
	uint32_t i;

	for (i = 0; i < p->n; i++)
		free(p->unit[i].name);
	free(p->unit);
}

#endif
