/*
 * forecast.c - the rules of suppression, run on answers nobody has given.
 *
 * Decides nothing of its own about who may be shown: that is suppress.c's, as
 * it is for a publication.  Randomness comes from the seed alone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/forecast.h"
#include "core/suppress.h"

static uint64_t
splitmix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

uint32_t
forecast_draw(uint64_t *state, unsigned int rate, uint32_t n)
{
	const uint64_t	limit = UINT64_MAX / 100 * rate;
	uint32_t	answers = 0;

	if (rate >= 100)
		return n;
	while (n-- > 0)
		answers += splitmix(state) < limit;
	return answers;
}

static enum err_code
check_input(const struct forecast_input *in, struct err *e)
{
	uint64_t	people = 0;
	uint32_t	i;

	if (in->rate < 1 || in->rate > 100)
		return err_set(e, ERR_INPUT, "a response of %u %%; expected 1 "
		    "to 100", in->rate);
	if (in->k < GROUP_MIN || in->k > GROUP_MAX)
		return err_set(e, ERR_INPUT, "smallest group %u; expected %d "
		    "to %d", in->k, GROUP_MIN, GROUP_MAX);
	if (in->draws < 1 || in->draws > FORECAST_DRAWS_MAX)
		return err_set(e, ERR_INPUT, "%u draws; expected 1 to %d",
		    in->draws, FORECAST_DRAWS_MAX);
	for (i = 0; i < in->tree->n; i++)
		people += in->tree->unit[i].invited;
	return people > 0 ? ERR_OK : err_set(e, ERR_INPUT, "there is nobody "
	    "in any unit; expected at least one person");
}

/* Everybody who answers counts for all six senses. */
static void
set_answers(struct answers *cell, uint64_t n)
{
	int s;

	for (s = 0; s < SENSE__MAX; s++)
		cell->n[s] = n;
}

/* People and expected answers, first of each cell, then of the subtrees. */
static void
expect(struct forecast *f, const struct forecast_input *in,
    struct answers *cell)
{
	const struct unit	*u = in->tree->unit;
	uint32_t		 i;

	for (i = 0; i < f->n; i++) {
		f->unit[i].people = u[i].invited;
		f->unit[i].answers =
		    ((uint64_t)u[i].invited * in->rate + 50) / 100;
		f->unit[i].above = UNIT_NONE;
		set_answers(&cell[i], f->unit[i].answers);
	}
	for (i = f->n; i-- > 1; ) {
		f->unit[u[i].parent].people += f->unit[i].people;
		f->unit[u[i].parent].answers += f->unit[i].answers;
	}
}

/*
 * How many answers of each subtree are counted in units of that subtree; what
 * is missing of a published unit makes it partial.
 */
static uint64_t *
count_inside(const struct forecast_input *in, const struct suppression *s,
    const struct answers *cell)
{
	const struct tree	*t = in->tree;
	uint64_t		*inside = mem_zero(t->n, sizeof(*inside));
	uint32_t		 i;

	for (i = 0; i < t->n; i++)
		if (s->home[i] != UNIT_NONE)
			inside[s->home[i]] += cell[i].n[0];
	for (i = t->n; i-- > 1; )
		inside[t->unit[i].parent] += inside[i];
	return inside;
}

/* SCORING 6, with the reader's eyes. */
static void
tell_fates(struct forecast *f, const struct forecast_input *in,
    const struct suppression *s, const struct answers *cell)
{
	uint64_t		*inside = count_inside(in, s, cell);
	uint32_t		*near = mem_zero(f->n, sizeof(*near));
	struct forecast_unit	*u;
	uint32_t		 i, parent;

	for (i = 0; i < f->n; i++) {
		u = &f->unit[i];
		parent = in->tree->unit[i].parent;
		near[i] = i == 0 ? UNIT_NONE :
		    s->status[parent] == UNIT_PUBLISHED ? parent :
		    near[parent];
		if (s->status[i] == UNIT_PUBLISHED) {
			u->fate = inside[i] < u->answers ? FORECAST_PARTLY :
			    FORECAST_SHOWN;
			continue;
		}
		/* without an answer, all figures above have all it has */
		u->above = u->answers == 0 ? near[i] : s->home[i];
		u->fate = u->above == UNIT_NONE ? FORECAST_HIDDEN :
		    FORECAST_ABOVE;
	}
	free(near);
	free(inside);
}

static enum err_code
draw(struct forecast *f, const struct forecast_input *in,
    struct answers *cell, struct err *e)
{
	struct suppression	s;
	uint64_t		state = in->seed;
	enum err_code		rc = ERR_OK;
	unsigned int		d;
	uint32_t		i;

	for (d = 0; d < in->draws && rc == ERR_OK; d++) {
		for (i = 0; i < f->n; i++)
			set_answers(&cell[i], forecast_draw(&state, in->rate,
			    in->tree->unit[i].invited));
		rc = suppress_run(&s, in->tree, cell, in->k, in->protect, e);
		for (i = 0; i < f->n && rc == ERR_OK; i++)
			f->unit[i].shown += s.status[i] == UNIT_PUBLISHED;
		suppress_wipe(&s);
	}
	return rc;
}

static unsigned int
share_of_own(const struct forecast *f, const struct forecast_input *in)
{
	uint64_t	seen = 0, all = f->unit[0].people * in->draws;
	uint32_t	i;

	for (i = 0; i < f->n; i++)
		seen += (uint64_t)in->tree->unit[i].invited *
		    f->unit[i].shown;
	return (unsigned int)((200 * seen + all) / (2 * all));
}

enum err_code
forecast_run(struct forecast *f, const struct forecast_input *in,
    struct err *e)
{
	struct suppression	 s;
	struct answers		*cell;
	enum err_code		 rc;

	memset(f, 0, sizeof(*f));
	if ((rc = check_input(in, e)) != ERR_OK)
		return rc;
	f->n = in->tree->n;
	f->unit = mem_zero(f->n, sizeof(*f->unit));
	cell = mem_zero(f->n, sizeof(*cell));
	expect(f, in, cell);
	rc = suppress_run(&s, in->tree, cell, in->k, in->protect, e);
	if (rc == ERR_OK)
		tell_fates(f, in, &s, cell);
	suppress_wipe(&s);
	if (rc == ERR_OK)
		rc = draw(f, in, cell, e);
	if (rc == ERR_OK)
		f->own = share_of_own(f, in);
	free(cell);
	return rc;
}

void
forecast_wipe(struct forecast *f)
{
	free(f->unit);
	memset(f, 0, sizeof(*f));
}
