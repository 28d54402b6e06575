/*
 * samenumbers.h - do text and HTML of a digest say the same?  M6, M15, M16.
 *
 * For unit tests only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_SAMENUMBERS_H
#define SENSED_TESTS_SAMENUMBERS_H

#include "digestcase.h"
#include "mailhtml.h"

#define SIDE_BYTES	(12 * 1024)	/* M15 */

/* The next number of a text that is no item of a list: HTML counts those. */
static inline void
next_number(const char **p, size_t *len)
{
	const char *s = *p;

	for (;; s++) {
		s += strcspn(s, "0123456789");
		*len = strspn(s, "0123456789.");
		if (*len == 0)
			break;
		if (s[-1] != '\n' || s[*len - 1] != '.')
			break;
		s += *len;	/* "1. " of a list, which HTML counts itself */
	}
	*p = s;
}

/* Fails unless both parts of the digest hold the same numbers in order. */
static inline void
check_equal_numbers(size_t bytes_max)
{
	char		*text = text_part();
	char		*html = part("digest.html", ESCAPE_HTML);
	char		*plain = without_tags(html);
	const char	*t = text, *h = plain;
	size_t		 tl, hl, n = 0;

	mail_html_check(html);
	assert_true(strlen(html) < bytes_max);
	for (;; t += tl, h += hl, n++) {
		next_number(&t, &tl);
		next_number(&h, &hl);
		if (tl != hl || memcmp(t, h, tl) != 0)
			fail_msg("text has %.20s, HTML %.20s", t, h);
		if (tl == 0)
			break;
	}
	assert_true(n > 2);
	free(plain);
	free(html);
	free(text);
}

#endif
