/*
 * mailhtml.h - is this HTML what mail programs show alike?  STANDARDS M16.
 *
 * For unit tests only.  Knows just enough of HTML to walk tags, attributes and
 * inline styles, and fails the test at whatever is not on its lists.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_MAILHTML_H
#define SENSED_TESTS_MAILHTML_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

static const char *const mail_elements =
    " !doctype html head meta title body table tr td th h1 h2 p a strong span "
    "br ul ol li ";
static const char *const mail_attributes =
    " lang charset name content style role aria-hidden aria-label scope width "
    "height align bgcolor colspan cellpadding cellspacing border href ";
static const char *const mail_properties =
    " margin padding background-color color font-family font-size font-weight "
    "line-height text-decoration white-space width max-width border-bottom "
    "border-top ";

static inline void
mail_allowed(const char *list, const char *word, size_t len)
{
	char	*wanted = mem_fmt(" %.*s ", (int)len, word);
	size_t	 i;

	for (i = 0; wanted[i] != '\0'; i++)
		if (wanted[i] >= 'A' && wanted[i] <= 'Z')
			wanted[i] = (char)(wanted[i] + 'a' - 'A');
	if (strstr(list, wanted) == NULL)
		fail_msg("not allowed in a mail:%s", wanted);
	free(wanted);
}

/* The digits at the head of a text, as a number. */
static inline uint64_t
mail_number(const char *s)
{
	uint64_t n;

	assert_true(num_parse(s, strspn(s, "0123456789"), 0, 99999, &n));
	return n;
}

static inline double
channel(const char *hex, double flip)
{
	unsigned int	byte;
	double		c;

	assert_int_equal(sscanf(hex, "%2x", &byte), 1);
	c = fabs(flip - byte / 255.0);
	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* Relative luminance of "rrggbb" (WCAG 2.2); flip 1: of its inverse. */
static inline double
luminance(const char *rgb, double flip)
{
	return 0.2126 * channel(rgb, flip) + 0.7152 * channel(rgb + 2, flip) +
	    0.0722 * channel(rgb + 4, flip);
}

static inline double
contrast(const char *a, const char *b, double flip)
{
	double la = luminance(a, flip), lb = luminance(b, flip);

	return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

/* Text stands on white, or white text on the colour of the button. */
static inline void
mail_colour(const char *rgb)
{
	const char	*other = strncmp(rgb, "ffffff", 6) == 0 ? "0b5563" :
			    "ffffff";

	assert_true(contrast(rgb, other, 0) >= 4.5);
	assert_true(contrast(rgb, other, 1) >= 4.5);
}

static inline void
mail_style(const char *s, const char *end)
{
	const char	*colon;
	size_t		 len;

	for (; s < end; s += len + (s + len < end)) {
		len = strcspn(s, ";\"");
		colon = memchr(s, ':', len);
		assert_non_null(colon);
		mail_allowed(mail_properties, s, (size_t)(colon - s));
		if (strncmp(s, "color:#", 7) == 0)
			mail_colour(s + 7);
		if (strncmp(s, "font-size:", 10) == 0)
			assert_true(mail_number(s + 10) >= 16 ||
			    strncmp(s, "font-size:1px", 13) == 0);
	}
}

/* Walks the attributes from p to the tag's end; returns what is behind it. */
static inline const char *
mail_attrs(const char *p)
{
	const char	*value, *end;
	size_t		 len;

	while (*(p += strspn(p, " \n")) != '>') {
		len = strcspn(p, "= >\n");
		if (p[len] != '=') {	/* only the doctype has such words */
			p += len;
			continue;
		}
		mail_allowed(mail_attributes, p, len);
		assert_int_equal(p[len + 1], '"');
		value = p + len + 2;
		end = strchr(value, '"');
		assert_non_null(end);
		if (strncmp(p, "style=", 6) == 0)
			mail_style(value, end);
		p = end + 1;
	}
	return p + 1;
}

/* Fails unless html holds allowed elements, attributes, properties only. */
static inline void
mail_html_check_all(const char *html)
{
	const char	*p = html;
	size_t		 len;

	while ((p = strchr(p, '<')) != NULL) {
		p += p[1] == '/' ? 2 : 1;
		len = strcspn(p, " >\n");
		mail_allowed(mail_elements, p, len);
		p = mail_attrs(p + len);
	}
	assert_int_equal(count_of(html, "<table role=\"presentation\"") +
	    count_of(html, "<table aria-label=\""), count_of(html, "<table"));
}

/* The same for a mail in one language, which has one heading of all. */
static inline void
mail_html_check(const char *html)
{
	mail_html_check_all(html);
	assert_int_equal(count_of(html, "<h1"), 1);
}

/* What is left of a page without tags, and entities as they are. */
static inline char *
without_tags(const char *html)
{
	const char	*p = strstr(html, "<body");
	char		*out = mem_zero(strlen(html) + 1, 1), *o = out;

	for (p = p == NULL ? html : p; *p != '\0'; p++) {
		if (*p != '<') {
			*o++ = *p;
			continue;
		}
		*o++ = ' ';
		p = strchr(p, '>');
		assert_non_null(p);
	}
	return out;
}

#endif
