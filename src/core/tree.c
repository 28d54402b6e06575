/*
 * tree.c - the organisation's units, put in order.
 *
 * Takes units in any order and leaves them in pre-order, children by id.  The
 * tree may be a chain of 200,000 units, so nothing here recurses, and no step
 * costs more than a sort.  What the units count is other files' business.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/tree.h"

void
tree_init(struct tree *t)
{
	memset(t, 0, sizeof(*t));
}

static void
drop_parent_ids(struct tree *t)
{
	uint32_t i;

	if (t->parent_id == NULL)
		return;
	for (i = 0; i < t->n; i++)
		free(t->parent_id[i]);
	free(t->parent_id);
	t->parent_id = NULL;
}

void
tree_wipe(struct tree *t)
{
	uint32_t i;

	drop_parent_ids(t);
	for (i = 0; i < t->n; i++)
		free(t->unit[i].name);
	free(t->unit);
	free(t->by_id);
	tree_init(t);
}

bool
unit_id_valid(const char *id, size_t len)
{
	size_t i;

	if (len == 0 || len > UNIT_ID_MAX)
		return false;
	for (i = 0; i < len; i++)
		if (!((id[i] >= 'a' && id[i] <= 'z') ||
		    (id[i] >= 'A' && id[i] <= 'Z') ||
		    (id[i] >= '0' && id[i] <= '9') ||
		    id[i] == '_' || id[i] == '-'))
			return false;
	return true;
}

enum err_code
tree_add(struct tree *t, const char *id, const char *parent_id,
    const char *name, uint32_t invited, unsigned int line, struct err *e)
{
	struct unit *u;

	if (!unit_id_valid(id, strlen(id)))
		return err_set(e, ERR_INPUT, "malformed unit id; expected 1 to"
		    " %d letters, digits, - or _", UNIT_ID_MAX);
	if (t->n == UNITS_MAX)
		return err_set(e, ERR_INPUT, "too many units; expected at most"
		    " %d", UNITS_MAX);
	if (t->n == t->cap) {
		t->cap = t->cap != 0 ? 2 * t->cap : 16;
		t->unit = mem_resize(t->unit, t->cap, sizeof(*t->unit));
		t->parent_id = mem_resize(t->parent_id, t->cap,
		    sizeof(*t->parent_id));
	}
	t->parent_id[t->n] = mem_str(parent_id);
	u = &t->unit[t->n++];
	memset(u, 0, sizeof(*u));
	memcpy(u->id, id, strlen(id));
	u->name = mem_str(name != NULL ? name : "");
	u->parent = UNIT_NONE;
	u->invited = invited;
	u->line = line;
	return ERR_OK;
}

/* Equal ids stand in order of arrival, so that the later one is at fault. */
static int
compare_ids(const void *a, const void *b, void *arg)
{
	const uint32_t		 x = *(const uint32_t *)a;
	const uint32_t		 y = *(const uint32_t *)b;
	const struct tree	*t = arg;
	const int		 c = strcmp(t->unit[x].id, t->unit[y].id);

	if (c != 0)
		return c;
	return x < y ? -1 : x > y;
}

static enum err_code
sort_ids(struct tree *t, unsigned int *line, struct err *e)
{
	const struct unit	*u = t->unit;
	uint32_t		 i;

	free(t->by_id);
	t->by_id = mem_zero(t->n, sizeof(*t->by_id));
	for (i = 0; i < t->n; i++)
		t->by_id[i] = i;
	qsort_r(t->by_id, t->n, sizeof(*t->by_id), compare_ids, t);
	for (i = 1; i < t->n; i++)
		if (strcmp(u[t->by_id[i - 1]].id, u[t->by_id[i]].id) == 0) {
			*line = u[t->by_id[i]].line;
			return err_set(e, ERR_INPUT, "unit %s is here twice;"
			    " expected each id once", u[t->by_id[i]].id);
		}
	return ERR_OK;
}

/* Turns parents' ids into indices; *root is UNIT_NONE if there is none. */
static enum err_code
link_parents(struct tree *t, uint32_t *root, unsigned int *line, struct err *e)
{
	struct unit	*u;
	uint32_t	 i;

	*root = UNIT_NONE;
	for (i = 0; i < t->n; i++) {
		u = &t->unit[i];
		*line = u->line;
		if (t->parent_id[i][0] != '\0') {
			u->parent = tree_find(t, t->parent_id[i]);
			if (u->parent == UNIT_NONE)
				return err_set(e, ERR_INPUT, "unit %s has an"
				    " unknown parent; expected the id of"
				    " another unit", u->id);
		} else if (*root != UNIT_NONE)
			return err_set(e, ERR_INPUT, "unit %s is a second root"
			    " beside %s; expected one unit without a parent",
			    u->id, t->unit[*root].id);
		else
			*root = i;
	}
	*line = 0;
	return ERR_OK;
}

/*
 * Gives every unit below the root its place in pre-order and returns how many
 * there are.  first and next are the lists of children, in order of id.
 */
static uint32_t
walk(const struct tree *t, uint32_t root, const uint32_t *first,
    const uint32_t *next, uint32_t *place)
{
	uint32_t u = root, n = 0;

	while (u != UNIT_NONE) {
		place[u] = n++;
		if (first[u] != UNIT_NONE) {
			u = first[u];
			continue;
		}
		while (u != UNIT_NONE && next[u] == UNIT_NONE)
			u = t->unit[u].parent;
		if (u != UNIT_NONE)
			u = next[u];
	}
	return n;
}

static uint32_t
place_units(const struct tree *t, uint32_t root, uint32_t *place)
{
	uint32_t	*first = mem_zero(t->n, sizeof(*first));
	uint32_t	*next = mem_zero(t->n, sizeof(*next));
	uint32_t	 i, u, p, n;

	for (i = 0; i < t->n; i++)
		first[i] = next[i] = place[i] = UNIT_NONE;
	for (i = t->n; i-- > 0; ) {
		u = t->by_id[i];
		if ((p = t->unit[u].parent) == UNIT_NONE)
			continue;
		next[u] = first[p];
		first[p] = u;
	}
	n = walk(t, root, first, next, place);
	free(first);
	free(next);
	return n;
}

/*
 * Names a unit on a cycle.  From a unit without a place, n steps up must end
 * on one, since the way never meets the root.
 */
static enum err_code
refuse_cycle(const struct tree *t, uint32_t root, const uint32_t *place,
    unsigned int *line, struct err *e)
{
	uint32_t i, u = 0;

	while (place[u] != UNIT_NONE)
		u++;
	for (i = 0; i < t->n; i++)
		u = t->unit[u].parent;
	*line = t->unit[u].line;
	return err_set(e, ERR_INPUT, "%sunit %s is in a cycle of parents;"
	    " expected every unit below the one root",
	    root == UNIT_NONE ? "no root, and " : "", t->unit[u].id);
}

static void
rearrange(struct tree *t, const uint32_t *place)
{
	struct unit	*to = mem_zero(t->n, sizeof(*to));
	uint32_t	 i, p;

	for (i = 0; i < t->n; i++) {
		if (t->unit[i].parent != UNIT_NONE)
			t->unit[i].parent = place[t->unit[i].parent];
		t->unit[i].end = place[i] + 1;
		to[place[i]] = t->unit[i];
		t->by_id[i] = place[t->by_id[i]];
	}
	drop_parent_ids(t);
	free(t->unit);
	t->unit = to;
	t->cap = t->n;
	for (i = t->n; i-- > 1; ) {
		p = to[i].parent;
		if (to[p].end < to[i].end)
			to[p].end = to[i].end;
	}
}

enum err_code
tree_finish(struct tree *t, unsigned int *line, struct err *e)
{
	uint32_t	*place = NULL;
	uint32_t	 root;
	enum err_code	 rc;

	*line = 0;
	if (t->n == 0)
		return err_set(e, ERR_INPUT, "no units, so no root; expected"
		    " one unit without a parent");
	if ((rc = sort_ids(t, line, e)) != ERR_OK ||
	    (rc = link_parents(t, &root, line, e)) != ERR_OK)
		return rc;
	place = mem_zero(t->n, sizeof(*place));
	if (place_units(t, root, place) < t->n)
		rc = refuse_cycle(t, root, place, line, e);
	else
		rearrange(t, place);
	free(place);
	return rc;
}

uint32_t
tree_find(const struct tree *t, const char *id)
{
	uint32_t	low = 0, high = t->n, mid;
	int		c;

	while (low < high) {
		mid = low + (high - low) / 2;
		c = strcmp(id, t->unit[t->by_id[mid]].id);
		if (c == 0)
			return t->by_id[mid];
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return UNIT_NONE;
}

bool
tree_above(const struct tree *t, uint32_t a, uint32_t b)
{
	return a <= b && b < t->unit[a].end;
}
