/*
 * test_suppress_literal.c - the rules of SCORING 4 read word for word.
 *
 * A slow second version of 4.1 and 4.2 in which nothing is kept up to date:
 * every set of people is summed from the cells again, S4 passes until a pass
 * changes nothing.  Random trees must give the same in both.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/suppress.h"

#define SMALL	24	/* units of a tree, at most */

struct slow {
	const struct tree	*t;
	const struct answers	*cell;
	unsigned int		 k;
	bool			 shown[SMALL], secondary[SMALL];
};

/* The people of u's subtree, or those that no shown unit below u has. */
static struct answers
slow_sum(const struct slow *w, uint32_t u, bool atom)
{
	struct answers	a;
	uint32_t	i, up;
	int		s;

	memset(&a, 0, sizeof(a));
	for (i = 0; i < w->t->n; i++) {
		if (!tree_above(w->t, u, i))
			continue;
		up = i;
		while (atom && up != u && !w->shown[up])
			up = w->t->unit[up].parent;
		if (atom && up != u)
			continue;
		for (s = 0; s < SENSE__MAX; s++)
			a.n[s] += w->cell[i].n[s];
	}
	return a;
}

static void
span(const struct answers *a, uint64_t *m, uint64_t *e)
{
	int s;

	*m = *e = a->n[0];
	for (s = 1; s < SENSE__MAX; s++) {
		*m = a->n[s] < *m ? a->n[s] : *m;
		*e = a->n[s] > *e ? a->n[s] : *e;
	}
}

static uint64_t
slow_m(const struct slow *w, uint32_t u)
{
	struct answers	a = slow_sum(w, u, false);
	uint64_t	m, e;

	span(&a, &m, &e);
	return m;
}

static bool
slow_atom_empty(const struct slow *w, uint32_t u)
{
	struct answers	a = slow_sum(w, u, true);
	uint64_t	m, e;

	span(&a, &m, &e);
	return e == 0;
}

static bool
slow_atom_safe(const struct slow *w, uint32_t u)
{
	struct answers	a = slow_sum(w, u, true);
	uint64_t	m, e;

	span(&a, &m, &e);
	return e == 0 || m >= w->k;
}

static bool
slow_safe(const struct slow *w)
{
	uint32_t i;

	for (i = 0; i < w->t->n; i++)
		if (w->shown[i] && !slow_atom_safe(w, i))
			return false;
	return true;
}

/* True if a comes before b: by m, then by id. */
static bool
slow_less(const struct slow *w, uint32_t a, uint32_t b, bool large_first)
{
	const uint64_t x = slow_m(w, a), y = slow_m(w, b);

	if (x != y)
		return large_first ? x > y : x < y;
	return strcmp(w->t->unit[a].id, w->t->unit[b].id) < 0;
}

/* The c in C' that S3 hides, or UNIT_NONE. */
static uint32_t
slow_choose(const struct slow *w, uint32_t u)
{
	uint32_t	i, up, best = UNIT_NONE;
	bool		full = false;

	for (i = 0; i < w->t->n; i++) {
		if (i == u || !w->shown[i] || !tree_above(w->t, u, i))
			continue;
		up = w->t->unit[i].parent;
		while (up != u && !w->shown[up])
			up = w->t->unit[up].parent;
		if (up != u)
			continue;
		if (best == UNIT_NONE || (!full && !slow_atom_empty(w, i)) ||
		    (full == !slow_atom_empty(w, i) &&
		    slow_less(w, i, best, false)))
			best = i;
		full = !slow_atom_empty(w, best);
	}
	return best;
}

static void
slow_hide(struct slow *w, uint32_t u)
{
	uint32_t i, c;

	for (i = u + 1; i < w->t->unit[u].end; i = w->t->unit[i].end)
		slow_hide(w, i);
	while (w->shown[u] && !slow_atom_safe(w, u)) {
		c = slow_choose(w, u);
		assert_int_not_equal(c, UNIT_NONE);
		w->shown[c] = false;
		w->secondary[c] = true;
	}
}

/* One pass of S4; true if it changed something. */
static bool
slow_pass(struct slow *w)
{
	uint32_t	list[SMALL], n = 0, i, j, swap;
	bool		changed = false;

	for (i = 0; i < w->t->n; i++)
		if (w->secondary[i])
			list[n++] = i;
	for (i = 0; i < n; i++)
		for (j = i + 1; j < n; j++)
			if (slow_less(w, list[j], list[i], true)) {
				swap = list[i];
				list[i] = list[j];
				list[j] = swap;
			}
	for (i = 0; i < n; i++) {
		w->shown[list[i]] = true;
		if (slow_safe(w)) {
			w->secondary[list[i]] = false;
			changed = true;
		} else
			w->shown[list[i]] = false;
	}
	return changed;
}

static void
slow_suppress(struct slow *w)
{
	uint32_t i;

	for (i = 0; i < w->t->n; i++) {
		w->shown[i] = slow_m(w, i) >= w->k;
		w->secondary[i] = false;
	}
	slow_hide(w, 0);
	while (slow_pass(w))
		;
	assert_true(slow_safe(w));
}

/* 4.2 on sets of cells, as masks. */
static uint32_t
slow_carry(const struct slow *w, uint32_t u, uint32_t *left, uint32_t *pools)
{
	struct answers	a;
	uint32_t	g = 0, pool = 1U << u, from_child, i;
	uint64_t	m, e;
	int		s;

	for (i = u + 1; i < w->t->unit[u].end; i = w->t->unit[i].end) {
		g |= slow_carry(w, i, &from_child, pools);
		pool |= from_child;
	}
	memset(&a, 0, sizeof(a));
	for (i = 0; i < w->t->n; i++)
		for (s = 0; s < SENSE__MAX && (pool >> i & 1) != 0; s++)
			a.n[s] += w->cell[i].n[s];
	span(&a, &m, &e);
	*left = m >= w->k ? 0 : pool;
	if (m >= w->k) {
		g |= pool;
		pools[u] = pool;
	}
	return g;
}

static unsigned int seed;

static unsigned int
dice(unsigned int sides)
{
	seed = seed * 1103515245U + 12345U;
	return (seed >> 16) % sides;
}

/* Adds the same units in one order or the other. */
static void
plant(struct tree *t, char id[SMALL][16], const uint32_t *parent, uint32_t n,
    bool backwards)
{
	uint32_t	i, u;
	unsigned int	line;
	struct err	e;

	tree_init(t);
	for (i = 0; i < n; i++) {
		u = backwards ? n - 1 - i : i;
		assert_int_equal(tree_add(t, id[u], u == 0 ? "" :
		    id[parent[u]], "", 0, 0, &e), ERR_OK);
	}
	assert_int_equal(tree_finish(t, &line, &e), ERR_OK);
}

/* The order of input makes no difference: SCORING 2. */
static void
random_tree(struct tree *t, struct answers *cell, uint32_t n)
{
	char		id[SMALL][16];
	uint32_t	parent[SMALL], i;
	unsigned int	people;
	struct tree	other;
	int		s;

	for (i = 0; i < n; i++) {
		snprintf(id[i], sizeof(id[i]), "%c%u", "zAmQ"[dice(4)], i);
		parent[i] = i == 0 ? 0 : dice(3) == 0 ? i - 1 : dice(i);
	}
	plant(t, id, parent, n, false);
	plant(&other, id, parent, n, true);
	for (i = 0; i < n; i++) {
		assert_string_equal(t->unit[i].id, other.unit[i].id);
		assert_int_equal(t->unit[i].end, other.unit[i].end);
	}
	tree_wipe(&other);
	memset(cell, 0, SMALL * sizeof(*cell));
	for (i = 0; i < n; i++) {
		people = dice(3) == 0 ? 0 : dice(3) == 0 ? dice(30) : dice(8);
		for (s = 0; s < SENSE__MAX; s++)
			cell[i].n[s] = people > 0 && dice(12) == 0 ?
			    people - 1 : people;
	}
}

/* Both results equal the definition, where every atom is safe. */
static void
check_tree(const struct tree *t, const struct answers *cell, unsigned int k,
    unsigned int *kinds)
{
	struct slow		w = { .t = t, .cell = cell, .k = k };
	struct suppression	s;
	struct err		e;
	uint32_t		i, left, pools[SMALL] = { 0 }, g;

	slow_suppress(&w);
	assert_int_equal(suppress_run(&s, t, cell, k, PROTECT_SUPPRESS, &e),
	    ERR_OK);
	for (i = 0; i < t->n; i++) {
		assert_int_equal(s.status[i], w.shown[i] ? UNIT_PUBLISHED :
		    w.secondary[i] ? UNIT_SECONDARY : UNIT_PRIMARY);
		kinds[s.status[i]]++;
	}
	suppress_wipe(&s);
	assert_int_equal(suppress_run(&s, t, cell, k, PROTECT_CARRY, &e),
	    ERR_OK);
	g = slow_carry(&w, 0, &left, pools);
	for (i = 0; i < t->n; i++) {
		assert_int_equal(s.status[i], slow_m(&w, i) >= k ?
		    UNIT_PUBLISHED : UNIT_PRIMARY);
		assert_int_equal(s.home[i] != UNIT_NONE, g >> i & 1);
		if (s.home[i] != UNIT_NONE)
			assert_true((pools[s.home[i]] >> i & 1) != 0);
	}
	suppress_wipe(&s);
}

static void
test_random(void **state)
{
	struct answers	cell[SMALL];
	struct tree	t;
	unsigned int	kinds[4] = { 0 }, i;

	(void)state;
	seed = 20261104;
	print_message("  seed %u\n", seed);
	for (i = 0; i < 1500; i++) {
		random_tree(&t, cell, 1 + dice(SMALL));
		check_tree(&t, cell, 3 + dice(10), kinds);
		tree_wipe(&t);
	}
	assert_true(kinds[UNIT_SECONDARY] > 300);
	assert_true(kinds[UNIT_PUBLISHED] > 3000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
