/*
 * utf8.c - well-formed text and control characters.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/utf8.h"

/* The well-formed sequences of RFC 3629 section 4, by lead byte. */
static const struct {
	unsigned char	lead_min, lead_max;
	unsigned char	second_min, second_max;
	size_t		len;
} forms[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static bool
tail_ok(const unsigned char *u, size_t form)
{
	size_t i;

	if (forms[form].len > 1 && (u[1] < forms[form].second_min ||
	    u[1] > forms[form].second_max))
		return false;
	for (i = 2; i < forms[form].len; i++)
		if (u[i] < 0x80 || u[i] > 0xbf)
			return false;
	return true;
}

size_t
utf8_char(const char *s, size_t len)
{
	const unsigned char	*u = (const unsigned char *)s;
	size_t			 i;

	if (len == 0)
		return 0;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (u[0] >= forms[i].lead_min && u[0] <= forms[i].lead_max)
			return forms[i].len <= len && tail_ok(u, i) ?
			    forms[i].len : 0;
	return 0;
}

bool
utf8_valid(const char *s, size_t len)
{
	size_t n;

	for (; len > 0; s += n, len -= n) {
		n = 1;
		if ((unsigned char)*s >= 0x80 && (n = utf8_char(s, len)) == 0)
			return false;
	}
	return true;
}

bool
utf8_has_control(const char *s, size_t len)
{
	const unsigned char	*u = (const unsigned char *)s;
	size_t			 i;

	for (i = 0; i < len; i++) {
		if (u[i] >= 0x20 && u[i] < 0x7f)
			continue;
		if (u[i] < 0x20 || u[i] == 0x7f)
			return true;
		if (u[i] == 0xc2 && i + 1 < len && u[i + 1] < 0xa0)
			return true;
		if (i + 2 < len && (memcmp(u + i, "\xe2\x80\xa8", 3) == 0 ||
		    memcmp(u + i, "\xe2\x80\xa9", 3) == 0))
			return true;
	}
	return false;
}

bool
utf8_is_lines(const char *s, size_t len)
{
	size_t n;

	for (; len > 0; s += n, len -= n) {
		for (n = 0; n < len && (unsigned char)s[n] >= 0x20; n++)
			continue;
		if (utf8_has_control(s, n))
			return false;
		if (n == len)
			return true;
		if (s[n] != '\t' && s[n] != '\r' && s[n] != '\n')
			return false;
		n++;
	}
	return true;
}
