/*
 * last.c - who was in the last wave, and who stayed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/pubfind.h"
#include "io/file.h"
#include "io/last.h"
#include "io/roster.h"
#include "io/state.h"
#include "io/store.h"
#include "io/waves.h"

#define FORGETTING	".forget"	/* beside the record, with .new */

struct last {
	struct store			*old;	/* NULL: nothing to compare */
	struct store			*new;
	char				*path;
	struct tree			*tree;
	const struct publication	*pub;
	uint32_t			*was;	/* unit now -> index in pub */
	uint32_t			*by_id;	/* pub's units in id order */
};

/* The name of the wave that a store tells of; "" if it does not say. */
static enum err_code
wave_of(struct store *s, char name[WAVE_NAME_MAX + 1], struct err *e)
{
	enum err_code	rc;
	size_t		len;
	char		*value;

	name[0] = '\0';
	rc = store_get(s, "wave", 4, &value, &len, e);
	if (rc == ERR_ABSENT)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	if (len <= WAVE_NAME_MAX)
		memcpy(name, value, len + 1);
	free(value);
	return ERR_OK;
}

/* Opens the record of wave pub; *out stays NULL if there is none. */
static enum err_code
open_old(const char *path, const struct publication *pub, struct store **out,
    struct err *e)
{
	char		name[WAVE_NAME_MAX + 1];
	struct store	*s;
	enum err_code	 rc;

	if (pub == NULL)
		return ERR_OK;
	if ((rc = store_open(path, &s, e)) != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	rc = wave_of(s, name, e);
	if (rc == ERR_OK && strcmp(name, pub->wave) == 0)
		*out = s;
	else
		store_close(&s);
	return rc;
}

/* Finds every unit of today in the tree of the last wave. */
static void
map_units(struct last *l)
{
	uint32_t i;

	l->by_id = pubfind_sort(l->pub);
	l->was = mem_zero(l->tree->n, sizeof(*l->was));
	for (i = 0; i < l->tree->n; i++)
		l->was[i] = pubfind(l->pub, l->by_id, l->tree->unit[i].id);
}

enum err_code
last_begin(const char *state_dir, const char *survey,
    const struct publication *pub, const char *wave, struct tree *tree,
    struct last **out, struct err *e)
{
	char		*path = state_path(state_dir, STATE_LAST, survey);
	struct last	*l = mem_zero(1, sizeof(*l));
	enum err_code	 rc;

	l->path = path;
	l->tree = tree;
	l->pub = pub;
	rc = open_old(path, pub, &l->old, e);
	if (rc == ERR_OK)
		rc = store_create(path, 0600, 0, &l->new, e);
	if (rc == ERR_OK)
		rc = store_put(l->new, "wave", 4, wave, strlen(wave), e);
	if (rc != ERR_OK) {
		last_drop(&l);
		return rc;
	}
	if (l->old != NULL)
		map_units(l);
	*out = l;
	return ERR_OK;
}

/* Raises stayed in every unit above that also stood above the old unit. */
static void
count_stayed(struct last *l, uint32_t unit, const char *old_unit)
{
	uint32_t	old = pubfind(l->pub, l->by_id, old_unit), u, was;

	if (old == UNIT_NONE)
		return;
	for (u = unit; u != UNIT_NONE; u = l->tree->unit[u].parent) {
		was = l->was[u];
		if (was != UNIT_NONE && was <= old &&
		    old < l->pub->unit[was].end)
			l->tree->unit[u].stayed++;
	}
}

enum err_code
last_person(struct last *l, const char *id, uint32_t unit, struct err *e)
{
	char		key[PERSON_ID_MAX + 3];
	enum err_code	rc;
	size_t		keylen, len;
	char		*value;

	keylen = (size_t)snprintf(key, sizeof(key), "p/%s", id);
	if (l->old != NULL) {
		rc = store_get(l->old, key, keylen, &value, &len, e);
		if (rc == ERR_OK) {
			count_stayed(l, unit, value);
			free(value);
		} else if (rc != ERR_ABSENT)
			return rc;
	}
	return store_put(l->new, key, keylen, l->tree->unit[unit].id,
	    strlen(l->tree->unit[unit].id), e);
}

enum err_code
last_finish(struct last **lp, struct err *e)
{
	enum err_code rc = store_finish(&(*lp)->new, e);

	if (rc == ERR_OK)
		rc = file_sync_parent((*lp)->path, e);
	last_drop(lp);
	return rc;
}

void
last_drop(struct last **lp)
{
	struct last *l = *lp;

	if (l == NULL)
		return;
	store_close(&l->old);
	store_close(&l->new);
	free(l->path);
	free(l->was);
	free(l->by_id);
	free(l);
	*lp = NULL;
}

/* True if the wave is revealed, or published already. */
static enum err_code
is_revealed(const char *state_dir, const char *wave, bool *yes, struct err *e)
{
	struct wave_ref	 ref;
	enum err_code	 rc;
	char		*path;

	path = state_path(state_dir, STATE_PUBLISHED, wave);
	rc = file_there(path, yes, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	rc = waves_by_name(state_dir, wave, &ref, e);
	if (rc == ERR_ABSENT)
		return ERR_OK;
	*yes = true;
	return rc;
}

enum err_code
last_settle(const char *state_dir, const char *survey, struct err *e)
{
	char		 name[WAVE_NAME_MAX + 1] = "";
	char		*path = state_path(state_dir, STATE_LAST, survey);
	char		*new = mem_fmt("%s.new", path);
	char		*left = mem_fmt("%s" FORGETTING ".new", path);
	struct store	*s;
	enum err_code	 rc;
	bool		 revealed = false;

	if ((rc = file_remove(left, e)) == ERR_OK)
		rc = store_open(new, &s, e);
	if (rc == ERR_OK) {
		rc = wave_of(s, name, e);
		store_close(&s);
	}
	if (rc == ERR_OK)
		rc = is_revealed(state_dir, name, &revealed, e);
	if (rc == ERR_OK && revealed)
		rc = file_reveal(new, path, e);
	else if (rc == ERR_OK || rc == ERR_CORRUPT)
		rc = file_remove(new, e);
	else if (rc == ERR_ABSENT)
		rc = ERR_OK;
	free(left);
	free(new);
	free(path);
	return rc;
}

enum err_code
last_find(const char *state_dir, const char *survey, const char *id,
    char wave[WAVE_NAME_MAX + 1], char unit[UNIT_ID_MAX + 1], struct err *e)
{
	char		*path = state_path(state_dir, STATE_LAST, survey);
	char		*key = mem_fmt("p/%s", id), *value;
	struct store	*s = NULL;
	enum err_code	 rc;
	size_t		 len;

	rc = store_open(path, &s, e);
	if (rc == ERR_OK)
		rc = wave_of(s, wave, e);
	if (rc == ERR_OK)
		rc = store_get(s, key, strlen(key), &value, &len, e);
	if (rc == ERR_OK) {
		snprintf(unit, UNIT_ID_MAX + 1, "%s", value);
		free(value);
	}
	store_close(&s);
	free(key);
	free(path);
	return rc;
}

struct without {
	struct store	*to;
	const char	*key;
};

static enum err_code
copy_other(void *arg, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	struct without *w = arg;

	if (strlen(w->key) == keylen && memcmp(w->key, key, keylen) == 0)
		return ERR_OK;
	return store_put(w->to, key, keylen, value, len, e);
}

/*
 * Not under the name that an opening uses: half of a record must never be
 * taken for one of a revealed wave.
 */
enum err_code
last_forget(const char *state_dir, const char *survey, const char *id,
    struct err *e)
{
	char		*path = state_path(state_dir, STATE_LAST, survey);
	char		*tmp = mem_fmt("%s" FORGETTING, path);
	char		*made = mem_fmt("%s.new", tmp);
	char		*key = mem_fmt("p/%s", id);
	struct without	 w = { NULL, key };
	struct store	*old = NULL;
	enum err_code	 rc;

	rc = last_settle(state_dir, survey, e);
	if (rc == ERR_OK)
		rc = store_open(path, &old, e);
	if (rc == ERR_OK)
		rc = store_create(tmp, 0600, 0, &w.to, e);
	if (rc == ERR_OK)
		rc = store_each(old, copy_other, &w, e);
	if (rc == ERR_OK)
		rc = store_finish(&w.to, e);
	if (rc == ERR_OK)
		rc = file_reveal(made, path, e);
	store_close(&w.to);
	store_close(&old);
	free(key);
	free(made);
	free(tmp);
	free(path);
	return rc == ERR_ABSENT ? ERR_OK : rc;
}
