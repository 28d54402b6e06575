/*
 * holdings.c - looks for one address in every file that may hold it.
 *
 * Reads only, and without a lock: every file is replaced whole.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/address.h"
#include "io/file.h"
#include "io/history.h"
#include "io/holdings_parts.h"
#include "io/last.h"
#include "io/record.h"
#include "io/roster_key.h"
#include "io/state.h"

struct held *
holdings_add(struct holdings *h, enum held_kind kind, const char *survey)
{
	struct held new = { .kind = kind };

	snprintf(new.survey, sizeof(new.survey), "%s", survey);
	h->of = mem_resize(h->of, h->n + 1, sizeof(*h->of));
	h->of[h->n] = new;
	return &h->of[h->n++];
}

static bool
same(const struct holdings *h, const char *address)
{
	char	*canonical = address_canonical(address);
	bool	 yes = strcmp(canonical, h->canonical) == 0;

	free(canonical);
	return yes;
}

/* Cuts "SURVEY/REST" out of a key behind its kind; *rest points into it. */
static char *
split(const char *key, size_t len, char **rest)
{
	char *survey = mem_dup(key + 2, len - 2);

	*rest = strchr(survey, '/');
	if (*rest != NULL)
		*(*rest)++ = '\0';
	return survey;
}

/* "l/SURVEY/UNIT/N": name, address, language. */
static enum err_code
leader_record(struct search *s, const char *survey, char *unit,
    const char *value, size_t len)
{
	const char	*name, *address;
	struct record	 r;
	struct held	*x;

	record_read(&r, value, len);
	name = record_next(&r);
	address = record_next(&r);
	if (r.bad || !same(s->h, address))
		return ERR_OK;
	x = holdings_add(s->h, HELD_LEADER, survey);
	unit[strcspn(unit, "/")] = '\0';
	snprintf(x->person.unit, sizeof(x->person.unit), "%s", unit);
	snprintf(x->person.name, sizeof(x->person.name), "%s", name);
	snprintf(x->person.address, sizeof(x->person.address), "%s", address);
	record_copy(&r, x->person.lang, sizeof(x->person.lang));
	return ERR_OK;
}

static enum err_code
on_record(void *arg, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	struct search	*s = arg;
	enum err_code	 rc = ERR_OK;
	char		*survey, *rest;
	struct person	 p;

	if (keylen < 3 || (key[0] != ROSTER_ADDRESS && key[0] != ROSTER_LEADER))
		return ERR_OK;
	survey = split(key, keylen, &rest);
	if (rest != NULL && key[0] == ROSTER_LEADER)
		rc = leader_record(s, survey, rest, value, len);
	else if (rest != NULL && strcmp(rest, s->h->canonical) == 0) {
		rc = roster_person(s->roster, survey, value, &p, e);
		if (rc == ERR_OK)
			holdings_add(s->h, HELD_PERSON, survey)->person = p;
		else if (rc == ERR_ABSENT)
			rc = err_set(e, ERR_CORRUPT, "roster: an address "
			    "without its person; import again");
	}
	free(survey);
	return rc;
}

/* Names of units, from the roster as it is now. */
static enum err_code
name_units(struct search *s, struct err *e)
{
	struct tree	 t;
	struct held	*x;
	enum err_code	 rc;
	size_t		 i;
	uint32_t	 u;

	for (i = 0; i < s->h->n; i++) {
		x = &s->h->of[i];
		if (x->person.unit[0] == '\0')
			continue;
		rc = roster_tree(s->roster, x->survey, &t, e);
		if (rc != ERR_OK)
			return rc == ERR_ABSENT ? ERR_OK : rc;
		u = tree_find(&t, x->person.unit);
		if (u != UNIT_NONE)
			snprintf(x->unit_name, sizeof(x->unit_name), "%s",
			    t.unit[u].name);
		tree_wipe(&t);
	}
	return ERR_OK;
}

static enum err_code
find_in_roster(struct search *s, struct err *e)
{
	char		*path = state_path(s->dir, STATE_ROSTER, NULL);
	struct store	*store;
	enum err_code	 rc;

	rc = store_open(path, &store, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	rc = store_each(store, on_record, s, e);
	store_close(&store);
	return rc;
}

/* Where each person found was in the last wave. */
static enum err_code
find_last(struct search *s, size_t people, struct err *e)
{
	char		 wave[WAVE_NAME_MAX + 1], unit[UNIT_ID_MAX + 1];
	const struct held *p;
	struct held	*x;
	enum err_code	 rc;
	size_t		 i;

	for (i = 0; i < people; i++) {
		p = &s->h->of[i];
		if (p->kind != HELD_PERSON)
			continue;
		rc = last_find(s->dir, p->survey, p->person.id, wave, unit, e);
		if (rc == ERR_ABSENT)
			continue;
		if (rc != ERR_OK)
			return rc;
		x = holdings_add(s->h, HELD_LAST, p->survey);
		p = &s->h->of[i];	/* the array may have moved */
		memcpy(x->person.id, p->person.id, sizeof(x->person.id));
		memcpy(x->person.unit, unit, sizeof(unit));
		memcpy(x->wave, wave, sizeof(wave));
	}
	return ERR_OK;
}

static enum err_code
find_hashes(struct search *s, struct err *e)
{
	char		*path = state_path(s->dir, STATE_OPTOUT_KNOWN, NULL);
	struct store	*known;
	char		*value;
	size_t		 len;
	enum err_code	 rc;

	rc = store_open(path, &known, e);
	free(path);
	if (rc == ERR_OK) {
		rc = store_get(known, s->h->hash, OPTOUT_HASH_LEN, &value,
		    &len, e);
		store_close(&known);
		if (rc == ERR_OK) {
			free(value);
			holdings_add(s->h, HELD_KNOWN, "");
		}
	}
	if (rc != ERR_OK && rc != ERR_ABSENT)
		return rc;
	path = state_path(s->dir, STATE_OPTOUT, s->h->hash);
	if (file_exists(path) || roster_opted_out(s->roster, s->h->hash))
		holdings_add(s->h, HELD_OPTOUT, "");
	free(path);
	return ERR_OK;
}

/* Digest ledgers hold keyed hashes: that there is one is all to be told. */
static enum err_code
find_digests(struct search *s, size_t people, struct err *e)
{
	char		**names;
	enum err_code	  rc;
	size_t		  n, i;

	rc = history_list(s->dir, &names, &n, e);
	for (i = 0; i < n; i++) {
		if (rc == ERR_OK && people > 0 &&
		    history_owes(s->dir, names[i]))
			snprintf(holdings_add(s->h, HELD_DIGEST, "")->wave,
			    WAVE_NAME_MAX + 1, "%s", names[i]);
		free(names[i]);
	}
	free(names);
	return rc;
}

static int
by_kind(const void *a, const void *b)
{
	const struct held	*x = a, *y = b;
	int			 c = (int)x->kind - (int)y->kind;

	if (c == 0)
		c = strcmp(x->survey, y->survey);
	if (c == 0)
		c = strcmp(x->wave, y->wave);
	return c != 0 ? c : strcmp(x->person.unit, y->person.unit);
}

static enum err_code
find_all(struct search *s, struct err *e)
{
	enum err_code	rc;
	size_t		people;

	if ((rc = find_in_roster(s, e)) != ERR_OK)
		return rc;
	people = s->h->n;
	if ((rc = find_last(s, people, e)) != ERR_OK ||
	    (rc = find_hashes(s, e)) != ERR_OK ||
	    (rc = holdings_find_waves(s, people, e)) != ERR_OK ||
	    (rc = holdings_find_health(s, people, e)) != ERR_OK ||
	    (rc = find_digests(s, people, e)) != ERR_OK)
		return rc;
	if (s->h->n > 1)
		qsort(s->h->of, s->h->n, sizeof(*s->h->of), by_kind);
	return name_units(s, e);
}

enum err_code
holdings_read(const char *state_dir, const char *address, struct holdings *h,
    struct err *e)
{
	struct search	s = { .dir = state_dir, .h = h };
	unsigned char	key[CRYPT_KEY];
	char		token[OPTOUT_LEN + 1];
	enum err_code	rc;

	memset(h, 0, sizeof(*h));
	if (!address_valid(address))
		return err_set(e, ERR_INPUT, "expected a mail address, such "
		    "as name@example.org");
	if ((rc = roster_open(state_dir, &s.roster, e)) == ERR_OK)
		rc = state_organisation_key(state_dir, key, e);
	if (rc == ERR_OK) {
		optout_of(token, h->hash, key, address);
		crypt_wipe(token, sizeof(token));
		crypt_wipe(key, sizeof(key));
		h->canonical = address_canonical(address);
		rc = find_all(&s, e);
	}
	if (rc != ERR_OK)
		holdings_wipe(h);
	roster_close(&s.roster);
	return rc;
}

void
holdings_wipe(struct holdings *h)
{
	if (h->of != NULL)
		crypt_wipe(h->of, h->n * sizeof(*h->of));
	free(h->of);
	free(h->canonical);
	memset(h, 0, sizeof(*h));
}

bool
holdings_has(const struct holdings *h, enum held_kind kind)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (h->of[i].kind == kind)
			return true;
	return false;
}
