/*
 * mime.h - text in a form that mail can carry.
 *
 * Each function appends to out, and finds in out in which column it begins,
 * so the name of the field must be there already.  All text must be UTF-8
 * without control characters, but for the line ends of a body.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_MIME_H
#define SENSED_CORE_MIME_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * The text of an unstructured field such as Subject: as it is, folded at
 * spaces, if it is plain ASCII; otherwise RFC 2047 encoded-words.
 */
void	mime_text(struct buf *out, const char *s);

/* A display name: atoms, a quoted string, or RFC 2047 encoded-words. */
void	mime_phrase(struct buf *out, const char *s);

/*
 * A piece without spaces, between before and after, on a new line if it would
 * fit there and does not fit here; one space goes before it.
 */
void	mime_piece(struct buf *out, const char *before, const char *s,
	    const char *after);

/*
 * A body as quoted-printable (RFC 2045 6.7): lines of at most 76 characters,
 * CRLF.  LF, CRLF and a lone CR each end a line; nothing is added at the end.
 */
void	mime_body(struct buf *out, const char *s);

/*
 * M1: true if all line ends are CRLF and no CR or LF is alone, which could end
 * a mail early for another server.
 */
bool	mime_is_wire(const char *data, size_t len);

#endif
