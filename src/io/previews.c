/*
 * previews.c - a folder of previews, to be looked at in a browser.
 *
 * Everything is rendered before the first byte is written: a template that is
 * wrong leaves the folder as it was.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/words.h"
#include "io/file.h"
#include "io/preview.h"
#include "io/previews.h"
#include "io/template.h"

#define LIST		".sensed-preview"
#define LIST_MAX	(1U << 20)
#define INDEX		"index.html"
#define DIR_MODE	0755
#define FILE_MODE	0644	/* sample data: nobody's */
#define BOTH		"both"

struct made {
	char	*name;
	char	*data;
	size_t	 len;
};

struct folder {
	const struct conf	*conf;
	const char		*dir, *kind, *lang;
	int64_t			 now;
	struct made		*made;
	size_t			 n, cap;
	size_t			 shown;
	struct view		*index;		/* of the page that lists all */
	struct view		*surveys;
};

static void
keep(struct folder *f, char *name, const char *data, size_t len)
{
	if (f->n == f->cap) {
		f->cap = f->cap * 2 + 64;
		f->made = mem_resize(f->made, f->cap, sizeof(*f->made));
	}
	f->made[f->n++] = (struct made){ name, mem_dup(data, len), len };
}

/* "sample-digest-staff-en" without its ending. */
static char *
name_of(const struct folder *f, const struct conf_survey *s,
    const struct preview_kind *k, const char *lang)
{
	const bool several = f->conf->n_surveys > 1;

	return mem_fmt("sample-%s%s%s-%s", preview_name(k),
	    several ? "-" : "", several ? s->name : "", lang);
}

/* Keeps one kind of file, and tells the list of it. */
static void
keep_as(struct folder *f, struct view *item, const char *stem,
    const char *ending, const char *data, size_t len)
{
	char *name = mem_fmt("%s.%s", stem, ending);

	view_text(item, ending, name);
	keep(f, name, data, len);
}

static enum err_code
show_one(struct folder *f, struct preview *p, const struct conf_survey *s,
    const struct preview_kind *k, const char *lang, struct view *list,
    struct err *e)
{
	struct preview_shown	 shown;
	struct view		*item;
	enum err_code		 rc;
	char			*stem;

	if ((rc = preview_show(p, k, lang, &shown, e)) != ERR_OK)
		return rc;
	stem = name_of(f, s, k, lang);
	item = view_item(list);
	view_flag(item, lang, true);
	keep_as(f, item, stem, "html", shown.html, strlen(shown.html));
	if (shown.text != NULL) {
		keep_as(f, item, stem, "txt", shown.text, strlen(shown.text));
		keep_as(f, item, stem, "eml", shown.mail, shown.mail_len);
	}
	free(stem);
	f->shown++;
	return ERR_OK;
}

/* A kind's flag in the list: its name, "_" for "-". */
static void
add_flag(struct view *item, const char *name)
{
	char	*flag = mem_str(name), *p;

	for (p = flag; (p = strchr(p, '-')) != NULL; )
		*p = '_';
	view_flag(item, flag, true);
	free(flag);
}

static enum err_code
show_kind(struct folder *f, struct preview *p, const struct conf_survey *s,
    const struct preview_kind *k, struct view *list, struct err *e)
{
	const struct langs	*l = &s->site.langs;
	struct view		*item = view_item(list), *files;
	enum err_code		 rc = ERR_OK;
	size_t			 i;

	add_flag(item, preview_name(k));
	files = view_list(item, "files");
	for (i = 0; i < l->n && rc == ERR_OK; i++)
		if (f->lang == NULL || strcmp(f->lang, l->code[i]) == 0)
			rc = show_one(f, p, s, k, l->code[i], files, e);
	if (rc == ERR_OK && preview_is_mail(k) && l->n > 1 &&
	    (f->lang == NULL || strcmp(f->lang, BOTH) == 0))
		rc = show_one(f, p, s, k, BOTH, files, e);
	return rc;
}

static bool
wanted(const struct folder *f, const struct preview_kind *k)
{
	return preview_means(k, f->kind) && (preview_is_mail(k) ||
	    f->lang == NULL || strcmp(f->lang, BOTH) != 0);
}

static enum err_code
show_survey(struct folder *f, const struct conf_survey *s, struct err *e)
{
	const struct preview_kind	*k = NULL;
	struct view			*item = view_item(f->surveys), *list;
	struct preview			*p;
	enum err_code			 rc;

	if ((rc = preview_new(f->conf, s, f->now, &p, e)) != ERR_OK)
		return rc;
	view_text(item, "survey", s->name);
	list = view_list(item, "kinds");
	while (rc == ERR_OK && (k = preview_next(k)) != NULL)
		if (wanted(f, k) && preview_occurs(k, s))
			rc = show_kind(f, p, s, k, list, e);
	preview_free(&p);
	return rc;
}

/* The page that leads to all, in the language asked for or the first. */
static enum err_code
show_index(struct folder *f, struct err *e)
{
	const struct langs	*l = &f->conf->site.langs;
	size_t			 at = f->lang != NULL ?
				    langs_find(l, f->lang) : 0;
	struct templates	*t = templates_new(f->conf->templates);
	struct buf		 b;
	enum err_code		 rc;

	at = at < l->n ? at : 0;
	words_site(f->index, &f->conf->survey[0].site, l->code[at]);
	buf_init(&b, SIZE_MAX);
	rc = templates_render(t, l->code[at], "preview", f->index,
	    ESCAPE_HTML, &b, e);
	keep(f, mem_str(INDEX), buf_str(&b), b.len);
	buf_wipe(&b);
	templates_free(t);
	return rc;
}

static enum err_code
show_all(struct folder *f, struct err *e)
{
	const struct langs	*l = &f->conf->site.langs;
	enum err_code		 rc = ERR_OK;
	size_t			 i;

	if (f->lang != NULL && langs_find(l, f->lang) == l->n &&
	    (strcmp(f->lang, BOTH) != 0 || l->n < 2))
		return err_set(e, ERR_INPUT, "--lang %s: expected one of "
		    "`languages`%s", f->lang, l->n > 1 ? ", or both" : "");
	for (i = 0; i < f->conf->n_surveys && rc == ERR_OK; i++)
		rc = show_survey(f, &f->conf->survey[i], e);
	if (rc == ERR_OK && f->shown == 0)
		return err_set(e, ERR_INPUT, "%s: nothing of that kind to "
		    "show; expected all or one that sensectl(8) names",
		    f->kind);
	return rc == ERR_OK ? show_index(f, e) : rc;
}

/* True if the name is a line of the list. */
static bool
listed(const char *list, const char *name)
{
	const size_t	 len = strlen(name);
	const char	*at = list;

	while (at != NULL && (at = strstr(at, name)) != NULL) {
		if ((at == list || at[-1] == '\n') && at[len] == '\n')
			return true;
		at++;
	}
	return false;
}

static enum err_code
check_empty(const char *dir, struct err *e)
{
	enum err_code	 rc = ERR_OK;
	struct dirent	*entry;
	DIR		*d;

	if ((d = opendir(dir)) == NULL)
		return err_sys(e, "%s", dir);
	while (rc == ERR_OK && (entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			rc = err_set(e, ERR_INPUT, "%s: is not empty and was "
			    "not made by sensectl preview; expected another "
			    "--out", dir);
	closedir(d);
	return rc;
}

static char *
path_in(const struct folder *f, const char *name)
{
	return mem_fmt("%s/%s", f->dir, name);
}

/* *old is the list of what is ours so far, or "". */
static enum err_code
look_at_folder(const struct folder *f, char **old, struct err *e)
{
	char		*path = path_in(f, LIST);
	size_t		 len;
	enum err_code	 rc;

	*old = NULL;
	rc = file_mkdir(f->dir, DIR_MODE, e);
	if (rc == ERR_OK)
		rc = file_read(path, LIST_MAX, old, &len, e);
	if (rc == ERR_ABSENT) {
		*old = mem_str("");
		rc = check_empty(f->dir, e);
	}
	free(path);
	return rc;
}

static enum err_code
check_names(const struct folder *f, const char *old, struct err *e)
{
	enum err_code	 rc = ERR_OK;
	char		*path;
	size_t		 i;

	for (i = 0; i < f->n && rc == ERR_OK; i++) {
		path = path_in(f, f->made[i].name);
		if (!listed(old, f->made[i].name) && file_exists(path))
			rc = err_set(e, ERR_INPUT, "%s: was not made by "
			    "sensectl preview; nothing is written", path);
		free(path);
	}
	return rc;
}

static enum err_code
write_list(const struct folder *f, const char *old, struct err *e)
{
	char		*path = path_in(f, LIST);
	struct buf	 b;
	enum err_code	 rc;
	size_t		 i;

	buf_init(&b, LIST_MAX);
	buf_adds(&b, old);
	for (i = 0; i < f->n; i++)
		if (!listed(old, f->made[i].name))
			buf_addf(&b, "%s\n", f->made[i].name);
	rc = file_replace(path, buf_str(&b), b.len, FILE_MODE, e);
	buf_wipe(&b);
	free(path);
	return rc;
}

static enum err_code
write_all(const struct folder *f, struct err *e)
{
	char		*old, *path;
	enum err_code	 rc;
	size_t		 i;

	if ((rc = look_at_folder(f, &old, e)) == ERR_OK)
		rc = check_names(f, old, e);
	if (rc == ERR_OK)
		rc = write_list(f, old, e);
	for (i = 0; i < f->n && rc == ERR_OK; i++) {
		path = path_in(f, f->made[i].name);
		rc = file_replace(path, f->made[i].data, f->made[i].len,
		    FILE_MODE, e);
		free(path);
	}
	free(old);
	return rc;
}

enum err_code
previews_write(const struct conf *c, const char *kind, const char *lang,
    const char *dir, int64_t now, size_t *n, struct err *e)
{
	struct folder	f = { .conf = c, .dir = dir, .kind = kind,
			    .lang = lang, .now = now, .index = view_new() };
	enum err_code	rc;

	f.surveys = view_list(f.index, "surveys");
	if ((rc = show_all(&f, e)) == ERR_OK)
		rc = write_all(&f, e);
	*n = f.shown;
	view_free(f.index);
	while (f.n > 0) {
		free(f.made[--f.n].name);
		free(f.made[f.n].data);
	}
	free(f.made);
	return rc;
}
