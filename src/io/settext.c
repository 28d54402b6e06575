/*
 * settext.c - a walk over the text of a configuration file.
 *
 * libconfig 1.5 reads 3000000000 as a negative number and reports success
 * (doc/spec/FACTS 5), so numbers are counted digit by digit here, outside
 * texts and comments.  Knows that much of the syntax and no more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"
#include "io/settext.h"

struct walk {
	const char	*path;
	const char	*p, *end;
	unsigned int	 line;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What a name or a number goes on with. */
static bool
is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
	    || c == '_' || c == '-' || c == '*';
}

static void
step(struct walk *w)
{
	if (*w->p++ == '\n')
		w->line++;
}

static bool
at(const struct walk *w, const char *s)
{
	size_t len = strlen(s);

	return (size_t)(w->end - w->p) >= len && memcmp(w->p, s, len) == 0;
}

static void
skip_past(struct walk *w, const char *s)
{
	while (w->p < w->end && !at(w, s))
		step(w);
	if (w->p < w->end)
		w->p += strlen(s);
}

static void
skip_line(struct walk *w)
{
	while (w->p < w->end && *w->p != '\n')
		w->p++;
}

static enum err_code
walk_text(struct walk *w, struct err *e)
{
	for (step(w); w->p < w->end && *w->p != '"'; step(w)) {
		if (at(w, "\\x00"))
			return err_set(e, ERR_INPUT, "%s:%u: a NUL inside a "
			    "text, expected text without control characters",
			    w->path, w->line);
		if (*w->p == '\\' && w->p + 1 < w->end)
			step(w);
	}
	if (w->p < w->end)
		step(w);
	return ERR_OK;
}

static enum err_code
walk_number(struct walk *w, struct err *e)
{
	size_t digits = 0;

	if (at(w, "0x") || at(w, "0X"))
		return err_set(e, ERR_INPUT, "%s:%u: a number in hexadecimal, "
		    "expected a decimal number", w->path, w->line);
	for (; w->p < w->end && is_digit(*w->p); w->p++)
		digits++;
	if (digits > SETTEXT_DIGITS)
		return err_set(e, ERR_INPUT, "%s:%u: a number of %zu digits, "
		    "expected at most %d", w->path, w->line, digits,
		    SETTEXT_DIGITS);
	return ERR_OK;
}

static enum err_code
walk_on(struct walk *w, struct err *e)
{
	if (*w->p == '"')
		return walk_text(w, e);
	if (is_digit(*w->p))
		return walk_number(w, e);
	if (*w->p == '#' || at(w, "//"))
		skip_line(w);
	else if (at(w, "/*"))
		skip_past(w, "*/");
	else if (is_word(*w->p) && *w->p != '-')
		while (w->p < w->end && is_word(*w->p))
			w->p++;
	else
		step(w);
	return ERR_OK;
}

static enum err_code
check_bytes(struct walk *w, struct err *e)
{
	size_t n;

	while (w->p < w->end) {
		n = utf8_char(w->p, (size_t)(w->end - w->p));
		if (n == 0)
			return err_set(e, ERR_INPUT, "%s:%u: bytes that are "
			    "not UTF-8, expected UTF-8", w->path, w->line);
		if (*w->p == '\0')
			return err_set(e, ERR_INPUT, "%s:%u: a NUL, expected "
			    "text", w->path, w->line);
		if (n == 1)
			step(w);
		else
			w->p += n;
	}
	return ERR_OK;
}

enum err_code
settext_check(const char *path, const char *text, size_t len, struct err *e)
{
	struct walk	w = { path, text, text + len, 1 };
	enum err_code	rc = check_bytes(&w, e);

	w.p = text;
	w.line = 1;
	while (rc == ERR_OK && w.p < w.end)
		rc = walk_on(&w, e);
	return rc;
}
