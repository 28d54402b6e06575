/*
 * roster.c - reads the roster, and applies opt-outs to it.
 *
 * Every record is checked as it is read: a field that is missing or too long
 * is ERR_CORRUPT, since we never wrote it.  Writing is in roster_write.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/message.h"
#include "io/record.h"
#include "io/roster.h"
#include "io/roster_key.h"
#include "io/roster_write.h"
#include "io/state.h"
#include "io/store.h"

struct roster {
	struct store *store;
};

enum err_code
roster_open(const char *state_dir, struct roster **out, struct err *e)
{
	char		*path = state_path(state_dir, STATE_ROSTER, NULL);
	struct store	*s;
	enum err_code	 rc;

	rc = store_open(path, &s, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	*out = mem_zero(1, sizeof(**out));
	(*out)->store = s;
	return ERR_OK;
}

void
roster_close(struct roster **r)
{
	if (*r == NULL)
		return;
	store_close(&(*r)->store);
	free(*r);
	*r = NULL;
}

struct store *
roster_store(struct roster *r)
{
	return r->store;
}

/* Looks up and frees key. */
static enum err_code
get(struct roster *r, char *key, char **value, size_t *len, struct err *e)
{
	enum err_code rc;

	rc = store_get(r->store, key, strlen(key), value, len, e);
	free(key);
	return rc;
}

static enum err_code
finish(const struct record *rec, const char *what, struct err *e)
{
	if (!rec->bad && rec->p == rec->end)
		return ERR_OK;
	return err_set(e, ERR_CORRUPT, "roster: damaged record of a %s; "
	    "import again", what);
}

static enum err_code
add_unit(struct tree *t, const char *value, size_t len, struct err *e)
{
	struct record	 rec;
	const char	*id, *parent, *name;
	enum err_code	 rc;

	record_read(&rec, value, len);
	id = record_next(&rec);
	parent = record_next(&rec);
	name = record_next(&rec);
	rc = finish(&rec, "unit", e);
	if (rc == ERR_OK && tree_add(t, id, parent, name, 0, 0, e) != ERR_OK)
		rc = err_set(e, ERR_CORRUPT, "roster: damaged record of a "
		    "unit; import again");
	return rc;
}

/* Units 0, 1 and so on until there is none. */
static enum err_code
read_units(struct roster *r, const char *survey, struct tree *t, struct err *e)
{
	char		*value;
	size_t		 len, i;
	enum err_code	 rc;

	for (i = 0; ; i++) {
		rc = get(r, roster_key_number(ROSTER_UNIT, survey, NULL, i),
		    &value, &len, e);
		if (rc == ERR_ABSENT)
			return i > 0 ? ERR_OK : err_set(e, ERR_ABSENT,
			    "survey %s has no roster yet; import one", survey);
		if (rc != ERR_OK)
			return rc;
		rc = add_unit(t, value, len, e);
		free(value);
		if (rc != ERR_OK)
			return rc;
	}
}

enum err_code
roster_tree(struct roster *r, const char *survey, struct tree *t,
    struct err *e)
{
	unsigned int	line;
	enum err_code	rc;

	tree_init(t);
	rc = read_units(r, survey, t, e);
	if (rc == ERR_OK && tree_finish(t, &line, e) != ERR_OK) {
		err_prefix(e, "roster: ");
		rc = e->code = ERR_CORRUPT;
	}
	if (rc != ERR_OK)
		tree_wipe(t);
	return rc;
}

static enum err_code
decode_person(const char *id, size_t id_len, const char *value, size_t len,
    struct person *p, struct err *e)
{
	struct record rec;

	record_read(&rec, value, len);
	record_copy(&rec, p->address, sizeof(p->address));
	record_copy(&rec, p->name, sizeof(p->name));
	record_copy(&rec, p->unit, sizeof(p->unit));
	record_copy(&rec, p->lang, sizeof(p->lang));
	if (id_len >= sizeof(p->id)) {
		rec.bad = 1;
		id_len = 0;
	}
	memcpy(p->id, id, id_len);
	p->id[id_len] = '\0';
	return finish(&rec, "person", e);
}

enum err_code
roster_person(struct roster *r, const char *survey, const char *id,
    struct person *p, struct err *e)
{
	char		*value;
	size_t		 len;
	enum err_code	 rc;

	rc = get(r, roster_key(ROSTER_PERSON, survey, id), &value, &len, e);
	if (rc != ERR_OK)
		return rc;
	rc = decode_person(id, strlen(id), value, len, p, e);
	free(value);
	return rc;
}

enum err_code
roster_find(struct roster *r, const char *survey, const char *address,
    char id[PERSON_ID_MAX + 1], struct err *e)
{
	char		*value, *canonical = address_canonical(address);
	struct record	 rec;
	size_t		 len;
	enum err_code	 rc;

	rc = get(r, roster_key(ROSTER_ADDRESS, survey, canonical), &value,
	    &len, e);
	free(canonical);
	if (rc != ERR_OK)
		return rc;
	record_read(&rec, value, len);
	record_copy(&rec, id, PERSON_ID_MAX + 1);
	rc = finish(&rec, "person", e);
	free(value);
	return rc;
}

struct each {
	const char	*survey;
	roster_visit	*visit;
	void		*arg;
};

static enum err_code
each_record(void *arg, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	struct each	*each = arg;
	struct person	 p;
	const char	*id;
	size_t		 n;
	enum err_code	 rc;

	id = roster_key_name(key, keylen, ROSTER_PERSON, each->survey, &n);
	if (id == NULL)
		return ERR_OK;
	rc = decode_person(id, n, value, len, &p, e);
	return rc == ERR_OK ? each->visit(each->arg, &p, e) : rc;
}

enum err_code
roster_each(struct roster *r, const char *survey, roster_visit *visit,
    void *arg, struct err *e)
{
	struct each each = { survey, visit, arg };

	return store_each(r->store, each_record, &each, e);
}

static enum err_code
read_leader(struct roster *r, const char *survey, const char *unit, size_t n,
    struct leader *l, struct err *e)
{
	struct record	 rec;
	char		*value;
	size_t		 len;
	enum err_code	 rc;

	rc = get(r, roster_key_number(ROSTER_LEADER, survey, unit, n), &value,
	    &len, e);
	if (rc != ERR_OK)
		return rc;
	record_read(&rec, value, len);
	snprintf(l->unit, sizeof(l->unit), "%s", unit);
	record_copy(&rec, l->name, sizeof(l->name));
	record_copy(&rec, l->address, sizeof(l->address));
	record_copy(&rec, l->lang, sizeof(l->lang));
	rc = finish(&rec, "leader", e);
	free(value);
	return rc;
}

enum err_code
roster_leaders(struct roster *r, const char *survey, const char *unit,
    struct leader out[LEADERS_MAX], size_t *n, struct err *e)
{
	enum err_code	rc = ERR_OK;
	size_t		i;

	for (i = 0; i < LEADERS_MAX; i++) {
		rc = read_leader(r, survey, unit, i, &out[i], e);
		if (rc != ERR_OK)
			break;
	}
	if (rc != ERR_OK && rc != ERR_ABSENT)
		return rc;
	*n = i;
	return ERR_OK;
}

bool
roster_opted_out(struct roster *r, const char *hash)
{
	struct err	 e;
	char		*value;
	size_t		 len;
	enum err_code	 rc;

	rc = get(r, mem_fmt("%c/%s", ROSTER_OPTOUT, hash), &value, &len, &e);
	if (rc == ERR_OK)
		free(value);
	return rc != ERR_ABSENT;
}

static enum err_code
copy_record(void *arg, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	enum err_code rc = store_put(arg, key, keylen, value, len, e);

	if (rc == ERR_USED)
		return err_set(e, ERR_CORRUPT, "roster: a record twice");
	return rc;
}

enum err_code
roster_copy(struct roster *from, struct store *to, struct err *e)
{
	return store_each(from->store, copy_record, to, e);
}
