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
#include "io/clock.h"
#include "io/pool.h"
#include "io/sender.h"

#define UNREACHED_MAX	3	/* mails in a row that no relay would see */
#define NAP_MS		100
#define MS		1000

struct run {
	const struct pool	*p;
	pthread_mutex_t		 mutex;		/* all below */
	struct pool_result	*res;
	enum err_code		 rc;
	struct err		*e;
	bool			 ended;		/* no new mail */
	unsigned int		 unreached;	/* in a row */
	int64_t			 slot;		/* ms; when the next may go */
};

struct worker {
	struct run	*run;
	unsigned int	 number;
	pthread_t	 thread;
};

static const struct {
	enum mail_event	 event;
	size_t		 count;		/* which of the result's */
} records[CLASS__MAX] = {
	[CLASS_SENT] = { MAIL_SENT, offsetof(struct pool_result, sent) },
	[CLASS_TEMPORARY] = { MAIL_TEMPORARY,
	    offsetof(struct pool_result, temporary) },
	[CLASS_REFUSED_PERSON] = { MAIL_REFUSED_PERSON,
	    offsetof(struct pool_result, refused) },
	[CLASS_REFUSED_SOFT] = { MAIL_REFUSED_SOFT,
	    offsetof(struct pool_result, refused) },
	[CLASS_UNCLEAR] = { MAIL_REFUSED_UNCLEAR,
	    offsetof(struct pool_result, refused) },
	[CLASS_OURS] = { MAIL_RETURNED, 0 },
	[CLASS_UNCERTAIN] = { MAIL_UNCERTAIN,
	    offsetof(struct pool_result, uncertain) },
};

static void
nap(int64_t ms)
{
	struct timespec ts = { ms / MS, ms % MS * 1000000 };

	nanosleep(&ts, NULL);
}

/* The first reason to end is the one that is told.  Under the mutex. */
static void
end(struct run *r, enum pool_end why)
{
	if (!r->ended)
		r->res->end = why;
	r->ended = true;
}

static void
fail(struct run *r, enum err_code rc, const struct err *e)
{
	if (r->rc == ERR_OK) {
		r->rc = rc;
		*r->e = *e;
	}
	end(r, POOL_STOPPED);
}

/* True if mailing goes on.  Under the mutex. */
static bool
going(struct run *r)
{
	if (atomic_load(r->p->stop) != 0)
		end(r, POOL_STOPPED);
	return !r->ended;
}

/* Takes this thread's turn under per_minute; false: mailing has ended. */
static bool
await_turn(struct run *r)
{
	int64_t	gap = 60 * MS, at, left;
	bool	go;

	if (r->p->mail->per_minute == 0)
		return true;
	gap /= r->p->mail->per_minute;
	pthread_mutex_lock(&r->mutex);
	at = clock_steady();
	if (at < r->slot)
		at = r->slot;
	r->slot = at + gap;
	pthread_mutex_unlock(&r->mutex);
	do {
		pthread_mutex_lock(&r->mutex);
		go = going(r);
		pthread_mutex_unlock(&r->mutex);
		left = at - clock_steady();
		if (go && left > 0)
			nap(left < NAP_MS ? left : NAP_MS);
	} while (go && left > 0);
	return go;
}

static bool
next_job(struct worker *w, struct pool_job *job)
{
	struct run	*r = w->run;
	enum err_code	 rc = ERR_ABSENT;
	struct err	 e;

	if (!await_turn(r))
		return false;
	pthread_mutex_lock(&r->mutex);
	if (going(r)) {
		rc = r->p->next(r->p->arg, w->number, job, &e);
		if (rc == ERR_ABSENT)
			end(r, POOL_DONE);
		else if (rc != ERR_OK)
			fail(r, rc, &e);
	}
	pthread_mutex_unlock(&r->mutex);
	return rc == ERR_OK;
}

/* Appends a record, then tells it; false: it may not be on the disk. */
static bool
put(struct run *r, const struct mail_record *rec, bool sync)
{
	enum err_code	rc;
	struct err	e;

	rc = ledger_append(r->p->ledger, rec, sync, &e);
	pthread_mutex_lock(&r->mutex);
	if (rc != ERR_OK)
		fail(r, rc, &e);
	else if (!r->p->note(r->p->arg, rec))
		end(r, POOL_STORM);
	pthread_mutex_unlock(&r->mutex);
	return rc == ERR_OK;
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
		fail(r, rc, &e);
	/* that there are no more jobs does not end those in hand */
	go = going(r) || r->res->end == POOL_DONE;
	pthread_mutex_unlock(&r->mutex);
	return rc == ERR_OK && go;
}

static void
tally(struct run *r, const struct smtp_result *s)
{
	unsigned int	*count;

	pthread_mutex_lock(&r->mutex);
	if (s->class == CLASS_OURS) {
		end(r, POOL_OURS);
	} else {
		count = (unsigned int *)((char *)r->res +
		    records[s->class].count);
		(*count)++;
	}
	if (s->class != CLASS_SENT && r->res->words[0] == '\0')
		memcpy(r->res->words, s->words, sizeof(s->words));
	r->unreached = s->no_session ? r->unreached + 1 : 0;
	if (r->unreached >= UNREACHED_MAX)
		end(r, POOL_UNREACHED);
	pthread_mutex_unlock(&r->mutex);
}

/* One mail, from its making to its end in the ledger. */
static void
do_job(struct worker *w, struct sender *sender, const struct pool_job *job)
{
	struct run		*r = w->run;
	struct mail_record	 rec = { .who = job->who, .kind = job->kind,
				     .slot = job->slot,
				     .attempt = job->attempt };
	struct smtp_mail	 mail;
	struct smtp_result	 result;

	if (!make(w, job, &mail))
		return;
	rec.when = clock_now();
	rec.event = MAIL_ATTEMPT;
	if (!put(r, &rec, true))
		return;
	sender_send(sender, &mail, &result);
	rec.when = clock_now();
	rec.event = (unsigned char)records[result.class].event;
	rec.code = (unsigned int)result.code;
	put(r, &rec, false);
	tally(r, &result);
}

static void *
work(void *arg)
{
	struct worker	*w = arg;
	struct run	*r = w->run;
	struct sender	*sender = NULL;
	struct pool_job	 job;
	struct err	 e;
	enum err_code	 rc;

	rc = sender_open(r->p->mail, w->number, r->p->password, &sender, &e);
	if (rc != ERR_OK) {
		pthread_mutex_lock(&r->mutex);
		fail(r, rc, &e);
		pthread_mutex_unlock(&r->mutex);
		return NULL;
	}
	while (next_job(w, &job))
		do_job(w, sender, &job);
	sender_close(&sender);
	return NULL;
}

enum err_code
pool_run(const struct pool *p, struct pool_result *res, struct err *e)
{
	struct run	 r = { .p = p, .res = res, .rc = ERR_OK, .e = e };
	unsigned int	 n = p->mail->connections, i, started;
	struct worker	*w = mem_zero(n, sizeof(*w));
	struct err	 late;
	enum err_code	 rc;

	memset(res, 0, sizeof(*res));
	pthread_mutex_init(&r.mutex, NULL);
	for (started = 0; started < n; started++) {
		w[started].run = &r;
		w[started].number = started;
		if (pthread_create(&w[started].thread, NULL, work,
		    &w[started]) != 0)
			break;
	}
	for (i = 0; i < started; i++)
		pthread_join(w[i].thread, NULL);
	if (started == 0)
		r.rc = err_set(e, ERR_SYS, "no thread can be started");
	pthread_mutex_destroy(&r.mutex);
	free(w);

	rc = ledger_sync(p->ledger, &late);
	if (r.rc == ERR_OK && rc != ERR_OK) {
		*e = late;
		r.rc = rc;
	}
	return r.rc;
}
