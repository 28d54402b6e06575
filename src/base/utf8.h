/*
 * utf8.h - is this text, and may it stand in a header or on a page?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_BASE_UTF8_H
#define SENSED_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Length, 1 to 4, of the well-formed character at s (RFC 3629: shortest form,
 * no surrogate, at most U+10FFFF); 0 if there is none in the len bytes.
 */
size_t	utf8_char(const char *s, size_t len);

/* True if all len bytes are well-formed UTF-8; NUL is a character here. */
bool	utf8_valid(const char *s, size_t len);

/*
 * True if a control character is among them: U+0000 to U+001F, U+007F to
 * U+009F, or the line and paragraph separators U+2028 and U+2029.
 */
bool	utf8_has_control(const char *s, size_t len);

/* True if none is but TAB and line ends: lines of text. */
bool	utf8_is_lines(const char *s, size_t len);

#endif
