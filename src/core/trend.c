/*
 * trend.c - which earlier scores may stand beside those of now.
 *
 * Each wave is looked at once, when it is added; whether a step back may be
 * made is noted with the later of its two waves.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/pubfind.h"
#include "core/trend.h"

struct trend_point {
	bool		there;		/* in the wave's tree */
	bool		steady;		/* as in struct pub_unit */
	bool		shown;
	unsigned char	score[SENSE__MAX];
	unsigned char	clip[SENSE__MAX];
	bool		linked[SENSE__MAX];	/* to the wave after it */
};

void
trend_init(struct trend *t, const struct publication *now)
{
	memset(t, 0, sizeof(*t));
	t->now = now;
	t->by_id = pubfind_sort(now);
}

void
trend_wipe(struct trend *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		free(t->wave[i].point);
	free(t->by_id);
	free(t->link);
	memset(t, 0, sizeof(*t));
}

static void
take_scores(struct trend_point *point, const struct pub_unit *u)
{
	int s;

	point->there = true;
	point->steady = u->steady;
	point->shown = u->status == UNIT_PUBLISHED;
	for (s = 0; point->shown && s < SENSE__MAX; s++) {
		point->score[s] = (unsigned char)u->sense[s].score;
		point->clip[s] = (unsigned char)u->sense[s].clip;
	}
}

/* What of the step between two waves is the same for all units. */
static void
same_questions(const struct publication *a, const struct publication *b,
    bool same[SENSE__MAX])
{
	int s;

	for (s = 0; s < SENSE__MAX; s++)
		same[s] = a->protect == b->protect &&
		    a->scale[s] == b->scale[s] &&
		    strcmp(a->wording[s], b->wording[s]) == 0;
}

/* Was the unit steady in the wave after the n-th? */
static bool
steady_after(const struct trend *t, size_t n, uint32_t unit)
{
	const struct trend_point *p;

	if (n == 0)
		return t->now->unit[unit].steady;
	p = &t->wave[n - 1].point[unit];
	return p->there && p->steady;
}

void
trend_add(struct trend *t, const struct publication *p)
{
	const struct publication	*after = t->n > 0 ? t->link : t->now;
	struct trend_point		*point;
	bool				 same[SENSE__MAX];
	uint32_t			 i, u;
	int				 s;

	if (t->n == TREND_MAX - 1)
		return;
	same_questions(p, after, same);
	point = mem_zero(t->now->n, sizeof(*point));
	for (i = 0; i < p->n; i++) {
		u = pubfind(t->now, t->by_id, p->unit[i].id);
		if (u == UNIT_NONE)
			continue;
		take_scores(&point[u], &p->unit[i]);
		for (s = 0; s < SENSE__MAX; s++)
			point[u].linked[s] = same[s] &&
			    steady_after(t, t->n, u);
	}
	t->wave[t->n++] = (struct trend_wave){ p->opened, point };
	if (t->link == NULL)
		t->link = mem_zero(1, sizeof(*t->link));
	*t->link = *p;		/* its head: units are not looked at again */
	t->link->n = 0;
	t->link->unit = NULL;
	t->link->cells = NULL;
}

size_t
trend_length(const struct trend *t, uint32_t unit, enum sense s)
{
	const struct trend_point	*p;
	size_t				 i, length = 0;

	for (i = 0; i < t->n; i++) {
		p = &t->wave[i].point[unit];
		if (!p->there || !p->linked[s])
			break;
		if (p->shown)
			length = i + 1;
	}
	return length;
}

bool
trend_shown(const struct trend *t, size_t wave, uint32_t unit, enum sense s,
    struct figure *f)
{
	const struct trend_point *p = &t->wave[wave].point[unit];

	if (!p->shown)
		return false;
	memset(f, 0, sizeof(*f));
	f->score = p->score[s];
	f->clip = (enum clip)p->clip[s];
	return true;
}
