/*
 * delivery.c - a digest for each leader of a unit, a copy for its people.
 *
 * Who leads two units gets two digests.  Whoever has gone since an earlier run
 * is forgotten; one who is new is owed a digest like the others.  No key of
 * the wave is needed here, only the organisation's.
 *
 * Leaders are the first batch, people the others.  Each batch is held against
 * the whole ledger; in a first delivery nothing is in it of those who come
 * later, so that its cost is linear.  The record of a storm names one of its
 * batch: it takes back that batch's refusals and no others.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/clock.h"
#include "io/digests.h"
#include "io/delivery.h"
#include "io/file.h"
#include "io/joint.h"
#include "io/ledger.h"
#include "io/pool.h"
#include "io/state.h"

#define DAY	86400

static const struct {
	enum state_file	 ledger;
	const char	*purpose;	/* of its key */
} kinds[DIGESTS__MAX] = {
	[DIGESTS_FIGURES] = { STATE_DIGEST_LEDGER, "digest" },
	[DIGESTS_REVIEW] = { STATE_REVIEW_LEDGER, "review" },
	[DIGESTS_COMMENTS] = { STATE_COMMENTS_LEDGER, "comments" },
};

struct round {
	const struct mailing	*m;
	struct delivery_result	*r;
	char			*path;		/* of the ledger */
	unsigned char		 key[CRYPT_KEY];	/* and its key */
	unsigned char		 organisation[CRYPT_KEY];
	struct digests		*digests;
	struct ledger		*ledger;
	int64_t			 begun;		/* this delivery; 0: not yet */
	bool			 first;		/* run of it */
	bool			 over;		/* no more mail in this run */
	unsigned int		 grave;		/* of the result's words */
	enum digests_kind	 kind;
	struct joint		 joint;		/* of figures */
	/* the batch in hand: */
	const struct recipient	*to;		/* in order of who */
	size_t			 n;
	struct standings	 people;	/* by place in `to` */
	bool			*nobody;	/* is to be mailed after all */
	size_t			 at;
};

static void
take_batch(struct round *d, const struct recipient *to, size_t n)
{
	d->to = to;
	d->n = n;
	d->at = 0;
	free(d->nobody);
	d->nobody = mem_zero(n, sizeof(*d->nobody));
	standings_wipe(&d->people);
	standings_init(&d->people, n);
}

static size_t
place_of(const struct round *d, uint64_t who)
{
	size_t lo = 0, hi = d->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (d->to[mid].who < who)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < d->n && d->to[lo].who == who ? lo : d->n;
}

/* What is said of others than the batch is passed over. */
static enum err_code
on_record(void *arg, const struct mail_record *r, struct err *e)
{
	struct round	*d = arg;
	size_t		 place = place_of(d, r->who);

	(void)e;
	if (r->event != MAIL_PAUSED || place < d->n)
		standings_apply(&d->people, place, r);
	return ERR_OK;
}

static enum err_code
next(void *arg, struct pool_job *job, struct err *e)
{
	struct round		*d = arg;
	const struct standing	*s;
	int64_t			 now = clock_now();

	(void)e;
	while (d->at < d->n) {
		s = &d->people.of[d->at++];
		if (standing_owed(s, 0) == -1 || s->retry > now)
			continue;
		memset(job, 0, sizeof(*job));
		job->who = d->to[d->at - 1].who;
		job->attempt = s->tries < UINT8_MAX ? s->tries + 1 : s->tries;
		return ERR_OK;
	}
	return ERR_ABSENT;
}

static enum err_code
make(void *arg, unsigned int desk, const struct pool_job *job,
    struct smtp_mail *mail, struct err *e)
{
	struct round	*d = arg;
	size_t		 place = place_of(d, job->who);
	enum err_code	 rc;

	rc = digests_make(d->digests, desk, &d->to[place], d->begun, mail, e);
	d->nobody[place] = rc == ERR_ABSENT;
	return rc;
}

static bool
note(void *arg, const struct mail_record *r)
{
	struct round *d = arg;

	standings_apply(&d->people, place_of(d, r->who), r);
	return !standings_storm(&d->people);
}

static enum err_code
append(struct round *d, unsigned char event, unsigned int code, struct err *e)
{
	struct mail_record	r = { .who = d->n > 0 ? d->to[0].who : 0,
				    .when = clock_now(), .event = event,
				    .code = code };
	enum err_code		rc;

	if (event == MAIL_BEGUN)
		r.who = d->joint.guest;
	rc = ledger_append(d->ledger, &r, true, e);
	if (rc == ERR_OK)
		standings_apply(&d->people, 0, &r);
	return rc;
}

static void
count_left(struct round *d)
{
	int64_t	when, now = clock_now();
	size_t	i;

	for (i = 0; i < d->n; i++) {
		if (standing_owed(&d->people.of[i], 0) == -1 || d->nobody[i])
			continue;
		when = d->people.of[i].retry;
		if (when < now)
			when = now;
		d->r->left++;
		if (d->r->next == 0 || when < d->r->next)
			d->r->next = when;
	}
}

static enum err_code
mail_them(struct round *d, struct err *e)
{
	struct pool		pool = {
		.mail = &d->m->conf->mail, .password = d->m->password,
		.stop = d->m->stop, .steps = d->m->steps,
		.until = d->m->until, .last = d->m->last,
		.ledger = d->ledger, .ahead = 1,
		.next = next, .make = make, .note = note,
		.arg = d
	};
	struct pool_result	res;
	enum err_code		rc;

	rc = pool_run(&pool, &res, e);
	d->r->sent += res.sent;
	d->r->copies += d->n > 0 && d->to[0].id[0] != '\0' ? res.sent : 0;
	d->r->temporary += res.temporary;
	d->r->refused += res.refused;
	d->r->uncertain += res.uncertain;
	d->r->unreached = res.end == POOL_UNREACHED;
	d->over = res.end != POOL_DONE;
	/* a batch that was the end says why */
	if (res.words[0] != '\0' && (d->over || res.grave >= d->grave)) {
		memcpy(d->r->words, res.words, sizeof(res.words));
		d->grave = res.grave;
	}
	if (rc == ERR_OK && res.end == POOL_STORM)
		rc = append(d, MAIL_PAUSED, PAUSE_STORM, e);
	count_left(d);
	if (rc == ERR_OK && (res.end == POOL_STORM || res.end == POOL_OURS))
		return err_set(e, ERR_REFUSED, "digests stay: %s (%s); nobody "
		    "is blamed and the next run tries again",
		    res.end == POOL_STORM ? "too many refusals" :
		    "the relay refuses our mail", res.words);
	return rc;
}

/* The batch's standings are what the ledger says. */
static enum err_code
mail_batch(struct round *d, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (standings_storm(&d->people))
		rc = append(d, MAIL_PAUSED, PAUSE_STORM, e);
	return rc == ERR_OK ? mail_them(d, e) : rc;
}

static enum err_code
on_staff(void *arg, const struct recipient *to, size_t n, struct err *e)
{
	struct round	*d = arg;
	enum err_code	 rc = ERR_OK;

	if (d->over) {
		d->r->left += n;
		return ERR_OK;
	}
	take_batch(d, to, n);
	if (!d->first)
		rc = ledger_replay(d->path, d->key, on_record, d, e);
	return rc == ERR_OK ? mail_batch(d, e) : rc;
}

/* Leaders, then staff; what is left is counted. */
static enum err_code
mail_all(struct round *d, struct err *e)
{
	enum err_code rc = mail_batch(d, e);

	return rc == ERR_OK ? digests_staff(d->digests, on_staff, d, e) : rc;
}

/* The ledger is open: begins it, mails, and removes it when all is done. */
static enum err_code
deliver(struct round *d, struct err *e)
{
	int64_t		now = clock_now();
	enum err_code	rc = ERR_OK;

	d->first = d->people.begun == 0;
	if (d->kind == DIGESTS_FIGURES && d->first == d->joint.begun)
		return err_set(e, ERR_BUSY, "its digests were begun by "
		    "another process just now; run again");
	if (d->first)
		rc = append(d, MAIL_BEGUN, d->joint.part, e);
	if (rc != ERR_OK)
		return rc;
	d->begun = d->people.begun;
	if (now >= d->begun + (int64_t)DELIVERY_DAYS * DAY) {
		d->r->expired = d->r->finished = true;
		return file_remove(d->path, e);
	}
	if ((rc = joint_mark(&d->joint, d->m->conf, e)) != ERR_OK)
		return rc;
	if (d->people.newest > now + 3600)
		return err_set(e, ERR_REFUSED, "the clock went backwards: "
		    "digests were sent later than now; set the clock");
	rc = mail_all(d, e);
	if (rc == ERR_OK && d->r->left == 0 && !d->over) {
		d->r->finished = true;
		rc = file_remove(d->path, e);
	}
	return rc;
}

/* To whom, once it is known whether these go alone; r->nothing: not yet. */
static enum err_code
find_all(struct round *d, const char *wave, struct err *e)
{
	const struct conf		*conf = d->m->conf;
	const struct recipient		*to;
	const struct digests_what	 what = { wave, d->joint.other,
					    d->kind, d->joint.part };
	enum err_code			 rc;
	size_t				 n;

	rc = digests_open(conf, &what, d->organisation,
	    conf->mail.connections, &d->digests, e);
	if (rc != ERR_OK)
		return rc;
	if (!digests_ready(d->digests)) {
		d->r->nothing = true;
		return ERR_OK;
	}
	to = digests_leaders(d->digests, &n);
	take_batch(d, to, n);
	return ERR_OK;
}

static enum err_code
run(struct round *d, const char *wave, struct err *e)
{
	enum err_code rc;

	rc = state_organisation_key(d->m->conf->state_dir, d->organisation, e);
	if (rc == ERR_OK && d->kind == DIGESTS_FIGURES)
		rc = joint_find(&d->joint, d->m, wave, d->organisation,
		    clock_now(), e);
	memcpy(d->r->waits, d->joint.waits, sizeof(d->r->waits));
	if (rc != ERR_OK || d->joint.waits[0] != '\0')
		return rc;
	rc = find_all(d, wave, e);
	if (rc != ERR_OK || d->r->nothing)
		return rc;
	joint_key(d->key, d->organisation, kinds[d->kind].purpose, wave);
	rc = ledger_open(d->path, d->key, on_record, d, &d->ledger, e);
	return rc == ERR_OK ? deliver(d, e) : rc;
}

enum err_code
delivery_run(const struct mailing *m, const char *wave,
    enum digests_kind kind, struct delivery_result *r, struct err *e)
{
	struct round	*d;
	enum err_code	 rc;
	bool		 there;

	memset(r, 0, sizeof(*r));
	d = mem_zero(1, sizeof(*d));
	d->m = m;
	d->r = r;
	d->kind = kind;
	d->path = state_path(m->conf->state_dir, kinds[kind].ledger, wave);
	rc = file_there(d->path, &there, e);
	r->nothing = rc == ERR_OK && !there;
	if (rc == ERR_OK && there)
		rc = run(d, wave, e);
	ledger_close(&d->ledger);
	digests_close(&d->digests);
	standings_wipe(&d->people);
	joint_wipe(&d->joint);
	crypt_wipe(d->key, CRYPT_KEY);
	crypt_wipe(d->organisation, CRYPT_KEY);
	free(d->nobody);
	free(d->path);
	free(d);
	return rc;
}
