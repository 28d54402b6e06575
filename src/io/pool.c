/*
 * pool.c - threads that mail.
 *
 * Owns the order of M13 and the reasons to stop; who is mailed, and what, is
 * the caller's.  Threads, since libcurl's multi interface waits for one reply
 * after a final dot at a time (doc/spec/FACTS 3.1).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "core/pace.h"
#include "io/clock.h"
#include "io/pool_parts.h"
#include "io/sender.h"

#define UNREACHED_MAX	3	/* mails in a row that no relay would see */
#define STALE		1000000	/* a mail that waited longer is made again */

#define COUNT(of)	offsetof(struct pool_result, of)

static const struct {
	enum mail_event	event;
	unsigned int	grave;
	size_t		count;
} records[CLASS__MAX] = {
	[CLASS_SENT] = { MAIL_SENT, 0, COUNT(sent) },
	[CLASS_TEMPORARY] = { MAIL_TEMPORARY, 1, COUNT(temporary) },
	[CLASS_UNCERTAIN] = { MAIL_UNCERTAIN, 1, COUNT(uncertain) },
	[CLASS_REFUSED_PERSON] = { MAIL_REFUSED_PERSON, 2, COUNT(refused) },
	[CLASS_REFUSED_SOFT] = { MAIL_REFUSED_SOFT, 2, COUNT(refused) },
	[CLASS_UNCLEAR] = { MAIL_REFUSED_UNCLEAR, 2, COUNT(refused) },
	[CLASS_OURS] = { MAIL_RETURNED, 3, 0 },
};

/* Tells of a record that was appended, or of the failure. */
static bool
tell(struct run *r, const struct mail_record *rec, enum err_code rc,
    const struct err *e)
{
	pthread_mutex_lock(&r->mutex);
	if (rc != ERR_OK)
		pool_fail(r, rc, e);
	else if (!r->p->note(r->p->arg, rec))
		pool_end_run(r, POOL_STORM);
	if (rec->event == MAIL_ATTEMPT)	/* its mail goes now */
		*r->last = clock_steady();
	pthread_mutex_unlock(&r->mutex);
	return rc == ERR_OK;
}

/* The attempt, which is_written waits for. */
static bool
begin(struct worker *w, const struct mail_record *rec)
{
	struct run	*r = w->run;
	struct err	 e;
	enum err_code	 rc;

	rc = ledger_begin(r->p->ledger, rec, &w->mark, &e);
	return tell(r, rec, rc, &e);
}

/* M13: the last moment at which the attempt must be on the disk. */
static bool
is_written(void *arg)
{
	struct worker	*w = arg;
	struct run	*r = w->run;
	struct err	 e;
	enum err_code	 rc = ledger_await(r->p->ledger, w->mark, &e);

	if (rc == ERR_OK)
		return true;
	pthread_mutex_lock(&r->mutex);
	pool_fail(r, rc, &e);
	pthread_mutex_unlock(&r->mutex);
	return false;
}

static void
finish(struct run *r, const struct mail_record *rec)
{
	struct err	e;
	enum err_code	rc = ledger_append(r->p->ledger, rec, false, &e);

	tell(r, rec, rc, &e);
}

/* Makes the mail; false: it is not to be sent, or not any more. */
static bool
make(struct worker *w, const struct pool_job *job, struct smtp_mail *mail)
{
	struct run	*r = w->run;
	enum err_code	 rc;
	struct err	 e;
	bool		 go;

	rc = r->p->make(r->p->arg, w->number, job, mail, &e);
	pthread_mutex_lock(&r->mutex);
	if (rc != ERR_OK && rc != ERR_ABSENT)
		pool_fail(r, rc, &e);
	go = pool_going(r);
	pthread_mutex_unlock(&r->mutex);
	if (rc == ERR_OK && !go)
		pool_give_back(r, job);
	return rc == ERR_OK && go;
}

/*
 * Before the end is in the ledger, where it may be the one that makes a storm:
 * the words are there then, and what others have in hand does not change them.
 */
static void
tally(struct run *r, const struct smtp_result *s)
{
	bool		ours = s->class == CLASS_OURS, last;
	unsigned int	grave = records[s->class].grave;

	pthread_mutex_lock(&r->mutex);
	r->unreached = s->no_session ? r->unreached + 1 : 0;
	last = ours || r->unreached >= UNREACHED_MAX;
	if (!ours)
		++*(unsigned int *)((char *)r->res + records[s->class].count);
	if (grave > 0 && !r->ended && (last || grave >= r->res->grave)) {
		memcpy(r->res->words, s->words, sizeof(s->words));
		r->res->grave = grave;
	}
	if (last)
		pool_end_run(r, ours ? POOL_OURS : POOL_UNREACHED);
	pthread_mutex_unlock(&r->mutex);
}

/*
 * Waits for the mail's turn.  One that waited long is made again: the person
 * may have answered, the wave be closed.  False: not now, or not any more.
 */
static bool
take_turn(struct worker *w, const struct pool_job *job,
    struct smtp_mail *mail)
{
	struct run	*r = w->run;
	int64_t		 now = clock_steady(), at;

	pthread_mutex_lock(&r->mutex);
	at = pace_turn(&r->pace, now);
	pthread_mutex_unlock(&r->mutex);
	if (!pool_await(r, at) || (at - now >= STALE && !pool_is_due(r, job))) {
		pool_give_back(r, job);
		return false;
	}
	return at - now < STALE || make(w, job, mail);
}

/* One mail, from its making to its end in the ledger. */
static void
do_job(struct worker *w, const struct pool_job *job, bool held)
{
	struct run		*r = w->run;
	struct mail_record	 rec = { .who = job->who, .kind = job->kind,
				     .slot = job->slot,
				     .attempt = job->attempt };
	struct smtp_mail	 mail;
	struct smtp_result	 result;

	if (!make(w, job, &mail) || (!held && pool_hold(w, job, mail.to)) ||
	    !take_turn(w, job, &mail))
		return;
	rec.when = clock_now();
	rec.event = MAIL_ATTEMPT;
	if (!begin(w, &rec))
		return;
	mail.ready = is_written;
	mail.arg = w;
	sender_send(w->sender, &mail, &result);
	rec.when = clock_now();
	rec.event = (unsigned char)records[result.class].event;
	rec.code = result.no_session ? 0 : (unsigned int)result.code;
	tally(r, &result);
	finish(r, &rec);
}

static void *
work(void *arg)
{
	struct worker	*w = arg;
	struct run	*r = w->run;
	struct pool_job	 job;
	struct err	 e;
	enum err_code	 rc;
	bool		 held;

	rc = sender_open(r->p->mail, w->number, r->p->password, r->p->steps,
	    &w->sender, &e);
	if (rc != ERR_OK) {
		pthread_mutex_lock(&r->mutex);
		pool_fail(r, rc, &e);
		pthread_mutex_unlock(&r->mutex);
		return NULL;
	}
	while (pool_pick(w, &job, &held))
		do_job(w, &job, held);
	while (w->n_held > 0)
		pool_give_back(r, &w->held[--w->n_held].job);
	sender_close(&w->sender);
	return NULL;
}

enum err_code
pool_run(const struct pool *p, struct pool_result *res, struct err *e)
{
	struct run	*r = mem_zero(1, sizeof(*r));
	unsigned int	 n = p->mail->connections, i, started;
	struct worker	*w = mem_zero(n, sizeof(*w));
	struct err	 late;
	enum err_code	 rc;

	memset(res, 0, sizeof(*res));
	*r = (struct run){ .p = p, .res = res, .rc = ERR_OK, .e = e };
	r->last = p->last != NULL ? p->last : &r->none;
	pace_init(&r->pace, p->mail->per_minute, p->mail->per_domain,
	    *r->last);
	pthread_mutex_init(&r->mutex, NULL);
	for (started = 0; started < n; started++) {
		w[started].run = r;
		w[started].number = started;
		if (pthread_create(&w[started].thread, NULL, work,
		    &w[started]) != 0)
			break;
	}
	for (i = 0; i < started; i++)
		pthread_join(w[i].thread, NULL);
	if (started == 0)
		r->rc = err_set(e, ERR_SYS, "no thread can be started");
	pthread_mutex_destroy(&r->mutex);
	free(w);

	rc = ledger_sync(p->ledger, &late);
	if (r->rc != ERR_OK)
		rc = r->rc;
	else if (rc != ERR_OK)
		*e = late;
	free(r);
	return rc;
}
