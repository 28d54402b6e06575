/*
 * suppress.c - which units may be shown, so that no small group can be told.
 *
 * SCORING 4.1 and 4.2, step by step, with the atoms kept up to date: hiding a
 * unit adds its atom to the one above, publishing it again splits one in two.
 * So the work is n log n also for a chain or a star of 200,000 units.  Only
 * the last step, S5, works the atoms out afresh.
 *
 * publication_safe checks the result again from the other end and must never
 * use anything from here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/suppress.h"

struct work {
	const struct tree	*tree;
	unsigned int		 k;
	enum unit_status	*status;
	struct answers		*whole;	/* of each subtree */
	struct answers		*atom;	/* R of each published unit */

	/* S3: leftist heaps of the nearest published units below a unit */
	uint32_t		*top;
	uint32_t		*left, *right;
	uint32_t		*rank;

	/* S4: sums of atoms (Fenwick), and the furthest published end */
	struct answers		*sum;
	uint32_t		*reach;
	uint32_t		 leaves;
};

static void
add(struct answers *to, const struct answers *a)
{
	int s;

	for (s = 0; s < SENSE__MAX; s++)
		to->n[s] += a->n[s];
}

static void
take(struct answers *from, const struct answers *a)
{
	int s;

	for (s = 0; s < SENSE__MAX; s++)
		from->n[s] -= a->n[s];
}

/* m(X): the smallest of the six. */
static uint64_t
least(const struct answers *a)
{
	uint64_t	m = a->n[0];
	int		s;

	for (s = 1; s < SENSE__MAX; s++)
		if (a->n[s] < m)
			m = a->n[s];
	return m;
}

/* e(X) = 0 */
static bool
empty(const struct answers *a)
{
	int s;

	for (s = 0; s < SENSE__MAX; s++)
		if (a->n[s] != 0)
			return false;
	return true;
}

static bool
safe(const struct answers *a, unsigned int k)
{
	return least(a) >= k || empty(a);
}

/* S1 and S2; an eligible unit's ancestors are eligible too. */
static void
choose_eligible(struct work *w, const struct answers *cell)
{
	const struct unit	*u = w->tree->unit;
	const uint32_t		 n = w->tree->n;
	uint32_t		 i;

	memcpy(w->whole, cell, n * sizeof(*cell));
	for (i = n; i-- > 1; )
		add(&w->whole[u[i].parent], &w->whole[i]);
	memcpy(w->atom, w->whole, n * sizeof(*cell));
	for (i = 0; i < n; i++) {
		w->status[i] = least(&w->whole[i]) >= w->k ?
		    UNIT_PUBLISHED : UNIT_PRIMARY;
		if (i > 0 && w->status[i] == UNIT_PUBLISHED)
			take(&w->atom[u[i].parent], &w->whole[i]);
	}
}

/* The smaller m first, or the larger; ties: the smaller id. */
static int
compare_units(const struct work *w, uint32_t a, uint32_t b)
{
	const uint64_t x = least(&w->whole[a]), y = least(&w->whole[b]);

	if (x != y)
		return x < y ? -1 : 1;
	return strcmp(w->tree->unit[a].id, w->tree->unit[b].id);
}

/* True if S3 hides a rather than b: those with answers in the atom go first. */
static bool
sooner(const struct work *w, uint32_t a, uint32_t b)
{
	const bool x = empty(&w->atom[a]), y = empty(&w->atom[b]);

	return x != y ? y : compare_units(w, a, b) < 0;
}

static uint32_t
rank_of(const struct work *w, uint32_t heap)
{
	return heap == UNIT_NONE ? 0 : w->rank[heap];
}

/* Joins two leftist heaps; the depth is at most twice the log of their size. */
static uint32_t
join(struct work *w, uint32_t a, uint32_t b)
{
	uint32_t swap;

	if (a == UNIT_NONE || b == UNIT_NONE)
		return a == UNIT_NONE ? b : a;
	if (sooner(w, b, a)) {
		swap = a;
		a = b;
		b = swap;
	}
	w->right[a] = join(w, w->right[a], b);
	if (rank_of(w, w->right[a]) > rank_of(w, w->left[a])) {
		swap = w->right[a];
		w->right[a] = w->left[a];
		w->left[a] = swap;
	}
	w->rank[a] = 1 + rank_of(w, w->right[a]);
	return a;
}

/* Hides units below u until u's atom is safe: the inner loop of S3. */
static void
settle(struct work *w, uint32_t u)
{
	uint32_t c, rest;

	while (!safe(&w->atom[u], w->k) && w->top[u] != UNIT_NONE) {
		c = w->top[u];
		rest = join(w, w->left[c], w->right[c]);
		w->top[u] = join(w, rest, w->top[c]);
		w->status[c] = UNIT_SECONDARY;
		add(&w->atom[u], &w->atom[c]);
		memset(&w->atom[c], 0, sizeof(w->atom[c]));
	}
}

/*
 * S3.  Backwards in pre-order, every unit comes after all below it, as in
 * post-order; what is not below it makes no difference.
 */
static void
hide_until_safe(struct work *w)
{
	const struct unit	*u = w->tree->unit;
	uint32_t		 i;

	for (i = 0; i < w->tree->n; i++) {
		w->top[i] = w->left[i] = w->right[i] = UNIT_NONE;
		w->rank[i] = 1;
	}
	for (i = w->tree->n; i-- > 0; ) {
		if (w->status[i] != UNIT_PUBLISHED)
			continue;
		settle(w, i);
		if (i > 0)
			w->top[u[i].parent] = join(w, w->top[u[i].parent], i);
	}
}

/* Sum of the atoms of units from .. end - 1. */
static struct answers
sum_of_atoms(const struct work *w, uint32_t from, uint32_t end)
{
	struct answers a = { { 0 } };

	for (; end > from; end &= end - 1)
		add(&a, &w->sum[end]);
	for (; from > end; from &= from - 1)
		take(&a, &w->sum[from]);
	return a;
}

/* Records that unit i is published and that its atom grew by a. */
static void
note(struct work *w, uint32_t i, const struct answers *a)
{
	const uint32_t	end = w->tree->unit[i].end;
	uint32_t	j;

	for (j = i + 1; j <= w->tree->n; j += j & -j)
		add(&w->sum[j], a);
	for (j = i + w->leaves; j > 0 && w->reach[j] < end; j /= 2)
		w->reach[j] = end;
}

/*
 * The nearest published unit above x: the last one before x whose subtree
 * reaches beyond it.  The root is published and does.
 */
static uint32_t
nearest_above(const struct work *w, uint32_t x)
{
	uint32_t j = x + w->leaves;

	while (j % 2 == 0 || w->reach[j - 1] <= x)
		j /= 2;
	for (j--; j < w->leaves; )
		j = w->reach[2 * j + 1] > x ? 2 * j + 1 : 2 * j;
	return j - w->leaves;
}

/* Publishes x again if both halves of the atom it splits are safe. */
static void
try_again(struct work *w, uint32_t x)
{
	const uint32_t	above = nearest_above(w, x);
	struct answers	part = w->whole[x], rest = w->atom[above];
	struct answers	below, less = { { 0 } };

	below = sum_of_atoms(w, x + 1, w->tree->unit[x].end);
	take(&part, &below);
	take(&rest, &part);
	if (!safe(&part, w->k) || !safe(&rest, w->k))
		return;
	take(&less, &part);	/* wraps, and adding it wraps back */
	note(w, above, &less);
	note(w, x, &part);
	w->atom[above] = rest;
	w->atom[x] = part;
	w->status[x] = UNIT_PUBLISHED;
}

static int
compare_again(const void *a, const void *b, void *arg)
{
	const uint32_t		 x = *(const uint32_t *)a;
	const uint32_t		 y = *(const uint32_t *)b;
	const struct work	*w = arg;

	if (least(&w->whole[x]) != least(&w->whole[y]))
		return compare_units(w, y, x);
	return compare_units(w, x, y);
}

/*
 * S4.  One pass is enough: whatever is safe with more units published is safe
 * with fewer (lemma (a) of SCORING 5), so who fails once would fail again.
 */
static void
publish_again(struct work *w)
{
	uint32_t	*list = mem_zero(w->tree->n, sizeof(*list));
	uint32_t	 i, n = 0;

	for (i = 0; i < w->tree->n; i++)
		if (w->status[i] == UNIT_SECONDARY)
			list[n++] = i;
		else if (w->status[i] == UNIT_PUBLISHED)
			note(w, i, &w->atom[i]);
	qsort_r(list, n, sizeof(*list), compare_again, w);
	for (i = 0; i < n; i++)
		try_again(w, list[i]);
	free(list);
}

static void
run_suppress(struct suppression *out, const struct tree *t,
    const struct answers *cell, unsigned int k)
{
	const uint32_t	n = t->n;
	struct work	w = { .tree = t, .k = k, .status = out->status };
	uint32_t	i;

	for (w.leaves = 1; w.leaves < n; )
		w.leaves *= 2;
	w.whole = mem_zero(n, sizeof(*w.whole));
	w.atom = mem_zero(n, sizeof(*w.atom));
	w.top = mem_zero(4 * (size_t)n, sizeof(*w.top));
	w.left = w.top + n;
	w.right = w.left + n;
	w.rank = w.right + n;
	w.sum = mem_zero((size_t)n + 1, sizeof(*w.sum));
	w.reach = mem_zero(2 * (size_t)w.leaves, sizeof(*w.reach));
	choose_eligible(&w, cell);
	hide_until_safe(&w);
	publish_again(&w);
	for (i = 0; i < n; i++)
		if (out->status[i] == UNIT_PUBLISHED)
			out->home[i] = i;
	free(w.whole);
	free(w.atom);
	free(w.top);
	free(w.sum);
	free(w.reach);
}

/* 4.2: the pools that are taken in are the homes of their own cells. */
static void
run_carry(struct suppression *out, const struct tree *t,
    const struct answers *cell, unsigned int k)
{
	struct answers	*pool = mem_zero(t->n, sizeof(*pool));
	uint32_t	 i, parent;

	memcpy(pool, cell, t->n * sizeof(*pool));
	for (i = t->n; i-- > 0; ) {
		parent = t->unit[i].parent;
		if (least(&pool[i]) >= k) {
			out->home[i] = i;
			out->status[i] = UNIT_PUBLISHED;
		} else if (i > 0)
			add(&pool[parent], &pool[i]);
		if (i > 0 && out->status[i] == UNIT_PUBLISHED)
			out->status[parent] = UNIT_PUBLISHED;
	}
	free(pool);
}

/* S5, from the definition: sums the cells of each atom and looks at it. */
static enum err_code
check(struct suppression *out, const struct tree *t,
    const struct answers *cell, unsigned int k, struct err *e)
{
	struct answers	*atom = mem_zero(t->n, sizeof(*atom));
	enum err_code	 rc = ERR_OK;
	uint32_t	 i;

	for (i = 0; i < t->n; i++)
		if (out->home[i] != UNIT_NONE)
			add(&atom[out->home[i]], &cell[i]);
	for (i = 0; i < t->n; i++) {
		out->atom_min[i] = least(&atom[i]);
		if (!safe(&atom[i], k))
			rc = err_set(e, ERR_CORRUPT, "unit %s: internal error,"
			    " an atom is not safe; nothing is published",
			    t->unit[i].id);
	}
	free(atom);
	return rc;
}

enum err_code
suppress_run(struct suppression *out, const struct tree *t,
    const struct answers *cell, unsigned int k, enum protect protect,
    struct err *e)
{
	uint32_t i;

	out->status = mem_zero(t->n, sizeof(*out->status));
	out->home = mem_zero(t->n, sizeof(*out->home));
	out->atom_min = mem_zero(t->n, sizeof(*out->atom_min));
	for (i = 0; i < t->n; i++) {
		out->status[i] = UNIT_PRIMARY;
		out->home[i] = UNIT_NONE;
	}
	if (protect == PROTECT_CARRY)
		run_carry(out, t, cell, k);
	else
		run_suppress(out, t, cell, k);
	for (i = 1; i < t->n; i++)
		if (out->home[i] == UNIT_NONE)
			out->home[i] = out->home[t->unit[i].parent];
	return check(out, t, cell, k, e);
}

void
suppress_wipe(struct suppression *s)
{
	free(s->status);
	free(s->home);
	free(s->atom_min);
	memset(s, 0, sizeof(*s));
}
