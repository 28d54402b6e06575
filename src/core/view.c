/*
 * view.c - the values that a template shows.
 *
 * Children hang in a linked list and names are searched from its head: a map
 * holds some dozens of them, and a list is only walked.  Texts are overwritten
 * before they are freed, since links and change codes pass through here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/view.h"

enum kind { KIND_TEXT, KIND_FLAG, KIND_LIST, KIND_MAP };

struct view {
	enum kind	 kind;
	char		*key;		/* NULL: the root, or a list's item */
	size_t		 key_len;
	char		*text;		/* KIND_TEXT */
	bool		 on;		/* KIND_FLAG */
	struct view	*first, *last;	/* KIND_LIST and KIND_MAP */
	struct view	*next;		/* of the same parent */
};

static struct view *
make(enum kind kind)
{
	struct view *v = mem_zero(1, sizeof(*v));

	v->kind = kind;
	return v;
}

/* Takes everything out of v but its name and its place. */
static void
clear(struct view *v)
{
	struct view *child, *next;

	for (child = v->first; child != NULL; child = next) {
		next = child->next;
		view_free(child);
	}
	v->first = v->last = NULL;
	if (v->text != NULL)
		explicit_bzero(v->text, strlen(v->text));
	free(v->text);
	v->text = NULL;
}

static struct view *
append(struct view *parent, enum kind kind)
{
	struct view *v = make(kind);

	if (parent->last != NULL)
		parent->last->next = v;
	else
		parent->first = v;
	parent->last = v;
	return v;
}

static struct view *
find(const struct view *map, const char *key, size_t len)
{
	struct view *v;

	for (v = map->first; v != NULL; v = v->next)
		if (v->key_len == len && memcmp(v->key, key, len) == 0)
			return v;
	return NULL;
}

static struct view *
set(struct view *map, const char *key, enum kind kind)
{
	size_t		 len = strlen(key);
	struct view	*v = find(map, key, len);

	if (v != NULL) {
		clear(v);
		v->kind = kind;
		return v;
	}
	v = append(map, kind);
	v->key = mem_dup(key, len);
	v->key_len = len;
	return v;
}

struct view *
view_new(void)
{
	return make(KIND_MAP);
}

void
view_free(struct view *root)
{
	if (root == NULL)
		return;
	clear(root);
	free(root->key);
	free(root);
}

void
view_text(struct view *map, const char *key, const char *text)
{
	char *copy = mem_str(text != NULL ? text : "");

	/* Copied first: the text may be the value that it replaces. */
	set(map, key, KIND_TEXT)->text = copy;
}

void
view_textf(struct view *map, const char *key, const char *fmt, ...)
{
	char	*text;
	va_list	 ap;

	va_start(ap, fmt);
	text = mem_vfmt(fmt, ap);
	va_end(ap);
	set(map, key, KIND_TEXT)->text = text;
}

void
view_flag(struct view *map, const char *key, bool on)
{
	set(map, key, KIND_FLAG)->on = on;
}

struct view *
view_map(struct view *map, const char *key)
{
	return set(map, key, KIND_MAP);
}

struct view *
view_list(struct view *map, const char *key)
{
	return set(map, key, KIND_LIST);
}

struct view *
view_item(struct view *list)
{
	return append(list, KIND_MAP);
}

void
view_item_text(struct view *list, const char *text)
{
	append(list, KIND_TEXT)->text = mem_str(text != NULL ? text : "");
}

struct view *
view_item_list(struct view *list)
{
	return append(list, KIND_LIST);
}

const struct view *
view_get(const struct view *v, const char *key, size_t len)
{
	return v != NULL && v->kind == KIND_MAP ? find(v, key, len) : NULL;
}

bool
view_true(const struct view *v)
{
	if (v == NULL)
		return false;
	switch (v->kind) {
	case KIND_TEXT:
		return v->text[0] != '\0';
	case KIND_FLAG:
		return v->on;
	case KIND_LIST:
		return v->first != NULL;
	case KIND_MAP:
		break;
	}
	return true;
}

bool
view_is_list(const struct view *v)
{
	return v != NULL && v->kind == KIND_LIST;
}

bool
view_is_flag(const struct view *v)
{
	return v != NULL && v->kind == KIND_FLAG;
}

const struct view *
view_first(const struct view *list)
{
	return list->first;
}

const struct view *
view_next(const struct view *item)
{
	return item->next;
}

const char *
view_string(const struct view *v)
{
	return v != NULL && v->kind == KIND_TEXT ? v->text : "";
}
