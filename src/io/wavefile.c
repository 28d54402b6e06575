/*
 * wavefile.c - the wave file on disk.
 *
 * A store (store.h).  Records, with fields as record.h writes them:
 *   wave               name survey tag state opened closes k protect boxes
 *                      people reminders (a number, then that many times)
 *   comments           level reader: whose units are shown comments, and the
 *                      name of who reads them first; only where they are on
 *   langs              one field a language code
 *   ballot             the ballot public key, CRYPT_KEY bytes
 *   stem               one field a language
 *   item/NN            key version, then text and hint for each language
 *   unit/NNNNNN        id name parent invited stayed; parent is its number,
 *                      or -1 for the root
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/token.h"
#include "io/record.h"
#include "io/store.h"
#include "io/wavefile.h"

#define RECORD_MAX	65536
#define TIME_MAX	253402300799	/* the last second of 9999 */

static enum err_code
put_wave(struct store *s, const struct wave *w, struct buf *b, struct err *e)
{
	unsigned int i;

	record_text(b, w->name);
	record_text(b, w->survey);
	record_number(b, w->tag);
	record_number(b, w->state);
	record_number(b, w->opened);
	record_number(b, w->closes);
	record_number(b, w->k);
	record_number(b, w->protect);
	record_number(b, w->boxes);
	record_number(b, w->people);
	record_number(b, w->n_reminders);
	for (i = 0; i < w->n_reminders; i++)
		record_number(b, w->reminder[i]);
	return record_put(s, "wave", b, e);
}

static enum err_code
put_questions(struct store *s, const struct wave *w, struct buf *b,
    struct err *e)
{
	const struct item	*it;
	enum err_code		 rc;
	size_t			 i, l;
	char			 key[32];

	for (l = 0; l < w->langs.n; l++)
		record_text(b, w->langs.code[l]);
	if ((rc = record_put(s, "langs", b, e)) != ERR_OK)
		return rc;
	for (l = 0; l < w->langs.n; l++)
		record_text(b, w->questions.stem[l]);
	if ((rc = record_put(s, "stem", b, e)) != ERR_OK)
		return rc;
	for (i = 0; i < w->questions.n && rc == ERR_OK; i++) {
		it = &w->questions.item[i];
		record_text(b, it->key);
		record_number(b, it->version);
		for (l = 0; l < w->langs.n; l++) {
			record_text(b, it->text[l]);
			record_text(b, it->hint[l]);
		}
		snprintf(key, sizeof(key), "item/%02zu", i);
		rc = record_put(s, key, b, e);
	}
	return rc;
}

static enum err_code
put_tree(struct store *s, const struct tree *t, struct buf *b, struct err *e)
{
	const struct unit	*u;
	enum err_code		 rc = ERR_OK;
	uint32_t		 i;
	char			 key[32];

	for (i = 0; i < t->n && rc == ERR_OK; i++) {
		u = &t->unit[i];
		record_text(b, u->id);
		record_text(b, u->name);
		record_number(b, u->parent == UNIT_NONE ? -1 :
		    (int64_t)u->parent);
		record_number(b, u->invited);
		record_number(b, u->stayed);
		snprintf(key, sizeof(key), "unit/%06u", i);
		rc = record_put(s, key, b, e);
	}
	return rc;
}

enum err_code
wavefile_write(const char *path, const struct wave *w, struct err *e)
{
	struct store	*s = NULL;
	struct buf	 b;
	enum err_code	 rc;

	buf_init(&b, RECORD_MAX);
	if ((rc = store_create(path, 0644, 0, &s, e)) != ERR_OK)
		return rc;
	rc = put_wave(s, w, &b, e);
	if (rc == ERR_OK && w->comments > 0) {
		record_number(&b, w->comments);
		record_text(&b, w->reader);
		rc = record_put(s, "comments", &b, e);
	}
	if (rc == ERR_OK)
		rc = store_put(s, "ballot", 6, w->ballot_pub, CRYPT_KEY, e);
	if (rc == ERR_OK)
		rc = put_questions(s, w, &b, e);
	if (rc == ERR_OK)
		rc = put_tree(s, &w->tree, &b, e);
	if (rc == ERR_OK)
		rc = store_commit(&s, e);
	store_close(&s);
	buf_wipe(&b);
	return rc;
}

static enum err_code
get_wave(struct store *s, struct wave *w, struct err *e)
{
	struct record	r;
	enum err_code	rc;
	unsigned int	i;
	char		*value;

	if ((rc = record_get(s, "wave", &value, &r, e)) != ERR_OK)
		return rc;
	record_copy(&r, w->name, sizeof(w->name));
	record_copy(&r, w->survey, sizeof(w->survey));
	w->tag = (unsigned int)record_next_number(&r, 0, TAG_MAX - 1);
	w->state = (enum wave_state)record_next_number(&r, WAVE_OPEN,
	    WAVE_CLOSED);
	w->opened = record_next_number(&r, 0, TIME_MAX);
	w->closes = record_next_number(&r, 0, TIME_MAX);
	w->k = (unsigned int)record_next_number(&r, GROUP_MIN, GROUP_MAX);
	w->protect = (enum protect)record_next_number(&r, PROTECT_SUPPRESS,
	    PROTECT_CARRY);
	w->boxes = (unsigned int)record_next_number(&r, 0, BOXES_MAX);
	w->people = (uint32_t)record_next_number(&r, 0, UINT32_MAX);
	w->n_reminders = (unsigned int)record_next_number(&r, 0,
	    REMINDERS_MAX);
	for (i = 0; i < w->n_reminders; i++)
		w->reminder[i] = record_next_number(&r, 0, TIME_MAX);
	return record_done(&r, value, "wave", e);
}

static enum err_code
get_comments(struct store *s, struct wave *w, struct err *e)
{
	struct record	r;
	enum err_code	rc;
	size_t		len;
	char		*value;

	rc = store_get(s, "comments", strlen("comments"), &value, &len, e);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	record_read(&r, value, len);
	w->comments = (unsigned int)record_next_number(&r, 1, LEVELS_MAX);
	record_copy(&r, w->reader, sizeof(w->reader));
	return record_done(&r, value, "comments", e);
}

static enum err_code
get_langs(struct store *s, struct langs *l, struct err *e)
{
	struct record	r;
	enum err_code	rc;
	char		*value;

	if ((rc = record_get(s, "langs", &value, &r, e)) != ERR_OK)
		return rc;
	for (l->n = 0; l->n < LANGS_MAX && r.p < r.end; l->n++)
		record_copy(&r, l->code[l->n], sizeof(l->code[0]));
	if (l->n == 0)
		r.bad = 1;
	return record_done(&r, value, "langs", e);
}

static enum err_code
get_item(struct store *s, const char *key, struct wave *w, struct item *it,
    struct err *e)
{
	struct record	r;
	enum err_code	rc;
	size_t		l;
	char		*value;

	if ((rc = record_get(s, key, &value, &r, e)) != ERR_OK)
		return rc;
	record_copy(&r, it->key, sizeof(it->key));
	it->version = (unsigned int)record_next_number(&r, 1, 999999999);
	for (l = 0; l < w->langs.n; l++) {
		it->text[l] = mem_str(record_next(&r));
		it->hint[l] = mem_str(record_next(&r));
	}
	if (!item_place(it))
		r.bad = 1;
	return record_done(&r, value, key, e);
}

static enum err_code
get_questions(struct store *s, struct wave *w, struct err *e)
{
	struct question_set	*q = &w->questions;
	struct record		 r;
	enum err_code		 rc;
	size_t			 l, ignored;
	char			*value, key[32];

	if ((rc = record_get(s, "stem", &value, &r, e)) != ERR_OK)
		return rc;
	for (l = 0; l < w->langs.n; l++)
		q->stem[l] = mem_str(record_next(&r));
	rc = record_done(&r, value, "stem", e);
	while (rc == ERR_OK && q->n < ITEMS_MAX) {
		snprintf(key, sizeof(key), "item/%02zu", q->n);
		rc = store_get(s, key, strlen(key), &value, &ignored, e);
		if (rc == ERR_ABSENT)
			break;
		if (rc != ERR_OK)
			return rc;
		free(value);
		rc = get_item(s, key, w, &q->item[q->n++], e);
	}
	return rc == ERR_ABSENT ? ERR_OK : rc;
}

/* Adds unit i to the tree; *more is false when there is no such record. */
static enum err_code
get_unit(struct store *s, struct tree *t, uint32_t i, bool *more,
    struct err *e)
{
	struct record	r;
	const char	*id, *name;
	char		 above[UNIT_ID_MAX + 1] = "";	/* the tree may move */
	enum err_code	rc;
	uint32_t	invited;
	int64_t		parent;
	size_t		len;
	char		*value, key[32];

	snprintf(key, sizeof(key), "unit/%06u", i);
	rc = store_get(s, key, strlen(key), &value, &len, e);
	*more = rc == ERR_OK;
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	record_read(&r, value, len);
	id = record_next(&r);
	name = record_next(&r);
	parent = record_next_number(&r, -1, (int64_t)i - 1);
	invited = (uint32_t)record_next_number(&r, 0, UINT32_MAX);
	if (parent >= 0)
		memcpy(above, t->unit[parent].id, sizeof(above));
	rc = tree_add(t, id, above, name, invited, 0, e);
	if (rc == ERR_OK)
		t->unit[i].stayed = (uint32_t)record_next_number(&r, 0,
		    UINT32_MAX);
	if (rc != ERR_OK)
		r.bad = 1;
	return record_done(&r, value, key, e);
}

static enum err_code
get_tree(struct store *s, struct tree *t, struct err *e)
{
	enum err_code	rc = ERR_OK;
	unsigned int	line;
	uint32_t	i;
	bool		more = true;

	for (i = 0; rc == ERR_OK && more && i <= UNITS_MAX; i++)
		rc = get_unit(s, t, i, &more, e);
	if (rc == ERR_OK && tree_finish(t, &line, e) != ERR_OK)
		rc = e->code = ERR_CORRUPT;
	return rc;
}

static enum err_code
get_ballot_key(struct store *s, struct wave *w, struct err *e)
{
	struct record	 r;
	enum err_code	 rc;
	char		*value;

	if ((rc = record_get(s, "ballot", &value, &r, e)) != ERR_OK)
		return rc;
	if (r.end - r.p == CRYPT_KEY)
		memcpy(w->ballot_pub, value, CRYPT_KEY);
	else
		rc = err_set(e, ERR_CORRUPT, "record ballot is no key");
	free(value);
	return rc;
}

enum err_code
wavefile_read(const char *path, enum wave_reading how, struct wave *w,
    struct err *e)
{
	struct store	*s;
	enum err_code	 rc;

	if ((rc = store_open(path, &s, e)) != ERR_OK)
		return rc;
	wave_init(w);
	rc = get_wave(s, w, e);
	if (rc == ERR_OK)
		rc = get_ballot_key(s, w, e);
	if (rc == ERR_OK)
		rc = get_comments(s, w, e);
	if (rc == ERR_OK)
		rc = get_langs(s, &w->langs, e);
	if (rc == ERR_OK)
		rc = get_questions(s, w, e);
	if (rc == ERR_OK && how == WAVE_WHOLE)
		rc = get_tree(s, &w->tree, e);
	store_close(&s);
	if (rc != ERR_OK) {
		wave_wipe(w);
		if (rc == ERR_CORRUPT)
			err_prefix(e, "%s: ", path);
	}
	return rc;
}
