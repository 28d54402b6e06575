/*
 * tag.c - the tags of a template, one after another.
 *
 * Finds tags, their delimiters and the lines that they have to themselves.
 * Knows no values and writes nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/tag.h"

/* The first character of a tag's content that makes it more than a value. */
static const char sigils[] = "#^/!>=&{";

struct span
span_of(const char *s)
{
	return (struct span){ s, strlen(s) };
}

bool
span_same(struct span a, struct span b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
space(char c)
{
	return blank(c) || c == '\n' || c == '\r';
}

static struct span
trim(const char *from, const char *to)
{
	while (from < to && space(*from))
		from++;
	while (to > from && space(to[-1]))
		to--;
	return (struct span){ from, (size_t)(to - from) };
}

/* Length of the part without white space at the head of s. */
static size_t
word_len(struct span s)
{
	size_t n = 0;

	while (n < s.len && !space(s.p[n]))
		n++;
	return n;
}

void
tag_start(struct text *t, struct span name, const char *text, size_t len)
{
	t->name = name;
	t->start = t->pos = text;
	t->end = text + len;
	t->open = span_of("{{");
	t->close = span_of("}}");
}

/* How much of a name an error shows. */
static int
shown(struct span s)
{
	return s.len < 64 ? (int)s.len : 64;
}

enum err_code
tag_fail(const struct text *t, const char *at, const char *what,
    struct span about, struct err *e)
{
	unsigned int	 line = 1;
	const char	*p;

	about.len = word_len(about);	/* a message is one line */
	for (p = t->start; p < at; p++)
		line += *p == '\n';
	err_set(e, ERR_INPUT, "line %u: %s%s%.*s", line, what,
	    about.len != 0 ? ": " : "", shown(about), about.p);
	if (t->name.len != 0)
		err_prefix(e, "partial %.*s, ", shown(t->name), t->name.p);
	return ERR_INPUT;
}

static bool
value_tag(char kind)
{
	return kind == '\0' || kind == '&' || kind == '{';
}

/*
 * Where the closing delimiter is, with the mark before it that this kind of
 * tag wants; NULL: not in this text.
 */
static const char *
tag_end(const struct text *t, const char *content, char kind)
{
	const char	*p = content;
	char		 mark = kind == '{' ? '}' : kind == '=' ? '=' : '\0';

	while ((p = memmem(p, (size_t)(t->end - p), t->close.p,
	    t->close.len)) != NULL) {
		if (mark == '\0' || (p > content && p[-1] == mark))
			return p;
		p++;
	}
	return NULL;
}

/*
 * A tag that has a line to itself takes the whole line with it.  Values do
 * not: their line stays.
 */
static void
stand_alone(const struct text *t, struct tag *tag)
{
	const char	*from = tag->from, *next = tag->next;

	if (value_tag(tag->kind))
		return;
	while (from > t->start && blank(from[-1]))
		from--;
	if (from > t->start && from[-1] != '\n')
		return;
	while (next < t->end && blank(*next))
		next++;
	if (t->end - next >= 2 && next[0] == '\r' && next[1] == '\n')
		next++;
	if (next < t->end && *next != '\n')
		return;

	tag->indent.p = from;
	tag->indent.len = (size_t)(tag->from - from);
	tag->from = from;
	tag->next = next < t->end ? next + 1 : next;
}

/* Reads the tag whose opening delimiter is at `at`. */
static enum err_code
read_tag(const struct text *t, const char *at, struct tag *tag, struct err *e)
{
	const char	*p = at + t->open.len, *end;

	memset(tag, 0, sizeof(*tag));
	if (p < t->end && *p != '\0' && strchr(sigils, *p) != NULL)
		tag->kind = *p++;
	if ((end = tag_end(t, p, tag->kind)) == NULL)
		return tag_fail(t, at, "a tag is not closed, it ends with",
		    t->close, e);

	tag->from = at;
	tag->next = end + t->close.len;
	if (tag->kind == '{' || tag->kind == '=')
		end--;
	tag->content = trim(p, end);
	if (tag->kind != '!' && tag->kind != '=' && (tag->content.len == 0 ||
	    word_len(tag->content) != tag->content.len ||
	    strchr(sigils, *tag->content.p) != NULL))
		return tag_fail(t, at, "a tag needs exactly one name",
		    tag->content, e);
	stand_alone(t, tag);
	return ERR_OK;
}

enum err_code
tag_next(struct text *t, struct span *before, struct tag *tag, struct err *e)
{
	const char *at = memmem(t->pos, (size_t)(t->end - t->pos), t->open.p,
	    t->open.len);

	before->p = t->pos;
	before->len = (size_t)((at != NULL ? at : t->end) - t->pos);
	if (at == NULL)
		return ERR_ABSENT;
	if (read_tag(t, at, tag, e) != ERR_OK)
		return ERR_INPUT;
	before->len = (size_t)(tag->from - t->pos);
	t->pos = tag->next;
	return ERR_OK;
}

enum err_code
tag_delimiters(struct text *t, const struct tag *tag, struct err *e)
{
	const char	*end = tag->content.p + tag->content.len;
	struct span	 open = tag->content, close;

	open.len = word_len(open);
	close = trim(open.p + open.len, end);
	if (open.len == 0 || close.len == 0 || word_len(close) != close.len ||
	    memchr(tag->content.p, '=', tag->content.len) != NULL)
		return tag_fail(t, tag->from,
		    "expected two delimiters without '='", tag->content, e);
	t->open = open;
	t->close = close;
	return ERR_OK;
}
