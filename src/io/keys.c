/*
 * keys.c - walks tables of keys and groups of settings side by side.
 *
 * Knows nothing of what the keys mean.  Frees nothing: the struct that is
 * filled has its own wipe.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/keys.h"

static bool
known(const struct key *table, const char *name)
{
	for (; table->name != NULL; table++) {
		if (strcmp(table->name, name) == 0)
			return true;
	}
	return false;
}

static enum err_code
refuse_unknown(const struct key *table, const struct setting *group,
    struct err *e)
{
	const struct setting	*s;
	size_t			 i;

	for (i = 0; i < setting_count(group); i++) {
		s = setting_at(group, i);
		if (!known(table, setting_name(s)))
			return setting_refuse(s, e, "is an unknown key, "
			    "expected one that sensed.conf(5) names");
	}
	return ERR_OK;
}

static void
store_default(const struct key *k, void *at)
{
	switch (k->kind) {
	case KEY_TEXT:
	case KEY_FILE:
		*(char **)at = mem_str(k->text != NULL ? k->text : "");
		break;
	case KEY_NUMBER:
	case KEY_WORD:
		*(unsigned int *)at = k->number;
		break;
	case KEY_TRUTH:
		*(bool *)at = k->number != 0;
		break;
	default:
		break;
	}
}

static enum err_code
read_value(const struct key *k, const struct setting *s, void *at,
    struct err *e)
{
	switch (k->kind) {
	case KEY_TEXT:
		return setting_text(s, k->min, k->max, at, e);
	case KEY_FILE:
		return setting_file(s, k->min, at, e);
	case KEY_NUMBER:
		return setting_number(s, k->min, k->max, at, e);
	case KEY_TRUTH:
		return setting_truth(s, at, e);
	case KEY_WORD:
		return setting_word(s, k->words, at, e);
	default:
		return ERR_OK;
	}
}

static enum err_code
read_group(const struct key *k, const struct setting *s,
    const struct setting *near, const char *prefix, void *base, struct err *e)
{
	enum err_code	 rc;
	char		*longer;

	if (s != NULL) {
		rc = setting_want(s, SETTING_GROUP, e);
		return rc != ERR_OK ? rc :
		    keys_read(k->keys, s, s, "", base, e);
	}
	longer = mem_fmt("%s%s.", prefix, k->name);
	rc = keys_read(k->keys, NULL, near, longer, base, e);
	free(longer);
	return rc;
}

static enum err_code
read_key(const struct key *k, const struct setting *s,
    const struct setting *near, const char *prefix, void *base, struct err *e)
{
	void		*at = (char *)base + k->at;
	enum err_code	 rc;
	char		*name;

	if (k->kind == KEY_GROUP)
		return read_group(k, s, near, prefix, base, e);
	if (s == NULL && k->required) {
		name = mem_fmt("%s%s", prefix, k->name);
		rc = setting_missing(near, name, k->expected, e);
		free(name);
		return rc;
	}
	if (s == NULL)
		store_default(k, at);
	else if ((rc = read_value(k, s, at, e)) != ERR_OK)
		return rc;
	if (k->read != NULL && (s != NULL || k->kind == KEY_OTHER))
		return k->read(s, base, e);
	return ERR_OK;
}

enum err_code
keys_read(const struct key *table, const struct setting *group,
    const struct setting *near, const char *prefix, void *base, struct err *e)
{
	enum err_code		 rc;
	const struct key	*k;

	if (group != NULL) {
		rc = refuse_unknown(table, group, e);
		if (rc != ERR_OK)
			return rc;
	}
	for (k = table; k->name != NULL; k++) {
		rc = read_key(k, setting_member(group, k->name), near, prefix,
		    base, e);
		if (rc != ERR_OK)
			return rc;
	}
	return ERR_OK;
}
