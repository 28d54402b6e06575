/*
 * tag.h - the tags of a template, one after another.
 *
 * For mustache.c only: what a tag looks like is decided here, what it does
 * there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_TAG_H
#define SENSED_CORE_TAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* A piece of a template; nothing is terminated in there. */
struct span {
	const char	*p;
	size_t		 len;
};

/* One text being read: the template, or a partial of it. */
struct text {
	struct span	 name;		/* of the partial; empty: template */
	const char	*start, *end;
	const char	*pos;		/* what is before it, is done */
	struct span	 open, close;	/* delimiters */
};

struct tag {
	char		 kind;		/* one of # ^ / ! > = & { or, for an
					 * escaped value, 0 */
	struct span	 content;	/* without white space around it */
	const char	*from, *next;	/* first byte, and the first behind; of
					 * the whole line if it stands alone */
	struct span	 indent;	/* before a tag that stands alone */
};

struct span	 span_of(const char *s);
bool		 span_same(struct span a, struct span b);

/* Begins a text, which must outlive t and its tags. */
void		 tag_start(struct text *t, struct span name, const char *text,
		     size_t len);

/*
 * Reads the next tag, sets `before` to the text before it, and moves t behind
 * it.  ERR_ABSENT: there is no further tag, and before is the rest of the
 * text.  ERR_INPUT: the tag is wrong; e says what, and in which line.
 */
enum err_code	 tag_next(struct text *t, struct span *before, struct tag *tag,
		     struct err *e) MUST_USE;

/* Obeys a tag of kind '='.  ERR_INPUT: it does not hold two delimiters. */
enum err_code	 tag_delimiters(struct text *t, const struct tag *tag,
		     struct err *e) MUST_USE;

/* ERR_INPUT: the line of `at`, what is wrong, and the name it is about. */
enum err_code	 tag_fail(const struct text *t, const char *at,
		     const char *what, struct span about, struct err *e);

#endif
