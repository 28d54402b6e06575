/*
 * stencil.c - cuts a rendered text into what stays and what is filled in.
 *
 * A mark is a control character for its slot, a "<" and the control character
 * again.  Escaped as HTML the "<" becomes an entity: so it is known how the
 * template wants the value, whatever it is.  Values are secrets: what held a
 * line with one is wiped.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/mime.h"
#include "core/stencil.h"

#define FIRST		'\1'
#define MARKS		"\1\2\3\4"
#define PLAIN		"<"
#define ESCAPED		"&lt;"

static const char marks[STENCIL_SLOTS][4] = {
	"\1<\1", "\2<\2", "\3<\3", "\4<\4"
};

/* A run of whole lines, all with marks or all without. */
struct piece {
	char	*text;		/* as it was rendered */
	char	*body;		/* the same encoded; NULL: it has marks */
};

struct stencil {
	enum escape	 escape;
	struct piece	*piece;
	size_t		 n;
};

/* A mark in a text. */
struct mark {
	size_t		 len;	/* 0: there is none here */
	unsigned int	 slot;
	bool		 escaped;
};

const char *
stencil_mark(unsigned int slot)
{
	return marks[slot];
}

static struct mark
mark_at(const char *s, enum escape escape)
{
	struct mark	m = { 0, 0, false };
	const char	*sign = PLAIN;
	size_t		 n;

	if (*s < FIRST || *s >= FIRST + STENCIL_SLOTS)
		return m;
	m.slot = (unsigned int)(*s - FIRST);
	if (escape == ESCAPE_HTML && s[1] == ESCAPED[0]) {
		m.escaped = true;
		sign = ESCAPED;
	}
	n = strlen(sign);
	if (strncmp(s + 1, sign, n) == 0 && s[1 + n] == *s)
		m.len = n + 2;
	return m;
}

/* Where the first mark is, at s or behind it; or the end. */
static const char *
next_mark(const char *s)
{
	return s + strcspn(s, MARKS);
}

static void
fill(const struct stencil *st, const char *s, const char *const *value,
    struct buf *out)
{
	const char	*mark;
	struct mark	 m;

	for (; *(mark = next_mark(s)) != '\0'; s = mark + m.len) {
		buf_add(out, s, (size_t)(mark - s));
		m = mark_at(mark, st->escape);
		if (value[m.slot] == NULL)
			continue;
		if (m.escaped)
			mustache_escape(out, value[m.slot]);
		else
			buf_adds(out, value[m.slot]);
	}
	buf_adds(out, s);
}

void
stencil_text(const struct stencil *s, const char *const *value,
    struct buf *out)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		fill(s, s->piece[i].text, value, out);
}

void
stencil_body(const struct stencil *s, const char *const *value,
    struct buf *out)
{
	struct buf	lines;
	size_t		i;

	for (i = 0; i < s->n; i++) {
		if (s->piece[i].body != NULL) {
			buf_adds(out, s->piece[i].body);
			continue;
		}
		buf_init(&lines, out->max);
		fill(s, s->piece[i].text, value, &lines);
		mime_body(out, buf_str(&lines));
		out->over |= lines.over;
		buf_wipe(&lines);
	}
}

/* True if nothing but marks is in the text that no mail may hold. */
static bool
text_ok(const char *s, enum escape escape)
{
	const char	*mark;
	struct mark	 m;

	if (!utf8_valid(s, strlen(s)))
		return false;
	for (; *(mark = next_mark(s)) != '\0'; s = mark + m.len) {
		m = mark_at(mark, escape);
		if (m.len == 0 || !utf8_is_lines(s, (size_t)(mark - s)))
			return false;
	}
	return utf8_is_lines(s, strlen(s));
}

/* The line at s with its end. */
static size_t
line_len(const char *s)
{
	size_t n = strcspn(s, "\n");

	return n + (s[n] == '\n');
}

static bool
has_mark(const char *line)
{
	char end = line[strcspn(line, MARKS "\n")];

	return end != '\n' && end != '\0';
}

/* Length of the lines at s that are alike: all with marks, or all without. */
static size_t
run_len(const char *s, bool *marked)
{
	size_t len = line_len(s);

	*marked = has_mark(s);
	while (s[len] != '\0' && has_mark(s + len) == *marked)
		len += line_len(s + len);
	return len;
}

static void
add_piece(struct stencil *st, const char *s, size_t len, bool marked)
{
	struct piece	*p;
	struct buf	 body;

	st->piece = mem_resize(st->piece, st->n + 1, sizeof(*st->piece));
	p = &st->piece[st->n++];
	p->text = mem_dup(s, len);
	p->body = NULL;
	if (marked)
		return;
	buf_init(&body, 4 * len + 8);	/* three for one, and soft breaks */
	mime_body(&body, p->text);
	p->body = buf_take(&body);
}

struct stencil *
stencil_new(const char *rendered, enum escape escape)
{
	struct stencil	*st;
	size_t		 len;
	bool		 marked;

	if (!text_ok(rendered, escape))
		return NULL;
	st = mem_zero(1, sizeof(*st));
	st->escape = escape;
	for (; *rendered != '\0'; rendered += len) {
		len = run_len(rendered, &marked);
		add_piece(st, rendered, len, marked);
	}
	return st;
}

void
stencil_free(struct stencil *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++) {
		free(s->piece[i].text);
		free(s->piece[i].body);
	}
	free(s->piece);
	free(s);
}
