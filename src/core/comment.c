/*
 * comment.c - cleans and measures one comment.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/utf8.h"
#include "core/comment.h"

/* U+202A to U+202E and U+2066 to U+2069: they would reorder what follows. */
static bool
turns(const char *s, size_t n)
{
	unsigned char c = n == 3 ? (unsigned char)s[2] : 0;

	return c != 0 && (memcmp(s, "\xe2\x80", 2) == 0 ?
	    c >= 0xaa && c <= 0xae :
	    memcmp(s, "\xe2\x81", 2) == 0 && c >= 0xa6 && c <= 0xa9);
}

static bool
is_space(const char *s, size_t n)
{
	return *s == ' ' || utf8_has_control(s, n) || turns(s, n);
}

bool
comment_clean(char *s)
{
	size_t	len = strlen(s), n;
	char	*out = s, *from = s, *end = s + len;
	bool	gap = false;

	if (!utf8_valid(s, len))
		return false;
	for (; from < end; from += n) {
		n = utf8_char(from, (size_t)(end - from));
		if (is_space(from, n)) {
			gap = out > s;
			continue;
		}
		if (gap)
			*out++ = ' ';
		gap = false;
		memmove(out, from, n);
		out += n;
	}
	*out = '\0';
	return true;
}

bool
comment_fits(const char *s)
{
	size_t	len = strlen(s), chars = 0, i;

	for (i = 0; i < len; i++)
		chars += ((unsigned char)s[i] & 0xc0) != 0x80;
	return len <= COMMENT_BYTES && chars <= COMMENT_CHARS;
}
