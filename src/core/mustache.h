/*
 * mustache.h - logic-less templates.
 *
 * The public Mustache specification's interpolation, sections, inverted
 * sections, comments, partials and delimiters; no lambdas.  All words that a
 * person reads come through here, so escaping is decided in one place.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_MUSTACHE_H
#define SENSED_CORE_MUSTACHE_H

#include "base/buf.h"
#include "base/err.h"
#include "core/view.h"

enum escape {
	ESCAPE_HTML,	/* {{x}}: & < > " ' become entities */
	ESCAPE_NONE	/* text parts and subjects: as it is */
};

/* The text of a partial, or NULL if there is none (it renders as nothing). */
typedef const char *mustache_partial(void *arg, const char *name);

/*
 * Appends the rendered template to out.  partial may be NULL: there are none.
 * A section of a flag that is on renders in the context around it; only texts
 * show as a value.  ERR_INPUT: an unclosed tag or section, a wrong closing
 * tag, a tag without a name, nesting (partials too) over 32, or out over its
 * ceiling; e names the line of the template, and what was expected, and out
 * holds what it held before.
 */
enum err_code	 mustache_render(struct buf *out, const char *template,
		     const struct view *root, enum escape escape,
		     mustache_partial *partial, void *arg, struct err *e)
		     MUST_USE;

/* Appends a value with & < > " ' as entities. */
void		 mustache_escape(struct buf *out, const char *s);

/*
 * Reads a whole template, also what would not be shown, and tells of each
 * tag: kind 0 (a value), '#', '^' or '>', and its name.  ERR_INPUT as above.
 */
typedef void	 mustache_seen(void *arg, char kind, const char *name);
enum err_code	 mustache_names(const char *template, mustache_seen *seen,
		     void *arg, struct err *e) MUST_USE;

#endif
