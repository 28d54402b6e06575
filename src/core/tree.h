/*
 * tree.h - the organisation's units, one tree a survey.
 *
 * Units stand in pre-order, children by id bytewise, so that the subtree of
 * unit i is the range i .. end - 1 and every parent stands before its
 * children.  SCORING 2 and 11.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_TREE_H
#define SENSED_CORE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define UNIT_ID_MAX	32	/* bytes, [A-Za-z0-9_-] */
#define UNIT_NAME_MAX	200	/* bytes of UTF-8 */
#define UNITS_MAX	200000
#define UNIT_NONE	UINT32_MAX

struct unit {
	char		 id[UNIT_ID_MAX + 1];
	char		*name;		/* never NULL after tree_finish */
	uint32_t	 parent;	/* index; UNIT_NONE for the root */
	uint32_t	 end;		/* one past the last of its subtree */
	uint32_t	 invited;	/* people attached directly */
	uint32_t	 stayed;	/* SCORING 8, of its whole subtree */
	unsigned int	 line;		/* of the file it came from, or 0 */
};

struct tree {
	struct unit	*unit;
	uint32_t	 n;
	uint32_t	*by_id;		/* indices in byte order of id */
	char		**parent_id;	/* until tree_finish */
	size_t		 cap;
};

void		 tree_init(struct tree *t);
void		 tree_wipe(struct tree *t);

/* True if the len bytes are 1 to 32 of [A-Za-z0-9_-]. */
bool		 unit_id_valid(const char *id, size_t len);

/*
 * Adds a unit; parent_id is empty for the root; all strings are copied.
 * ERR_INPUT, with *e filled: malformed id, or more than UNITS_MAX.
 */
enum err_code	 tree_add(struct tree *t, const char *id,
		     const char *parent_id, const char *name,
		     uint32_t invited, unsigned int line, struct err *e)
		     MUST_USE;

/*
 * Puts the units in order.  ERR_INPUT: no root, two roots, a doubled id, an
 * unknown parent, a cycle; *line is then the line of the unit at fault (0 if
 * there is none) and e says what was found and what was expected.
 */
enum err_code	 tree_finish(struct tree *t, unsigned int *line, struct err *e)
		     MUST_USE;

/* The index of the unit with this id, or UNIT_NONE. */
uint32_t	 tree_find(const struct tree *t, const char *id);

/* True if a is b or stands above b. */
bool		 tree_above(const struct tree *t, uint32_t a, uint32_t b);

#endif
