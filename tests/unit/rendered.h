/*
 * rendered.h - the shipped templates, rendered as the programs render them.
 *
 * For unit tests only.  Reads $SRCDIR/templates (the current directory
 * without SRCDIR), so that a test sees the very words that people see.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_RENDERED_H
#define SENSED_TESTS_RENDERED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/mustache.h"

#define RENDERED_MAX	(256 * 1024)

/* The folder that the templates come from; a test may set another. */
static const char *rendered_lang = "en";

/* The whole file, which the caller frees; NULL if there is none. */
static inline char *
read_whole(const char *path)
{
	char	*text = mem_zero(RENDERED_MAX, 1);
	FILE	*f = fopen(path, "r");
	size_t	 n;

	if (f == NULL) {
		free(text);
		return NULL;
	}
	n = fread(text, 1, RENDERED_MAX - 1, f);
	fclose(f);
	text[n] = '\0';
	return text;
}

/* The path of a file of the sources, which the caller frees. */
static inline char *
source_path(const char *name)
{
	const char *dir = getenv("SRCDIR");

	return mem_fmt("%s/%s", dir != NULL ? dir : ".", name);
}

/* The text of NAME.mustache in that folder, which the caller frees, or NULL. */
static inline char *
template_text(const char *name)
{
	char	*below = mem_fmt("templates/%s/%s.mustache", rendered_lang,
		    name);
	char	*path = source_path(below);
	char	*text = read_whole(path);

	free(below);
	free(path);
	return text;
}

struct cache {
	size_t	 n;
	char	*name[64], *text[64];
};

static inline const char *
cached(void *arg, const char *name)
{
	struct cache	*c = arg;
	size_t		 i;

	for (i = 0; i < c->n; i++)
		if (strcmp(c->name[i], name) == 0)
			return c->text[i];
	assert_true(c->n < 64);
	c->name[c->n] = mem_str(name);
	if ((c->text[c->n] = template_text(name)) == NULL)
		fail_msg("no template %s", name);
	return c->text[c->n++];
}

/* Renders a template; the caller frees the text, and still owns the view. */
static inline char *
rendered(const char *name, const struct view *v, enum escape escape)
{
	struct cache	 c = { 0 };
	struct buf	 b;
	struct err	 e;
	size_t		 i;

	buf_init(&b, RENDERED_MAX);
	if (mustache_render(&b, cached(&c, name), v, escape, cached, &c,
	    &e) != ERR_OK)
		fail_msg("%s: %s", name, e.msg);
	for (i = 0; i < c.n; i++) {
		free(c.name[i]);
		free(c.text[i]);
	}
	return buf_take(&b);
}

/* How often a text stands in another. */
static inline size_t
count_of(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		n++;
	return n;
}

static inline void
assert_has(const char *text, const char *what)
{
	if (strstr(text, what) == NULL)
		fail_msg("missing: %s", what);
}

static inline void
assert_lacks(const char *text, const char *what)
{
	if (strstr(text, what) != NULL)
		fail_msg("found: %s", what);
}

#endif
