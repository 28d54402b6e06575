/*
 * comments.c - chooses the comments of a wave that may be shown.
 *
 * The order is a Fisher-Yates shuffle; its draws come from a keyed hash of a
 * counter, and a draw that would favour some places is thrown away.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/comments.h"

static void
text_wipe(char *s)
{
	crypt_wipe(s, strlen(s));
	free(s);
}

void
comments_add(struct comments *c, uint32_t unit, const char *text)
{
	if (text[0] == '\0')
		return;
	if (c->n == c->cap) {
		c->cap = c->cap * 2 + 64;
		c->of = mem_resize(c->of, c->cap, sizeof(*c->of));
	}
	c->of[c->n++] = (struct comment){ unit, mem_str(text) };
}

void
comments_wipe(struct comments *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		text_wipe(c->of[i].text);
	free(c->of);
	memset(c, 0, sizeof(*c));
}

void
comments_sweep(struct comments *c)
{
	size_t i, kept = 0;

	for (i = 0; i < c->n; i++)
		if (c->of[i].unit == UNIT_NONE)
			text_wipe(c->of[i].text);
		else
			c->of[kept++] = c->of[i];
	c->n = kept;
}

static bool
may_show(const struct pub_unit *u)
{
	return u->status == UNIT_PUBLISHED &&
	    u->responses >= COMMENTS_RESPONSES;
}

/*
 * Fills, for each unit, the one at the level that it is or lies below, or
 * UNIT_NONE.
 */
static uint32_t *
units_above(const struct publication *p, unsigned int level)
{
	uint32_t	*up = mem_zero(p->n, sizeof(*up));
	uint32_t	*depth = mem_zero(p->n, sizeof(*depth)), i;

	for (i = 0; i < p->n; i++) {
		depth[i] = i == 0 ? 1 : depth[p->unit[i].parent] + 1;
		up[i] = depth[i] < level ? UNIT_NONE :
		    depth[i] == level ? i : up[p->unit[i].parent];
	}
	free(depth);
	return up;
}

/*
 * Moves each comment to the unit whose figures count its writer.  The unit in
 * whose atom they are must be that one or lie below it: otherwise their
 * answers were carried past it.
 */
static void
move_up(struct comments *c, const struct publication *p)
{
	uint32_t	*up = units_above(p, c->level), u, home;
	size_t		 i;

	for (i = 0; i < c->n; i++) {
		u = up[c->of[i].unit];
		home = p->home[c->of[i].unit];
		if (u != UNIT_NONE && (home == UNIT_NONE || home < u ||
		    home >= p->unit[u].end || !may_show(&p->unit[u])))
			u = UNIT_NONE;
		c->of[i].unit = u;
	}
	free(up);
}

struct draw {
	const unsigned char	*seed;
	uint64_t		 n;
};

/* A number below `below`, each as likely as any other. */
static uint64_t
draw(struct draw *d, uint64_t below)
{
	const uint64_t	limit = UINT64_MAX - UINT64_MAX % below;
	unsigned char	hash[CRYPT_HASH];
	uint64_t	v;

	do {
		d->n++;
		crypt_hash(hash, sizeof(hash), d->seed, &d->n, sizeof(d->n));
		memcpy(&v, hash, sizeof(v));
	} while (v >= limit);
	return v % below;
}

static void
shuffle(struct comment *of, size_t n, struct draw *d)
{
	struct comment	kept;
	size_t		j;

	for (; n > 1; n--) {
		j = draw(d, n);
		kept = of[n - 1];
		of[n - 1] = of[j];
		of[j] = kept;
	}
}

static int
by_unit(const void *a, const void *b)
{
	const struct comment *x = a, *y = b;

	return (x->unit > y->unit) - (x->unit < y->unit);
}

/* How many comments from the i-th on are of the same unit. */
static size_t
run_at(const struct comments *c, size_t i)
{
	size_t n = 1;

	while (i + n < c->n && c->of[i + n].unit == c->of[i].unit)
		n++;
	return n;
}

void
comments_choose(struct comments *c, const struct publication *p,
    const unsigned char seed[CRYPT_KEY])
{
	struct draw	d = { seed, 0 };
	size_t		i, n, k;

	move_up(c, p);
	comments_sweep(c);
	if (c->n > 0)
		qsort(c->of, c->n, sizeof(*c->of), by_unit);
	for (i = 0; i < c->n; i += n) {
		n = run_at(c, i);
		shuffle(&c->of[i], n, &d);
		for (k = 0; n < COMMENTS_LEAST && k < n; k++)
			c->of[i + k].unit = UNIT_NONE;
	}
	comments_sweep(c);
}

/* The level of a unit, the root's 1; those below the last are all one. */
static unsigned int
level_of(const struct publication *p, uint32_t unit)
{
	unsigned int level = 1;

	while ((unit = p->unit[unit].parent) != UNIT_NONE &&
	    level <= LEVELS_MAX)
		level++;
	return level;
}

bool
comments_sound(const struct comments *c, const struct publication *p)
{
	size_t		i, n;
	uint32_t	u;

	for (i = 0; i < c->n; i += n) {
		n = run_at(c, i);
		u = c->of[i].unit;
		if (u >= p->n || (i > 0 && u <= c->of[i - 1].unit) ||
		    !may_show(&p->unit[u]) || level_of(p, u) != c->level ||
		    (n < COMMENTS_LEAST && !c->released))
			return false;
	}
	return true;
}
