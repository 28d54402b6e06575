/*
 * setting.c - libconfig, made strict; the only file that includes it.
 *
 * A struct setting is a config_setting_t under another name.  What libconfig
 * lets pass is found by settext.c in the text itself, of every file that took
 * part, before any value is used.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libconfig.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "io/file.h"
#include "io/settext.h"
#include "io/setting.h"

#define FILE_NAME_MAX	4096

/* config comes first: a setting leads to it, and so to the rest. */
struct settings {
	config_t	 config;
	char		*path;
	char		*dir;	/* of path, "" or ending in a slash */
	bool		 guarded;	/* before this file was loaded */
};

static const config_setting_t *
raw(const struct setting *s)
{
	return (const config_setting_t *)(const void *)s;
}

static const struct setting *
wrapped(const config_setting_t *s)
{
	return (const struct setting *)(const void *)s;
}

/*
 * The path of a file that libconfig names: it keeps the names of included
 * files as they were written, relative to the folder of the first.
 */
static char *
path_of(const config_t *c, const char *file)
{
	const struct settings *s = (const struct settings *)(const void *)c;

	if (file == NULL || strcmp(file, s->path) == 0)
		return mem_str(s->path);
	return mem_fmt("%s%s", s->dir, file);
}

/* The folder of a file, as a prefix: "" or ending in a slash. */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return mem_dup(path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
}

static enum err_code
check_file(const char *path, struct err *e)
{
	enum err_code	 rc;
	char		*text;
	size_t		 len;

	rc = file_read(path, SETTINGS_FILE_MAX, &text, &len, e);
	if (rc == ERR_INPUT)
		return err_set(e, rc, "%s:1: no file, or a large one, "
		    "expected a file of at most %u bytes", path,
		    SETTINGS_FILE_MAX);
	if (rc != ERR_OK)
		return rc;
	rc = settext_check(path, text, len, e);
	free(text);
	return rc;
}

static enum err_code
parse(struct settings *s, struct err *e)
{
	const config_t	*c = &s->config;
	char		*file;

	if (config_read_file(&s->config, s->path) == CONFIG_TRUE)
		return ERR_OK;
	if (config_error_type(c) == CONFIG_ERR_FILE_IO)
		return err_sys(e, "%s", s->path);
	file = path_of(c, config_error_file(c));
	err_set(e, ERR_INPUT, "%s:%d: %s, expected 'key = value;'", file,
	    config_error_line(c), config_error_text(c));
	free(file);
	return ERR_INPUT;
}

/* The first file has been checked already. */
static enum err_code
check_included(const struct settings *s, struct err *e)
{
	const config_t	*c = &s->config;
	enum err_code	 rc = ERR_OK;
	unsigned int	 i;
	char		*file;

	for (i = 0; i < c->num_filenames && rc == ERR_OK; i++) {
		if (strcmp(c->filenames[i], s->path) == 0)
			continue;
		file = path_of(c, c->filenames[i]);
		rc = check_file(file, e);
		free(file);
	}
	return rc;
}

enum err_code
settings_load(const char *path, struct settings **out, struct err *e)
{
	enum err_code	 rc;
	struct settings	*s;

	rc = check_file(path, e);
	if (rc != ERR_OK)
		return rc;
	s = mem_zero(1, sizeof(*s));
	s->path = mem_str(path);
	s->dir = folder_of(path);
	s->guarded = mem_guard(true);	/* libconfig tests no allocation */
	config_init(&s->config);
	config_set_include_dir(&s->config, s->dir[0] != '\0' ? s->dir : ".");
	rc = parse(s, e);
	if (rc == ERR_OK)
		rc = check_included(s, e);
	if (rc != ERR_OK)
		settings_free(&s);
	else
		*out = s;
	return rc;
}

void
settings_free(struct settings **s)
{
	if (*s == NULL)
		return;
	config_destroy(&(*s)->config);
	mem_guard((*s)->guarded);
	free((*s)->path);
	free((*s)->dir);
	free(*s);
	*s = NULL;
}

const struct setting *
settings_root(const struct settings *s)
{
	return wrapped(config_root_setting(&s->config));
}

enum setting_kind
setting_kind(const struct setting *s)
{
	switch (config_setting_type(raw(s))) {
	case CONFIG_TYPE_GROUP:
		return SETTING_GROUP;
	case CONFIG_TYPE_LIST:
		return SETTING_LIST;
	case CONFIG_TYPE_ARRAY:
		return SETTING_ARRAY;
	case CONFIG_TYPE_STRING:
		return SETTING_TEXT;
	case CONFIG_TYPE_INT:
		return SETTING_NUMBER;
	case CONFIG_TYPE_BOOL:
		return SETTING_TRUTH;
	default:
		return SETTING_OTHER;
	}
}

const char *
setting_name(const struct setting *s)
{
	return config_setting_name(raw(s));
}

size_t
setting_count(const struct setting *s)
{
	if (!config_setting_is_aggregate(raw(s)))
		return 0;
	return (size_t)config_setting_length(raw(s));
}

const struct setting *
setting_at(const struct setting *s, size_t i)
{
	return wrapped(config_setting_get_elem(raw(s), (unsigned int)i));
}

const struct setting *
setting_member(const struct setting *s, const char *name)
{
	if (s == NULL || setting_kind(s) != SETTING_GROUP)
		return NULL;
	return wrapped(config_setting_get_member(raw(s), name));
}

/* "surveys.calendar.opens"; places in lists are left out, the line tells. */
static void
add_key(struct buf *b, const config_setting_t *s)
{
	if (config_setting_is_root(s))
		return;
	add_key(b, config_setting_parent(s));
	if (config_setting_name(s) == NULL)
		return;
	if (b->len != 0)
		buf_addc(b, '.');
	buf_adds(b, config_setting_name(s));
}

/* The root begins at no line of its own: say the first. */
static void
set_place(const struct setting *s, struct err *e, const char *key)
{
	const config_setting_t	*c = raw(s);
	unsigned int		 line = config_setting_source_line(c);
	char			*file;
	struct buf		 b;

	buf_init(&b, 256);
	add_key(&b, c);
	if (key != NULL)
		buf_addf(&b, "%s%s", b.len != 0 ? "." : "", key);
	file = path_of(c->config, config_setting_source_file(c));
	err_set(e, ERR_INPUT, "%s:%u: %s%s", file, line != 0 ? line : 1,
	    buf_str(&b), b.len != 0 ? " " : "");
	free(file);
	buf_wipe(&b);
}

enum err_code
setting_refuse(const struct setting *s, struct err *e, const char *fmt, ...)
{
	size_t	len;
	va_list	ap;

	set_place(s, e, NULL);
	len = strlen(e->msg);
	va_start(ap, fmt);
	vsnprintf(e->msg + len, sizeof(e->msg) - len, fmt, ap);
	va_end(ap);
	return ERR_INPUT;
}

enum err_code
setting_missing(const struct setting *s, const char *key, const char *expected,
    struct err *e)
{
	size_t len;

	set_place(s, e, key);
	len = strlen(e->msg);
	snprintf(e->msg + len, sizeof(e->msg) - len,
	    "is missing, expected %s", expected);
	return ERR_INPUT;
}

enum err_code
setting_want(const struct setting *s, enum setting_kind kind, struct err *e)
{
	static const char *const words[] = {
		"a group { ... }", "a list ( ... )", "an array [ ... ]",
		"a text in quotes", "a whole number", "true or false",
		"a number of another kind",
	};

	if (setting_kind(s) == kind)
		return ERR_OK;
	return setting_refuse(s, e, "is %s, expected %s",
	    words[setting_kind(s)], words[kind]);
}

enum err_code
setting_text(const struct setting *s, size_t min, size_t max, char **out,
    struct err *e)
{
	enum err_code	 rc = setting_want(s, SETTING_TEXT, e);
	const char	*text;
	size_t		 len;

	if (rc != ERR_OK)
		return rc;
	text = config_setting_get_string(raw(s));
	len = strlen(text);
	if (len == 0 && min > 0)
		return setting_refuse(s, e, "is empty, expected some text");
	if (len < min || len > max)
		return setting_refuse(s, e,
		    "has %zu bytes, expected %zu to %zu", len, min, max);
	if (!utf8_valid(text, len))
		return setting_refuse(s, e, "is not UTF-8, expected UTF-8");
	if (utf8_has_control(text, len))
		return setting_refuse(s, e, "holds a line break or another "
		    "control character, expected plain text");
	*out = mem_dup(text, len);
	return ERR_OK;
}

enum err_code
setting_number(const struct setting *s, unsigned int min, unsigned int max,
    unsigned int *out, struct err *e)
{
	enum err_code	rc = setting_want(s, SETTING_NUMBER, e);
	int		value;

	if (rc != ERR_OK)
		return rc;
	value = config_setting_get_int(raw(s));
	if (value < 0 || (unsigned int)value < min || (unsigned int)value > max)
		return setting_refuse(s, e,
		    "is %d, expected a whole number from %u to %u", value,
		    min, max);
	*out = (unsigned int)value;
	return ERR_OK;
}

enum err_code
setting_truth(const struct setting *s, bool *out, struct err *e)
{
	enum err_code rc = setting_want(s, SETTING_TRUTH, e);

	if (rc == ERR_OK)
		*out = config_setting_get_bool(raw(s)) == CONFIG_TRUE;
	return rc;
}

enum err_code
setting_word(const struct setting *s, const char *const *words,
    unsigned int *out, struct err *e)
{
	enum err_code	 rc = setting_want(s, SETTING_TEXT, e);
	const char	*text;
	struct buf	 list;
	unsigned int	 i;

	if (rc != ERR_OK)
		return rc;
	text = config_setting_get_string(raw(s));
	buf_init(&list, 256);
	for (i = 0; words[i] != NULL; i++) {
		if (strcmp(text, words[i]) == 0)
			break;
		buf_addf(&list, "%s%s", i == 0 ? "" : ", ", words[i]);
	}
	if (words[i] != NULL)
		*out = i;
	else
		rc = setting_refuse(s, e,
		    "is an unknown word, expected one of: %s", buf_str(&list));
	buf_wipe(&list);
	return rc;
}

enum err_code
setting_file(const struct setting *s, size_t min, char **out, struct err *e)
{
	enum err_code	 rc;
	char		*name, *file, *dir;

	rc = setting_text(s, min, FILE_NAME_MAX, &name, e);
	if (rc != ERR_OK)
		return rc;
	if (name[0] == '/' || name[0] == '\0') {
		*out = name;
		return ERR_OK;
	}
	file = path_of(raw(s)->config, config_setting_source_file(raw(s)));
	dir = folder_of(file);
	*out = mem_fmt("%s%s", dir, name);
	free(file);
	free(dir);
	free(name);
	return ERR_OK;
}
