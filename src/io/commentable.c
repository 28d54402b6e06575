/*
 * commentable.c - may a wave ask for comments?
 *
 * Asked before it opens: what people write for nobody, or for their own leader
 * to read first, must not be asked for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/comments.h"
#include "io/commentable.h"

static bool
leads(const struct leader *leader, const char *canonical)
{
	char	*other = address_canonical(leader->address);
	bool	 same = strcmp(other, canonical) == 0;

	free(other);
	return same;
}

static enum err_code
check_reader(struct roster *r, const struct wave *w,
    const struct mailbox *reader, const char *canonical, struct err *e)
{
	struct leader	leader[LEADERS_MAX];
	enum err_code	rc;
	uint32_t	u;
	size_t		n, i;

	for (u = 0; u < w->tree.n; u++) {
		rc = roster_leaders(r, w->survey, w->tree.unit[u].id, leader,
		    &n, e);
		if (rc != ERR_OK && rc != ERR_ABSENT)
			return rc;
		for (i = 0; rc == ERR_OK && i < n; i++)
			if (leads(&leader[i], canonical))
				return err_set(e, ERR_INPUT, "privacy."
				    "comments_reader: %s leads unit %s, "
				    "expected somebody outside the line",
				    reader->name, w->tree.unit[u].id);
	}
	return ERR_OK;
}

static unsigned int
level_of(const struct tree *t, uint32_t u)
{
	unsigned int level = 1;

	while ((u = t->unit[u].parent) != UNIT_NONE && level <= LEVELS_MAX)
		level++;
	return level;
}

static bool
has_large_unit(const struct wave *w)
{
	const struct tree	*t = &w->tree;
	uint64_t		 people;
	uint32_t		 u, i;

	for (u = 0; u < t->n; u++) {
		if (level_of(t, u) != w->comments)
			continue;
		for (i = u, people = 0; i < t->unit[u].end; i++)
			people += t->unit[i].invited;
		if (people >= COMMENTS_RESPONSES)
			return true;
	}
	return false;
}

enum err_code
commentable_check(struct roster *r, const struct wave *w,
    const struct mailbox *reader, struct err *e)
{
	enum err_code	 rc;
	char		*canonical;

	if (w->comments == 0)
		return ERR_OK;
	if (!has_large_unit(w))
		return err_set(e, ERR_INPUT, "surveys.comments of %s: no unit "
		    "at level %u has %d people, so no comment could ever be "
		    "shown; expected another level, or \"off\"", w->survey,
		    w->comments, COMMENTS_RESPONSES);
	canonical = address_canonical(reader->address);
	rc = check_reader(r, w, reader, canonical, e);
	free(canonical);
	return rc;
}
