/*
 * conf_question.c - the files of questions and prompts that surveys name.
 *
 *   stem = { en = "..."; };
 *   items = ( { key = "security"; version = 1; text = { en = "..."; };
 *       hint = { en = "..."; }; }, ... );
 *
 *   security = { leader = ( { en = "..."; }, ... ); member = ( ... ); };
 *
 * A file may hold more languages than are configured, never fewer.  Wording
 * is the operator's; only its form is checked here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/conf_parts.h"

#define VERSION_MAX	9999	/* three items fit WORDING_MAX */
#define ITEMS_A_SENSE	3	/* SCORING 11 */

/* What the readers below fill, and the languages that they need. */
struct item_in {
	struct item		 item;
	const struct langs	*langs;
};

struct questions_in {
	struct question_set	*set;
	const struct langs	*langs;
};

struct prompts_in {
	char			*(*text)[PROMPTS_MAX];	/* [language][place] */
	const struct langs	*langs;
};

/*
 * Reads { en = "..."; cy = "..."; } so that out[i * apart] is the text of
 * language i, of min bytes at least.
 */
static enum err_code
read_texts(const struct setting *s, const struct langs *l, size_t min,
    char **out, size_t apart, struct err *e)
{
	const struct setting	*t;
	enum err_code		 rc;
	char			*text;
	size_t			 i, lang;

	if ((rc = setting_want(s, SETTING_GROUP, e)) != ERR_OK)
		return rc;
	for (i = 0; i < setting_count(s); i++) {
		t = setting_at(s, i);
		if (strlen(setting_name(t)) != LANG_LEN)
			return setting_refuse(t, e, "is an unknown key, "
			    "expected a language such as en");
		rc = setting_text(t, min, ITEM_TEXT_MAX, &text, e);
		if (rc != ERR_OK)
			return rc;
		lang = langs_find(l, setting_name(t));
		if (lang < l->n)
			out[lang * apart] = text;
		else
			free(text);
	}
	for (i = 0; i < l->n; i++)
		if (out[i * apart] == NULL)
			return setting_missing(s, l->code[i],
			    "the text in each configured language", e);
	return ERR_OK;
}

static enum err_code
read_item_key(const struct setting *s, void *base, struct err *e)
{
	struct item	*it = &((struct item_in *)base)->item;
	enum err_code	 rc;
	char		*key;

	rc = setting_text(s, 1, ITEM_KEY_MAX, &key, e);
	if (rc != ERR_OK)
		return rc;
	memcpy(it->key, key, strlen(key) + 1);
	free(key);
	if (!item_place(it))
		return setting_refuse(s, e, "names no sense, expected "
		    "\"security\" or another of the six, alone or with \"_a\" "
		    "or \"_b\" behind it");
	return ERR_OK;
}

static enum err_code
read_item_text(const struct setting *s, void *base, struct err *e)
{
	struct item_in *in = base;

	return read_texts(s, in->langs, 1, in->item.text, 1, e);
}

static enum err_code
read_item_hint(const struct setting *s, void *base, struct err *e)
{
	struct item_in	*in = base;
	size_t		 i;

	if (s != NULL)
		return read_texts(s, in->langs, 0, in->item.hint, 1, e);
	for (i = 0; i < in->langs->n; i++)
		in->item.hint[i] = mem_str("");
	return ERR_OK;
}

static const struct key item_keys[] = {
	{ .name = "key", .kind = KEY_OTHER, .required = true,
	    .expected = "the name of the item", .read = read_item_key },
	{ .name = "version", .kind = KEY_NUMBER,
	    .at = offsetof(struct item_in, item.version), .min = 1,
	    .max = VERSION_MAX, .number = 1 },
	{ .name = "text", .kind = KEY_OTHER, .required = true,
	    .expected = "the text of the item", .read = read_item_text },
	{ .name = "hint", .kind = KEY_OTHER, .read = read_item_hint },
	{ .name = NULL }
};

/* What only the items before this one can tell. */
static enum err_code
check_item(const struct setting *s, const struct question_set *q,
    const struct item *it, struct err *e)
{
	const struct setting	*key = setting_member(s, "key");
	size_t			 i, of_sense = 0;

	for (i = 0; i < q->n; i++) {
		if (strcmp(q->item[i].key, it->key) == 0)
			return setting_refuse(key, e, "is there a second "
			    "time, expected each item once");
		of_sense += q->item[i].sense == it->sense;
	}
	if (of_sense >= ITEMS_A_SENSE)
		return setting_refuse(key, e, "is item %zu of its sense, "
		    "expected at most %d", of_sense + 1, ITEMS_A_SENSE);
	return ERR_OK;
}

static enum err_code
read_item(const struct setting *s, struct questions_in *in, struct err *e)
{
	struct item_in	 one = { .langs = in->langs };
	enum err_code	 rc;

	if ((rc = setting_want(s, SETTING_GROUP, e)) != ERR_OK)
		return rc;
	rc = keys_read(item_keys, s, s, "", &one, e);
	if (rc == ERR_OK)
		rc = check_item(s, in->set, &one.item, e);
	/* Kept even when it is refused: the set is wiped with its texts. */
	in->set->item[in->set->n++] = one.item;
	return rc;
}

static enum err_code
read_items(const struct setting *s, void *base, struct err *e)
{
	struct questions_in	*in = base;
	enum err_code		 rc;
	struct err		 why;
	size_t			 i;

	if ((rc = setting_want(s, SETTING_LIST, e)) != ERR_OK)
		return rc;
	if (setting_count(s) > ITEMS_MAX)
		return setting_refuse(s, e, "has %zu items, expected at most "
		    "%d", setting_count(s), ITEMS_MAX);
	for (i = 0; i < setting_count(s) && rc == ERR_OK; i++)
		rc = read_item(setting_at(s, i), in, e);
	if (rc != ERR_OK || question_check(in->set, in->langs, &why) == ERR_OK)
		return rc;
	return setting_refuse(s, e, "cannot be used: %s", why.msg);
}

static enum err_code
read_stem(const struct setting *s, void *base, struct err *e)
{
	struct questions_in *in = base;

	return read_texts(s, in->langs, 1, in->set->stem, 1, e);
}

static const struct key question_keys[] = {
	{ .name = "stem", .kind = KEY_OTHER, .required = true,
	    .expected = "the words before all items", .read = read_stem },
	{ .name = "items", .kind = KEY_OTHER, .required = true,
	    .expected = "a list of items", .read = read_items },
	{ .name = NULL }
};

enum err_code
conf_read_questions(const char *path, const struct langs *l,
    struct question_set *q, struct err *e)
{
	struct questions_in	 in = { .set = q, .langs = l };
	struct settings		*file;
	enum err_code		 rc;

	if ((rc = settings_load(path, &file, e)) != ERR_OK)
		return rc;
	rc = keys_read(question_keys, settings_root(file),
	    settings_root(file), "", &in, e);
	settings_free(&file);
	return rc;
}

/* The prompts for leaders, or those for members, of one sense. */
static enum err_code
read_prompts(const struct setting *s, struct prompts_in *in, struct err *e)
{
	enum err_code	rc;
	size_t		i, n;

	if ((rc = setting_want(s, SETTING_LIST, e)) != ERR_OK)
		return rc;
	n = setting_count(s);
	if (n < 1 || n > PROMPTS_MAX)
		return setting_refuse(s, e, "has %zu prompts, expected 1 to "
		    "%d", n, PROMPTS_MAX);
	for (i = 0; i < n && rc == ERR_OK; i++)
		rc = read_texts(setting_at(s, i), in->langs, 1,
		    &in->text[0][i], PROMPTS_MAX, e);
	return rc;
}

static enum err_code
read_audience(const struct setting *s, const char *who, struct prompts_in in,
    struct err *e)
{
	const struct setting *list = setting_member(s, who);

	if (list == NULL)
		return setting_missing(s, who, "one prompt at least", e);
	return read_prompts(list, &in, e);
}

/* One sense: { leader = ( ... ); member = ( ... ); }. */
static enum err_code
read_sense(const struct setting *s, const struct langs *l, struct prompts *p,
    struct err *e)
{
	static const struct key	 table[] = {
		{ .name = "leader", .kind = KEY_OTHER },
		{ .name = "member", .kind = KEY_OTHER },
		{ .name = NULL }
	};
	const char		*name = setting_name(s);
	enum err_code		 rc;
	enum sense		 sense;

	if (!sense_find(name, strlen(name), &sense))
		return setting_refuse(s, e, "is an unknown key, expected one "
		    "of the six senses");
	if ((rc = setting_want(s, SETTING_GROUP, e)) != ERR_OK)
		return rc;
	if ((rc = keys_read(table, s, s, "", p, e)) != ERR_OK)
		return rc;
	rc = read_audience(s, "leader",
	    (struct prompts_in){ p->leader[sense], l }, e);
	if (rc == ERR_OK)
		rc = read_audience(s, "member",
		    (struct prompts_in){ p->member[sense], l }, e);
	return rc;
}

enum err_code
conf_read_prompts(const char *path, const struct langs *l, struct prompts *p,
    struct err *e)
{
	const struct setting	*root;
	struct settings		*file;
	enum err_code		 rc;
	size_t			 i;

	if ((rc = settings_load(path, &file, e)) != ERR_OK)
		return rc;
	root = settings_root(file);
	for (i = 0; i < setting_count(root) && rc == ERR_OK; i++)
		rc = read_sense(setting_at(root, i), l, p, e);
	for (i = 0; i < SENSE__MAX && rc == ERR_OK; i++)
		if (setting_member(root, sense_key((enum sense)i)) == NULL)
			rc = setting_missing(root, sense_key((enum sense)i),
			    "prompts for each sense", e);
	settings_free(&file);
	return rc;
}
