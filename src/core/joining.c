/*
 * joining.c - small units, put together until there are enough people.
 *
 * One pass over the inner units, a sort for each: n log n in all.  Knows
 * people, never answers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/joining.h"

/*
 * below[i] is the chance that i of the people so far answer, i < k.  One more
 * person shifts a part of each one up.
 */
uint32_t
joining_enough(unsigned int rate, unsigned int k)
{
	const double	 yes = rate / 100.0, no = 1.0 - yes;
	double		*below = mem_zero(k, sizeof(*below)), fewer;
	uint32_t	 people = 0;
	unsigned int	 i;

	below[0] = 1.0;
	do {
		for (i = k; i-- > 1; )
			below[i] = below[i] * no + below[i - 1] * yes;
		below[0] *= no;
		people++;
		for (fewer = 0.0, i = 0; i < k; i++)
			fewer += below[i];
	} while (fewer > (100 - JOINING_SURE) / 100.0 + 1e-12);
	free(below);
	return people;
}

/* More people first; ties: the place in the tree. */
static int
compare_members(const void *a, const void *b)
{
	const struct join_member *x = a, *y = b;

	if (x->people != y->people)
		return x->people > y->people ? -1 : 1;
	return (x->unit > y->unit) - (x->unit < y->unit);
}

static void
add_member(struct joining *j, const struct join_member *m)
{
	if (j->members == j->cap_member) {
		j->cap_member = j->cap_member * 2 + 64;
		j->member = mem_resize(j->member, j->cap_member,
		    sizeof(*j->member));
	}
	j->member[j->members++] = *m;
}

static struct join *
begin_join(struct joining *j)
{
	if (j->n == j->cap_join) {
		j->cap_join = j->cap_join * 2 + 32;
		j->join = mem_resize(j->join, j->cap_join, sizeof(*j->join));
	}
	j->join[j->n] = (struct join){ .from = j->members };
	return &j->join[j->n++];
}

static void
add_to(struct joining *j, struct join *to, const struct join_member *m)
{
	add_member(j, m);
	to->n++;
	to->people += m->people;
}

/* For each unit, the smallest team in its subtree that is large enough. */
static uint32_t *
find_teams(const struct forecast *f, const struct tree *t, uint32_t enough)
{
	uint32_t	*team = mem_zero(f->n, sizeof(*team));
	uint32_t	 i, up;

	for (i = 0; i < f->n; i++)
		team[i] = t->unit[i].end == i + 1 &&
		    f->unit[i].people >= enough ? i : UNIT_NONE;
	for (i = f->n; i-- > 1; ) {
		up = t->unit[i].parent;
		if (team[i] != UNIT_NONE && (team[up] == UNIT_NONE ||
		    f->unit[team[i]].people <= f->unit[team[up]].people))
			team[up] = team[i];
	}
	return team;
}

/*
 * Puts what is left over to the join with the fewest people of those from
 * `first` on: it stands last, since each was only just enough.
 */
static void
add_left_over(struct joining *j, uint32_t first, const struct join_member *m,
    uint32_t n)
{
	struct join	*least = &j->join[first], whole;
	uint32_t	 i;

	for (i = first + 1; i < j->n; i++)
		if (j->join[i].people < least->people)
			least = &j->join[i];
	whole = *least;
	memmove(least, least + 1,
	    (size_t)(&j->join[j->n] - (least + 1)) * sizeof(*least));
	j->join[j->n - 1] = (struct join){ .from = j->members };
	for (i = 0; i < whole.n; i++)
		add_to(j, &j->join[j->n - 1], &j->member[whole.from + i]);
	for (i = 0; i < n; i++)
		add_to(j, &j->join[j->n - 1], &m[i]);
}

/* The small ones below one unit, sorted: largest first. */
static void
join_small(struct joining *j, const struct join_member *m, uint32_t n)
{
	const uint32_t	 first = j->n;
	uint32_t	 high = 0, low = n, i;
	uint64_t	 people = 0;
	struct join	*to;

	for (i = 0; i < n; i++)
		people += m[i].people;
	while (high < low && people >= j->enough) {
		to = begin_join(j);
		add_to(j, to, &m[high++]);
		while (to->people < j->enough)
			add_to(j, to, &m[--low]);
		people -= to->people;
	}
	if (high < low && j->n > first)
		add_left_over(j, first, m + high, low - high);
}

/* Lists what is small right below u, largest first. */
static uint32_t
list_small(const struct joining *j, const struct forecast *f,
    const struct tree *t, uint32_t u, struct join_member *small)
{
	const uint32_t	own = t->unit[u].invited;
	uint32_t	n = 0, i;

	if (own > 0 && own < j->enough)
		small[n++] = (struct join_member){ u, own, true };
	for (i = u + 1; i < t->unit[u].end; i = t->unit[i].end)
		if (f->unit[i].people > 0 && f->unit[i].people < j->enough)
			small[n++] = (struct join_member){ i,
			    f->unit[i].people, false };
	qsort(small, n, sizeof(*small), compare_members);
	return n;
}

/* Too few together: they go to a team that is large enough without them. */
static void
join_beside(struct joining *j, const struct join_member *beside,
    const struct join_member *small, uint32_t n)
{
	struct join	*to = begin_join(j);
	uint32_t	 i;

	add_to(j, to, beside);
	for (i = 0; i < n; i++)
		add_to(j, to, &small[i]);
}

static void
join_below(struct joining *j, const struct forecast *f,
    const struct tree *t, uint32_t u, uint32_t team,
    struct join_member *small)
{
	const uint32_t		n = list_small(j, f, t, u, small);
	struct join_member	beside = { team, 0, false };
	uint64_t		people = 0;
	uint32_t		i;

	for (i = 0; i < n; i++)
		people += small[i].people;
	if (people >= j->enough)
		join_small(j, small, n);
	else if (n > 0 && team != UNIT_NONE) {
		beside.people = f->unit[team].people;
		join_beside(j, &beside, small, n);
	}
}

void
joining_advise(struct joining *j, const struct forecast *f,
    const struct forecast_input *in)
{
	const struct tree	*t = in->tree;
	struct join_member	*small;
	uint32_t		*team, i = 0;

	memset(j, 0, sizeof(*j));
	j->enough = joining_enough(in->rate, in->k);
	small = mem_zero(f->n, sizeof(*small));
	team = find_teams(f, t, j->enough);
	while (i < f->n) {
		if (f->unit[i].people < j->enough) {
			i = t->unit[i].end;	/* moved as a whole */
			continue;
		}
		if (t->unit[i].end > i + 1)
			join_below(j, f, t, i, team[i], small);
		i++;
	}
	free(small);
	free(team);
}

/* Takes the people of a member; its units stay, with nobody in them. */
static uint32_t
take_people(struct tree *t, const struct join_member *m)
{
	const uint32_t	end = m->attached ? m->unit + 1 : t->unit[m->unit].end;
	uint32_t	i, people = 0;

	for (i = m->unit; i < end; i++) {
		people += t->unit[i].invited;
		t->unit[i].invited = 0;
	}
	return people;
}

/* The unit that stays: the first that is not just somebody's own people. */
static uint32_t
kept_unit(const struct joining *j, const struct join *one)
{
	uint32_t i = one->from;

	while (j->member[i].attached && i + 1 < one->from + one->n)
		i++;
	return j->member[i].unit;
}

void
joining_apply(const struct joining *j, struct tree *t)
{
	const struct join	*one;
	uint32_t		 i, m, people;

	for (i = 0; i < j->n; i++) {
		one = &j->join[i];
		for (people = 0, m = 0; m < one->n; m++)
			people += take_people(t, &j->member[one->from + m]);
		t->unit[kept_unit(j, one)].invited += people;
	}
}

void
joining_wipe(struct joining *j)
{
	free(j->join);
	free(j->member);
	memset(j, 0, sizeof(*j));
}
