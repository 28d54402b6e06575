/*
 * stencil.h - a text that is finished but for what differs from person to
 * person.
 *
 * A wave's letter is the same for thousands, but for a name and two links.  It
 * is rendered once, with a mark where such a value will stand; what has no
 * mark is checked and encoded once, and only lines with marks are made again
 * for each person.  The bytes are those of the text rendered with the values.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_STENCIL_H
#define SENSED_CORE_STENCIL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/mustache.h"

#define STENCIL_SLOTS	4

struct stencil;

/*
 * The value to render in the place of slot 0 to STENCIL_SLOTS - 1: neither
 * empty nor anything that a template or a checked value can hold.
 */
const char	*stencil_mark(unsigned int slot);

/*
 * From a text that was rendered with marks, under the same escape.  NULL: it
 * holds a control character other than TAB and line ends, or is not UTF-8.
 */
struct stencil	*stencil_new(const char *rendered, enum escape escape);
void		 stencil_free(struct stencil *s);

/*
 * Appends the text with its values, one for each slot (NULL: nothing), each
 * one line of UTF-8: as it is, or as mime_body encodes it.
 */
void		 stencil_text(const struct stencil *s,
		     const char *const *value, struct buf *out);
void		 stencil_body(const struct stencil *s,
		     const char *const *value, struct buf *out);

#endif
