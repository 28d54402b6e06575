/*
 * mustache.c - logic-less templates.
 *
 * The template is rendered as it is read: a section that repeats is read once
 * an item, one that is false is read without output, so that its tags are
 * checked all the same.  Keeps nothing between calls and knows no file; where
 * partials come from is the caller's business.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/mustache.h"
#include "core/tag.h"

/* Deep enough for any page; ends a partial that calls itself. */
#define DEPTH_MAX	32

/* The values that names are looked up in, innermost first. */
struct context {
	const struct view	*top;
	const struct context	*up;
};

struct render {
	struct buf		*out;
	enum escape		 escape;
	mustache_partial	*partial;
	void			*arg;
	unsigned int		 depth;
	struct err		*e;
};

static enum err_code	block(struct render *, struct text *,
			    const struct context *, const struct tag *);

/*
 * The first part of a dotted name is looked for in every context, the others
 * only in what the part before them named.
 */
static const struct view *
look_up(const struct context *c, struct span name)
{
	const char		*end = name.p + name.len, *dot;
	const struct view	*v = NULL;
	size_t			 len;

	if (name.len == 1 && name.p[0] == '.')
		return c->top;
	dot = memchr(name.p, '.', name.len);
	len = dot != NULL ? (size_t)(dot - name.p) : name.len;
	for (; c != NULL && v == NULL; c = c->up)
		v = view_get(c->top, name.p, len);
	while (v != NULL && dot != NULL) {
		name.p = dot + 1;
		dot = memchr(name.p, '.', (size_t)(end - name.p));
		len = (size_t)((dot != NULL ? dot : end) - name.p);
		v = view_get(v, name.p, len);
	}
	return v;
}

static const char *
entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return "";
}

void
mustache_escape(struct buf *out, const char *s)
{
	size_t n;

	while (s[n = strcspn(s, "&<>\"'")] != '\0') {
		buf_add(out, s, n);
		buf_adds(out, entity(s[n]));
		s += n + 1;
	}
	buf_add(out, s, n);
}

static void
value(const struct render *r, const struct context *c, const struct tag *tag)
{
	const char *s = view_string(look_up(c, tag->content));

	if (tag->kind == '\0' && r->escape == ESCAPE_HTML)
		mustache_escape(r->out, s);
	else
		buf_adds(r->out, s);
}

static enum err_code
repeat(struct render *r, struct text *t, const struct context *c,
    const struct tag *tag, const struct view *list)
{
	const struct text	 body = *t;
	const struct view	*item;
	enum err_code		 rc = ERR_OK;

	for (item = view_first(list); item != NULL && rc == ERR_OK;
	    item = view_next(item)) {
		struct context inner = { item, c };

		*t = body;
		rc = block(r, t, &inner, tag);
	}
	return rc;
}

static enum err_code
section(struct render *r, struct text *t, const struct context *c,
    const struct tag *tag)
{
	const struct view	*v;
	struct context		 inner;

	if (c == NULL)
		return block(r, t, NULL, tag);
	v = look_up(c, tag->content);
	if (view_true(v) == (tag->kind == '^'))
		return block(r, t, NULL, tag);
	if (tag->kind == '^' || view_is_flag(v))
		return block(r, t, c, tag);
	if (view_is_list(v))
		return repeat(r, t, c, tag, v);
	inner.top = v;
	inner.up = c;
	return block(r, t, &inner, tag);
}

/* The text with the indent of the partial's tag before each line of it. */
static void
add_indented(struct buf *out, const char *text, struct span indent)
{
	const char *nl;

	for (; *text != '\0'; text = nl + 1) {
		buf_add(out, indent.p, indent.len);
		if ((nl = strchr(text, '\n')) == NULL) {
			buf_adds(out, text);
			return;
		}
		buf_add(out, text, (size_t)(nl + 1 - text));
	}
}

static enum err_code
partial(struct render *r, const struct text *t, const struct context *c,
    const struct tag *tag)
{
	char		*name;
	const char	*text;
	struct text	 inner;
	struct buf	 lines;
	enum err_code	 rc;

	if (r->partial == NULL)
		return ERR_OK;
	name = mem_dup(tag->content.p, tag->content.len);
	text = r->partial(r->arg, name);
	free(name);
	if (text == NULL)
		return ERR_OK;

	buf_init(&lines, r->out->max);
	add_indented(&lines, text, tag->indent);
	tag_start(&inner, tag->content, buf_str(&lines), lines.len);
	if (lines.over)
		rc = tag_fail(t, tag->from, "too long a partial",
		    tag->content, r->e);
	else
		rc = block(r, &inner, c, NULL);
	buf_wipe(&lines);
	return rc;
}

/* Any tag but the end of a section; c is NULL where nothing is shown. */
static enum err_code
act(struct render *r, struct text *t, const struct context *c,
    const struct tag *tag)
{
	if (tag->kind == '#' || tag->kind == '^')
		return section(r, t, c, tag);
	if (tag->kind == '=')
		return tag_delimiters(t, tag, r->e);
	if (c == NULL || tag->kind == '!')
		return ERR_OK;
	if (tag->kind == '>')
		return partial(r, t, c, tag);
	value(r, c, tag);
	return ERR_OK;
}

/* A closing tag: of this section, or a fault. */
static enum err_code
end_section(const struct render *r, const struct text *t,
    const struct tag *tag, const struct tag *open)
{
	if (open == NULL)
		return tag_fail(t, tag->from, "no section is open to be closed",
		    tag->content, r->e);
	if (!span_same(tag->content, open->content))
		return tag_fail(t, tag->from, "expected the end of section",
		    open->content, r->e);
	return ERR_OK;
}

/*
 * Renders up to the end of the section that `open` began, or of the text if
 * open is NULL.  Without a context it only reads.
 */
static enum err_code
inside(struct render *r, struct text *t, const struct context *c,
    const struct tag *open)
{
	struct span	before;
	struct tag	tag;
	enum err_code	rc;

	while ((rc = tag_next(t, &before, &tag, r->e)) == ERR_OK) {
		if (c != NULL)
			buf_add(r->out, before.p, before.len);
		if (tag.kind == '/')
			return end_section(r, t, &tag, open);
		if ((rc = act(r, t, c, &tag)) != ERR_OK)
			return rc;
	}
	if (rc != ERR_ABSENT)
		return rc;
	if (open != NULL)
		return tag_fail(t, open->from, "expected the end of section",
		    open->content, r->e);
	if (c != NULL)
		buf_add(r->out, before.p, before.len);
	return ERR_OK;
}

static enum err_code
block(struct render *r, struct text *t, const struct context *c,
    const struct tag *open)
{
	enum err_code rc;

	if (r->depth > DEPTH_MAX)
		return tag_fail(t, t->pos, "nested too deeply", span_of(""),
		    r->e);
	r->depth++;
	rc = inside(r, t, c, open);
	r->depth--;
	return rc;
}

enum err_code
mustache_render(struct buf *out, const char *template, const struct view *root,
    enum escape escape, mustache_partial *partial_text, void *arg,
    struct err *e)
{
	struct render		 r = { out, escape, partial_text, arg, 0, e };
	const struct context	 c = { root, NULL };
	const size_t		 before = out->len;
	struct text		 t;
	enum err_code		 rc;

	tag_start(&t, span_of(""), template, strlen(template));
	rc = block(&r, &t, &c, NULL);
	if (rc == ERR_OK && out->over)
		rc = err_set(e, ERR_INPUT, "the text is over %zu bytes",
		    out->max);
	if (rc != ERR_OK && out->p != NULL) {
		out->len = before;
		out->p[before] = '\0';
	}
	return rc;
}

static void
tell_name(const struct tag *tag, mustache_seen *seen, void *arg)
{
	const char	 kind = tag->kind == '&' || tag->kind == '{' ? '\0' :
			    tag->kind;
	char		*name;

	if (kind != '\0' && strchr("#^>", kind) == NULL)
		return;
	name = mem_dup(tag->content.p, tag->content.len);
	seen(arg, kind, name);
	free(name);
}

enum err_code
mustache_names(const char *template, mustache_seen *seen, void *arg,
    struct err *e)
{
	struct view	*none = view_new();
	struct text	 t;
	struct span	 before;
	struct tag	 tag;
	struct buf	 out;
	enum err_code	 rc;

	/* rendered with nothing first: is every section closed? */
	buf_init(&out, strlen(template) + 1);
	rc = mustache_render(&out, template, none, ESCAPE_NONE, NULL, NULL, e);
	buf_wipe(&out);
	view_free(none);
	if (rc != ERR_OK)
		return rc;
	tag_start(&t, span_of(""), template, strlen(template));
	while ((rc = tag_next(&t, &before, &tag, e)) == ERR_OK) {
		tell_name(&tag, seen, arg);
		if (tag.kind == '=' &&
		    (rc = tag_delimiters(&t, &tag, e)) != ERR_OK)
			return rc;
	}
	return rc == ERR_ABSENT ? ERR_OK : rc;
}
