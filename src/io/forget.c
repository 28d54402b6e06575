/*
 * forget.c - files made anew without one person.
 *
 * Every file is replaced whole, as everywhere.  What the disk keeps in blocks
 * that are free again is not ours to reach.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/address.h"
#include "io/file.h"
#include "io/forget.h"
#include "io/health.h"
#include "io/healthnote.h"
#include "io/last.h"
#include "io/lock.h"
#include "io/record.h"
#include "io/roster_key.h"
#include "io/roster_write.h"
#include "io/state.h"

#define ROSTER_MODE	0600
#define KNOWN_MODE	0640	/* as importing.c */

struct rewrite {
	struct store	*to;
	struct roster	*roster;	/* as it was */
	const char	*canonical;	/* of the address to leave out */
	const char	*key;		/* of the one record to leave out */
	const struct holdings *h;	/* of the person to leave out */
	enum err_code	(*record)(struct rewrite *w, const char *key,
			    size_t keylen, const char *value, size_t len,
			    struct err *e);
};

static enum err_code
copy(struct rewrite *w, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	enum err_code rc = store_put(w->to, key, keylen, value, len, e);

	return rc == ERR_USED ? err_set(e, ERR_CORRUPT, "a record twice") : rc;
}

static enum err_code
copy_others(struct rewrite *w, const char *key, size_t keylen,
    const char *value, size_t len, struct err *e)
{
	if (strlen(w->key) == keylen && memcmp(w->key, key, keylen) == 0)
		return ERR_OK;
	return copy(w, key, keylen, value, len, e);
}

static bool
is_theirs(const struct rewrite *w, const char *address)
{
	char	*canonical = address_canonical(address);
	bool	 yes = strcmp(canonical, w->canonical) == 0;

	free(canonical);
	return yes;
}

/*
 * Leaders of a unit are numbered without a gap: those of a unit are written
 * together, when its first is met.
 */
static enum err_code
copy_leaders(struct rewrite *w, const char *key, size_t keylen, struct err *e)
{
	struct leader	 all[LEADERS_MAX];
	char		*survey = mem_dup(key + 2, keylen - 2);
	char		*unit = strchr(survey, '/'), *number;
	size_t		 n = 0, i, kept = 0;
	enum err_code	 rc = ERR_OK;

	number = unit != NULL ? strrchr(unit + 1, '/') : NULL;
	if (number != NULL && strcmp(number, "/0") == 0) {
		*unit++ = *number = '\0';
		rc = roster_leaders(w->roster, survey, unit, all, &n, e);
	}
	for (i = 0; i < n && rc == ERR_OK; i++)
		if (!is_theirs(w, all[i].address))
			rc = roster_put_leader(w->to, survey, kept++, &all[i],
			    e);
	free(survey);
	return rc;
}

static bool
is_their_health(const struct rewrite *w, const char *key, size_t keylen)
{
	const struct held	*x;
	char			*own;
	bool			 yes = false;
	size_t			 i;

	for (i = 0; i < w->h->n && !yes; i++) {
		x = &w->h->of[i];
		if (x->kind != HELD_PERSON)
			continue;
		own = roster_key(ROSTER_HEALTH, x->survey, x->person.id);
		yes = strlen(own) == keylen && memcmp(own, key, keylen) == 0;
		free(own);
	}
	return yes;
}

static enum err_code
copy_roster(struct rewrite *w, const char *key, size_t keylen,
    const char *value, size_t len, struct err *e)
{
	struct record	 r;
	const char	*name;
	size_t		 n;

	name = roster_key_name(key, keylen, ROSTER_ADDRESS, NULL, &n);
	if (name != NULL && strlen(w->canonical) == n &&
	    memcmp(name, w->canonical, n) == 0)
		return ERR_OK;
	if (roster_key_name(key, keylen, ROSTER_PERSON, NULL, &n) != NULL) {
		record_read(&r, value, len);	/* the address comes first */
		if (is_theirs(w, record_next(&r)))
			return ERR_OK;
	}
	if (is_their_health(w, key, keylen))
		return ERR_OK;
	if (roster_key_name(key, keylen, ROSTER_LEADER, NULL, &n) != NULL)
		return copy_leaders(w, key, keylen, e);
	return copy(w, key, keylen, value, len, e);
}

static enum err_code
on_record(void *arg, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	struct rewrite *w = arg;

	return w->record(w, key, keylen, value, len, e);
}

/* Makes a file of the state directory anew, record by record. */
static enum err_code
rewrite(const char *dir, enum state_file file, mode_t mode,
    struct rewrite *w, struct err *e)
{
	char		*path = state_path(dir, file, NULL);
	struct store	*from = NULL;
	enum err_code	 rc;

	rc = store_open(path, &from, e);
	if (rc == ERR_OK)
		rc = store_create(path, mode, 0, &w->to, e);
	if (rc == ERR_OK)
		rc = store_each(from, on_record, w, e);
	if (rc == ERR_OK)
		rc = store_commit(&w->to, e);
	else
		store_close(&w->to);
	store_close(&from);
	free(path);
	return rc;
}

static enum err_code
leave_last_waves(const char *dir, const struct holdings *h, struct err *e)
{
	enum err_code	rc = ERR_OK;
	size_t		i;

	for (i = 0; i < h->n && rc == ERR_OK; i++)
		if (h->of[i].kind == HELD_LAST)
			rc = last_forget(dir, h->of[i].survey,
			    h->of[i].person.id, e);
	return rc;
}

static enum err_code
leave_health_log(const char *dir, const struct holdings *h, struct err *e)
{
	enum err_code	rc = ERR_OK;
	size_t		i;

	for (i = 0; i < h->n && rc == ERR_OK; i++)
		if (h->of[i].kind == HELD_PERSON)
			rc = healthnote_forget(dir, h->of[i].survey,
			    &h->of[i].person, e);
	return rc;
}

static enum err_code
forget_locked(const char *dir, const char *address, struct holdings *h,
    struct err *e)
{
	struct rewrite	known = { .key = h->hash, .record = copy_others };
	struct rewrite	roster = { .record = copy_roster };
	enum err_code	rc;

	if ((rc = holdings_read(dir, address, h, e)) != ERR_OK)
		return rc;
	if ((rc = leave_last_waves(dir, h, e)) == ERR_OK &&
	    holdings_has(h, HELD_KNOWN))
		rc = rewrite(dir, STATE_OPTOUT_KNOWN, KNOWN_MODE, &known, e);
	roster.canonical = h->canonical;
	roster.h = h;
	if (rc == ERR_OK)
		rc = leave_health_log(dir, h, e);
	if (rc == ERR_OK && (holdings_has(h, HELD_PERSON) ||
	    holdings_has(h, HELD_LEADER))) {
		rc = roster_open(dir, &roster.roster, e);
		if (rc == ERR_OK)
			rc = rewrite(dir, STATE_ROSTER, ROSTER_MODE, &roster,
			    e);
		roster_close(&roster.roster);
	} else if (rc == ERR_OK && !holdings_has(h, HELD_KNOWN))
		rc = err_set(e, ERR_ABSENT, "nothing is stored under this "
		    "address%s; nothing was changed",
		    holdings_has(h, HELD_OPTOUT) ? " but the opt-out" : "");
	if (rc != ERR_OK)
		holdings_wipe(h);
	return rc;
}

static enum err_code
take_lock(const char *dir, int *fd, struct err *e)
{
	char		*path = state_path(dir, STATE_ROSTER_LOCK, NULL);
	enum err_code	 rc = lock_take(path, LOCK_EXCLUSIVE, 1, fd, e);

	free(path);
	return rc;
}

enum err_code
forget_person(const char *state_dir, const char *address, struct holdings *h,
    struct err *e)
{
	enum err_code	rc;
	int		fd = -1;

	memset(h, 0, sizeof(*h));
	/* an opt-out of this minute must outlive the person too */
	if ((rc = roster_apply_optouts(state_dir, e)) == ERR_OK)
		rc = take_lock(state_dir, &fd, e);
	if (rc == ERR_OK)
		rc = forget_locked(state_dir, address, h, e);
	lock_release(&fd);
	return rc;
}

/* The file first: a death in between leaves the person opted out. */
static enum err_code
optout_locked(const char *dir, const struct holdings *h, struct err *e)
{
	char		*key = mem_fmt("%c/%s", ROSTER_OPTOUT, h->hash);
	char		*path = state_path(dir, STATE_OPTOUT, h->hash);
	struct rewrite	 w = { .key = key, .record = copy_others };
	enum err_code	 rc;

	rc = file_destroy(path, e);
	if (rc == ERR_OK)
		rc = rewrite(dir, STATE_ROSTER, ROSTER_MODE, &w, e);
	free(path);
	free(key);
	return rc;
}

enum err_code
forget_optout(const char *state_dir, const char *address, struct err *e)
{
	struct holdings	h;
	enum err_code	rc;
	int		fd = -1;

	/* a complaint of this minute is an opt-out too */
	if ((rc = roster_apply_optouts(state_dir, e)) != ERR_OK ||
	    (rc = take_lock(state_dir, &fd, e)) != ERR_OK)
		return rc;
	rc = holdings_read(state_dir, address, &h, e);
	if (rc == ERR_OK && !holdings_has(&h, HELD_OPTOUT))
		rc = err_set(e, ERR_ABSENT, "this address has not opted out; "
		    "nothing was changed");
	if (rc == ERR_OK)
		rc = optout_locked(state_dir, &h, e);
	holdings_wipe(&h);
	lock_release(&fd);
	return rc;
}

/* The log first: a death in between leaves what is in the roster to do. */
static enum err_code
health_locked(const char *dir, const struct holdings *h, struct err *e)
{
	struct rewrite	 w = { .record = copy_others };
	enum err_code	 rc = leave_health_log(dir, h, e);
	char		*key;
	size_t		 i;

	for (i = 0; i < h->n && rc == ERR_OK; i++) {
		if (h->of[i].kind != HELD_HEALTH)
			continue;
		key = roster_key(ROSTER_HEALTH, h->of[i].survey,
		    h->of[i].person.id);
		w.key = key;
		rc = rewrite(dir, STATE_ROSTER, ROSTER_MODE, &w, e);
		free(key);
	}
	return rc;
}

enum err_code
forget_health(const char *state_dir, const char *address, struct err *e)
{
	struct holdings	h;
	enum err_code	rc;
	int		fd = -1;

	if ((rc = take_lock(state_dir, &fd, e)) != ERR_OK)
		return rc;
	if ((rc = health_fold(state_dir, e)) == ERR_OK)
		rc = holdings_read(state_dir, address, &h, e);
	if (rc == ERR_OK) {
		if (!holdings_has(&h, HELD_HEALTH))
			rc = err_set(e, ERR_ABSENT, "mail reaches this "
			    "address as far as is known; nothing was changed");
		else
			rc = health_locked(state_dir, &h, e);
		holdings_wipe(&h);
	}
	lock_release(&fd);
	return rc;
}
