/*
 * buf.h - text that grows up to a ceiling.
 *
 * A buffer gets its ceiling when it is made.  What would pass the ceiling is
 * dropped whole and remembered in `over`: write on, ask once at the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_BASE_BUF_H
#define SENSED_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char	*p;	/* NUL behind the len bytes, or NULL when empty */
	size_t	 len;
	size_t	 cap;
	size_t	 max;	/* most bytes it may hold, NUL not counted */
	bool	 over;	/* something was dropped */
};

/* An empty buffer of at most max bytes; nothing is allocated yet. */
void		 buf_init(struct buf *b, size_t max);

/* Appends; after the first piece that does not fit, drops everything. */
void		 buf_add(struct buf *b, const void *p, size_t len);
void		 buf_adds(struct buf *b, const char *s);
void		 buf_addc(struct buf *b, char c);
void		 buf_addf(struct buf *b, const char *fmt, ...)
		     __attribute__((format(printf, 2, 3)));

/* The text, never NULL; good until the next call on b. */
const char	*buf_str(const struct buf *b);

/* Hands the text to the caller, who frees it; b is empty afterwards. */
char		*buf_take(struct buf *b);

/* Empties b and forgets `over`; memory stays. */
void		 buf_reset(struct buf *b);

/* Overwrites and frees; b is as after buf_init. */
void		 buf_wipe(struct buf *b);

#endif
