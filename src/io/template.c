/*
 * template.c - reads templates once and renders them.
 *
 * Keeps what it has read until the end of the process, so that a wave is
 * mailed with one wording, and also that one is not there.  Never follows a
 * name out of the folder.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "io/file.h"
#include "io/template.h"

#define TEMPLATE_MAX	(1U << 18)	/* bytes */
#define NAME_CHARS	"abcdefghijklmnopqrstuvwxyz0123456789-_."

struct template {
	struct template	*next;
	char		*path;
	char		*text;		/* NULL: rc and why tell */
	enum err_code	 rc;
	struct err	 why;
	bool		 checked;
};

struct templates {
	char		*dir;
	pthread_mutex_t	 lock;		/* of first; what it leads to stays */
	struct template	*first;
};

/* What a partial is looked up with, and what went wrong with one. */
struct lookup {
	struct templates	*t;
	const char		*lang;
	enum err_code		 rc;
	struct err		 why;
};

static mustache_seen check_name;

struct templates *
templates_new(const char *dir)
{
	struct templates *t = mem_zero(1, sizeof(*t));

	t->dir = mem_str(dir);
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

void
templates_free(struct templates *t)
{
	struct template *one;

	if (t == NULL)
		return;
	while ((one = t->first) != NULL) {
		t->first = one->next;
		free(one->path);
		free(one->text);
		free(one);
	}
	pthread_mutex_destroy(&t->lock);
	free(t->dir);
	free(t);
}

static struct template *
read_template(char *path)
{
	struct template	*one = mem_zero(1, sizeof(*one));
	size_t		 len;

	one->path = path;
	one->rc = file_read(path, TEMPLATE_MAX, &one->text, &len, &one->why);
	if (one->rc != ERR_OK) {
		one->text = NULL;
		return one;
	}
	if (strlen(one->text) != len || !utf8_valid(one->text, len)) {
		free(one->text);
		one->text = NULL;
		one->rc = err_set(&one->why, ERR_INPUT, "%s: not UTF-8, or "
		    "with a NUL inside, expected UTF-8 text", path);
	}
	return one;
}

static struct template *
find(struct templates *t, const char *lang, const char *name)
{
	char		*path;
	struct template	*one;

	path = mem_fmt("%s/%s/%s.mustache", t->dir, lang, name);
	pthread_mutex_lock(&t->lock);
	for (one = t->first; one != NULL; one = one->next)
		if (strcmp(one->path, path) == 0)
			break;
	if (one == NULL) {
		one = read_template(path);
		one->next = t->first;
		t->first = one;
	} else
		free(path);
	pthread_mutex_unlock(&t->lock);
	return one;
}

static struct template *
find_partial(struct lookup *l, const char *name)
{
	struct template *one;

	if (name[0] == '\0' || strspn(name, NAME_CHARS) != strlen(name)) {
		l->rc = err_set(&l->why, ERR_INPUT, "%s: a partial's name is "
		    "of a to z, 0 to 9, _ and .", name);
		return NULL;
	}
	one = find(l->t, l->lang, name);
	if (one->rc != ERR_OK) {
		/* the standard shows nothing; a promise must not go missing */
		l->rc = one->rc == ERR_ABSENT ? ERR_INPUT : one->rc;
		l->why = one->why;
	}
	return one;
}

static const char *
partial(void *arg, const char *name)
{
	const struct template *one = find_partial(arg, name);

	return one != NULL ? one->text : NULL;
}

/* The renderer knows the line, not the file: "line 7: ..." gets "FILE:7: ". */
static enum err_code
name_fault(const char *path, enum err_code rc, struct err *e)
{
	static const char	line[] = "line ";
	const size_t		len = sizeof(line) - 1;
	const bool		known = strncmp(e->msg, line, len) == 0;

	if (known)
		memmove(e->msg, e->msg + len, strlen(e->msg + len) + 1);
	err_prefix(e, "%s:%s", path, known ? "" : " ");
	return rc;
}

enum err_code
templates_render(struct templates *t, const char *lang, const char *name,
    const struct view *view, enum escape escape, struct buf *out,
    struct err *e)
{
	struct lookup		 l = { .t = t, .lang = lang };
	const struct template	*one = find(t, lang, name);
	enum err_code		 rc;

	if (one->rc != ERR_OK) {
		*e = one->why;
		return one->rc;
	}
	rc = mustache_render(out, one->text, view, escape, partial, &l, e);
	if (rc != ERR_OK)
		return name_fault(one->path, rc, e);
	if (l.rc != ERR_OK)
		*e = l.why;
	return l.rc;
}

/* Checks a template once; the first fault stays in l. */
static void
check(struct lookup *l, struct template *one)
{
	struct err	e;
	enum err_code	rc;

	if (one == NULL || one->text == NULL || one->checked)
		return;
	one->checked = true;
	rc = mustache_names(one->text, check_name, l, &e);
	if (rc != ERR_OK && l->rc == ERR_OK) {
		l->rc = name_fault(one->path, rc, &e);
		l->why = e;
	}
}

static void
check_name(void *arg, char kind, const char *name)
{
	struct lookup *l = arg;

	if (kind == '>' && l->rc == ERR_OK)
		check(l, find_partial(l, name));
}

enum err_code
templates_check(struct templates *t, const char *lang, const char *name,
    struct err *e)
{
	struct lookup l = { .t = t, .lang = lang };

	check(&l, find_partial(&l, name));
	if (l.rc != ERR_OK)
		*e = l.why;
	return l.rc;
}

size_t
templates_marked(struct templates *t, const char *lang, const char *mark)
{
	char			*dir = mem_fmt("%s/%s/", t->dir, lang);
	const struct template	*one;
	size_t			 n = 0;

	for (one = t->first; one != NULL; one = one->next)
		n += one->checked && strstr(one->text, mark) != NULL &&
		    strncmp(one->path, dir, strlen(dir)) == 0;
	free(dir);
	return n;
}
