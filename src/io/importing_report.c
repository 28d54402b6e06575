/*
 * importing_report.c - what an import changes, counted as people pass by.
 *
 * Works on the two trees and a few numbers for each unit.  A unit is the same
 * unit if it has the same id.  SCORING 1, threat 13: whoever pads a unit with
 * joiners to isolate one person should be seen doing it, so a joiner of a unit
 * is anyone who was not in its subtree before, wherever they came from.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/importing_parts.h"

static bool
same_parent(const struct import *im, uint32_t u)
{
	const uint32_t p = im->tree.unit[u].parent;
	const uint32_t q = im->was.unit[im->old_of[u]].parent;

	if (p == UNIT_NONE || q == UNIT_NONE)
		return p == q;
	return im->old_of[p] == q;
}

/* Parents stand before their children, so one pass finds the ways. */
void
import_pair(struct import *im)
{
	const struct tree	*t = &im->tree;
	uint32_t		 u;

	im->old_of = mem_zero(t->n, sizeof(*im->old_of));
	im->same_way = mem_zero(t->n, sizeof(*im->same_way));
	im->joiners = mem_zero(t->n, sizeof(*im->joiners));
	im->comers = mem_zero(t->n, sizeof(*im->comers));
	for (u = 0; u < t->n; u++) {
		im->old_of[u] = tree_find(&im->was, t->unit[u].id);
		im->same_way[u] = im->old_of[u] != UNIT_NONE &&
		    same_parent(im, u) &&
		    (u == 0 || im->same_way[t->unit[u].parent]);
	}
}

/* A person who was in unit `from` and is in unit u now. */
static void
note_way(struct import *im, uint32_t u, uint32_t from)
{
	uint32_t old;

	for (; u != UNIT_NONE; u = im->tree.unit[u].parent) {
		old = im->old_of[u];
		if (old == UNIT_NONE || !tree_above(&im->was, old, from))
			im->comers[u]++;
	}
}

void
import_note(struct import *im, const struct person *now,
    const struct person *was)
{
	struct import_report	*r = &im->report;
	const uint32_t		 u = tree_find(&im->tree, now->unit);

	r->people++;
	im->tree.unit[u].invited++;
	if (was == NULL) {
		r->joined++;
		im->joiners[u]++;
		return;
	}
	im->stayed++;
	r->changed += strcmp(now->address, was->address) != 0 ||
	    strcmp(now->name, was->name) != 0 ||
	    strcmp(now->lang, was->lang) != 0;
	if (strcmp(now->unit, was->unit) != 0)
		r->moved++;
	else if (im->same_way[u])
		return;		/* nothing above has changed: the usual case */
	note_way(im, u, tree_find(&im->was, was->unit));
}

/* From people attached to people in the subtree. */
static void
add_up(const struct tree *t, uint32_t *n)
{
	uint32_t u;

	for (u = t->n; u-- > 1; )
		n[t->unit[u].parent] += n[u];
}

static uint32_t *
whole(const struct tree *t)
{
	uint32_t	*n = mem_zero(t->n, sizeof(*n));
	uint32_t	 u;

	for (u = 0; u < t->n; u++)
		n[u] = t->unit[u].invited;
	add_up(t, n);
	return n;
}

static bool
worth_telling(const struct import_unit *u)
{
	return u->many_joined || u->reaches || u->moved || u->was == NULL ||
	    u->name == NULL || strcmp(u->was, u->name) != 0;
}

static void
list_unit(struct import *im, uint32_t u, uint32_t before,
    const uint32_t *people)
{
	const uint32_t		 old = im->old_of[u];
	const uint32_t		 k = im->conf->min_group;
	struct import_unit	 it = {
		.id = im->tree.unit[u].id,
		.was = old != UNIT_NONE ? im->was.unit[old].name : NULL,
		.name = im->tree.unit[u].name,
		.moved = old != UNIT_NONE && !same_parent(im, u),
		.people = people[u],
		.joined = im->joiners[u] + im->comers[u],
		.reaches = people[u] >= k && before < k,
	};

	it.many_joined = 3 * (uint64_t)it.joined > it.people;
	if (worth_telling(&it))
		im->report.unit[im->report.n++] = it;
}

static void
list_removed(struct import *im)
{
	uint32_t u;

	for (u = 0; u < im->was.n; u++)
		if (tree_find(&im->tree, im->was.unit[u].id) == UNIT_NONE)
			im->report.unit[im->report.n++] = (struct import_unit){
				.id = im->was.unit[u].id,
				.was = im->was.unit[u].name,
			};
}

void
import_conclude(struct import *im)
{
	struct import_report	*r = &im->report;
	uint32_t		*people, *before, u, old;

	r->units = im->tree.n;
	r->first = im->was.n == 0;
	if (r->first)
		return;
	people = whole(&im->tree);
	before = whole(&im->was);
	r->left = before[0] - im->stayed;
	add_up(&im->tree, im->joiners);
	r->unit = mem_zero((size_t)im->tree.n + im->was.n, sizeof(*r->unit));
	for (u = 0; u < im->tree.n; u++) {
		old = im->old_of[u];
		list_unit(im, u, old != UNIT_NONE ? before[old] : 0, people);
	}
	list_removed(im);
	free(people);
	free(before);
}
