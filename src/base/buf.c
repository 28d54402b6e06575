/*
 * buf.c - text that grows up to a ceiling.
 *
 * Old memory is overwritten before it is let go, since a buffer may hold a
 * link or an answer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

void
buf_init(struct buf *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

/* Moves to a larger block; realloc would leave the old bytes in the heap. */
static void
grow(struct buf *b, size_t need)
{
	size_t	 cap = b->cap != 0 ? b->cap : 64;
	char	*p;

	while (cap < need)
		cap *= 2;
	p = mem_zero(cap, 1);
	if (b->p != NULL) {
		memcpy(p, b->p, b->len);
		explicit_bzero(b->p, b->cap);
		free(b->p);
	}
	b->p = p;
	b->cap = cap;
}

void
buf_add(struct buf *b, const void *p, size_t len)
{
	if (b->over || len > b->max - b->len) {
		b->over = true;
		return;
	}
	if (len == 0)
		return;
	if (b->len + len + 1 > b->cap)
		grow(b, b->len + len + 1);
	memcpy(b->p + b->len, p, len);
	b->len += len;
	b->p[b->len] = '\0';
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	char	 small[256], *large;
	va_list	 ap, again;
	int	 n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(small))
		buf_add(b, small, (size_t)n);
	else if (n >= 0) {
		large = mem_zero((size_t)n + 1, 1);
		vsnprintf(large, (size_t)n + 1, fmt, again);
		buf_add(b, large, (size_t)n);
		explicit_bzero(large, (size_t)n);
		free(large);
	}
	va_end(again);
	explicit_bzero(small, sizeof(small));
}

const char *
buf_str(const struct buf *b)
{
	return b->p != NULL ? b->p : "";
}

char *
buf_take(struct buf *b)
{
	char *p = b->p != NULL ? b->p : mem_str("");

	buf_init(b, b->max);
	return p;
}

void
buf_reset(struct buf *b)
{
	if (b->p != NULL)
		b->p[0] = '\0';
	b->len = 0;
	b->over = false;
}

void
buf_wipe(struct buf *b)
{
	if (b->p != NULL) {
		explicit_bzero(b->p, b->cap);
		free(b->p);
	}
	buf_init(b, b->max);
}
