/*
 * healthnote.c - bounces and refusals, on their way into the health log.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/healthlog.h"
#include "io/healthnote.h"
#include "io/history.h"
#include "io/lock.h"
#include "io/state.h"
#include "io/wavefile.h"
#include "io/waves.h"

#define BATCH	1024

struct note {
	const char		*dir;
	const struct returned	*in;
	unsigned char		 key[CRYPT_KEY];	/* organisation's */
	int64_t			 now;
	struct health_record	 r;
	bool			 live;	/* its wave is not published yet */
};

/* True if one of the IDs was issued for that wave. */
static bool
is_of(struct note *n, const char *wave)
{
	unsigned int i;

	for (i = 0; i < n->in->n; i++)
		if (bounce_check(n->in->id[i], n->key, wave, n->r.who)) {
			memcpy(n->r.wave, wave, strlen(wave) + 1);
			return true;
		}
	return false;
}

/* Has no reminder gone yet?  Then it is the invitation that came back. */
static enum err_code
is_early(struct note *n, const struct wave_ref *ref, struct err *e)
{
	char		*path = state_wave(n->dir, ref->tag, ref->name);
	struct wave	 w;
	enum err_code	 rc = wavefile_read(path, WAVE_BRIEF, &w, e);

	free(path);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;	/* published now */
	n->live = true;
	n->r.early = w.n_reminders == 0 || n->now < w.reminder[0];
	wave_wipe(&w);
	return ERR_OK;
}

/* Looks for the wave among those that are live. */
static enum err_code
find_live(struct note *n, bool *found, struct err *e)
{
	struct wave_ref	*ref;
	enum err_code	 rc;
	size_t		 count, i;

	if ((rc = waves_list(n->dir, &ref, &count, e)) != ERR_OK)
		return rc;
	for (i = 0; i < count && !*found && rc == ERR_OK; i++)
		if ((*found = is_of(n, ref[i].name)))
			rc = is_early(n, &ref[i], e);
	free(ref);
	return rc;
}

/* And among the published: a bounce may be late, or of a digest. */
static enum err_code
find_published(struct note *n, bool *found, struct err *e)
{
	char		**name;
	enum err_code	  rc;
	size_t		  count, i;

	rc = history_list(n->dir, &name, &count, e);
	for (i = 0; i < count; i++) {
		if (rc == ERR_OK && !*found)
			*found = is_of(n, name[i]);
		free(name[i]);
	}
	free(name);
	return rc;
}

/* The roster's lock, shared with others that append. */
static enum err_code
append(const char *dir, enum lock_kind kind, const struct health_record *r,
    size_t n, struct err *e)
{
	char		*lock = state_path(dir, STATE_ROSTER_LOCK, NULL);
	enum err_code	 rc;
	int		 fd = -1;

	rc = lock_take(lock, kind, 0, &fd, e);
	if (rc == ERR_OK)
		rc = healthlog_append(dir, r, n, e);
	lock_release(&fd);
	free(lock);
	return rc;
}

enum err_code
healthnote_bounce(const char *state_dir, const struct returned *r,
    int64_t now, struct err *e)
{
	struct note	 n = { .dir = state_dir, .in = r, .now = now };
	char		*path = state_path(state_dir, STATE_ORGANISATION_KEY,
			    NULL);
	bool		 found = false;
	enum err_code	 rc;

	n.r.event = r->class;
	if ((rc = state_key_read(path, n.key, e)) == ERR_OK &&
	    (rc = find_live(&n, &found, e)) == ERR_OK && !found)
		rc = find_published(&n, &found, e);
	crypt_wipe(n.key, sizeof(n.key));
	free(path);
	if (rc == ERR_OK && !found)
		rc = err_set(e, ERR_ABSENT, "no mail of ours");
	/* these two only ever pause a wave */
	if (rc != ERR_OK || (!n.live && (n.r.event == BOUNCE_POLICY ||
	    n.r.event == BOUNCE_UNKNOWN)))
		return rc;
	return append(state_dir, LOCK_TRY_SHARED, &n.r, 1, e);
}

struct refusals {
	const char		*dir, *survey, *wave;
	const struct list	*list;
	unsigned char		 key[CRYPT_KEY];
	struct roster		*roster;
	struct health_record	*batch;
	size_t			 n;
};

static enum err_code
flush(struct refusals *f, struct err *e)
{
	size_t n = f->n;

	f->n = 0;
	return n == 0 ? ERR_OK :
	    append(f->dir, LOCK_SHARED, f->batch, n, e);
}

static enum err_code
note_refused(struct refusals *f, uint32_t i, unsigned char how, struct err *e)
{
	struct health_record	*r = &f->batch[f->n];
	struct list_person	 lp;
	struct person		 p;
	enum err_code		 rc;

	if ((rc = list_get(f->list, i, &lp, e)) != ERR_OK)
		return rc;
	rc = roster_person(f->roster, f->survey, lp.id, &p, e);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	memset(r, 0, sizeof(*r));
	bounce_who(r->who, f->key, f->survey, p.id, p.address);
	if (memcmp(r->who, lp.who, sizeof(lp.who)) != 0)
		return ERR_OK;
	r->event = how & REFUSED_HARD ? BOUNCE_HARD : BOUNCE_SOFT;
	memcpy(r->wave, f->wave, strlen(f->wave) + 1);
	return ++f->n < BATCH ? ERR_OK : flush(f, e);
}

static bool
any(const unsigned char *refused, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if ((refused[i] & (REFUSED_HARD | REFUSED_SOFT)) != 0)
			return true;
	return false;
}

enum err_code
healthnote_refusals(const char *state_dir, const char *survey,
    const char *wave, const struct list *l, const unsigned char *refused,
    struct err *e)
{
	struct refusals	 f = { .dir = state_dir, .survey = survey,
			    .wave = wave, .list = l };
	enum err_code	 rc;
	uint32_t	 i;

	if (!any(refused, list_people(l)))
		return ERR_OK;
	rc = roster_open(state_dir, &f.roster, e);
	if (rc == ERR_ABSENT || rc == ERR_CORRUPT)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	f.batch = mem_zero(BATCH, sizeof(*f.batch));
	rc = state_organisation_key(state_dir, f.key, e);
	if (rc == ERR_OK)
		rc = healthlog_make(state_dir, e);
	for (i = 0; i < list_people(l) && rc == ERR_OK; i++)
		if ((refused[i] & (REFUSED_HARD | REFUSED_SOFT)) != 0)
			rc = note_refused(&f, i, refused[i], e);
	if (rc == ERR_OK)
		rc = flush(&f, e);
	crypt_wipe(f.key, sizeof(f.key));
	roster_close(&f.roster);
	free(f.batch);
	return rc;
}

static bool
is_other(void *arg, struct health_record *r)
{
	return memcmp(r->who, arg, BOUNCE_WHO) != 0;
}

enum err_code
healthnote_forget(const char *state_dir, const char *survey,
    const struct person *p, struct err *e)
{
	unsigned char	key[CRYPT_KEY], who[BOUNCE_WHO];
	enum err_code	rc = state_organisation_key(state_dir, key, e);

	if (rc != ERR_OK)
		return rc;
	bounce_who(who, key, survey, p->id, p->address);
	crypt_wipe(key, sizeof(key));
	return healthlog_filter(state_dir, is_other, who, e);
}
