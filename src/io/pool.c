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
#include "io/pool.h"
#include "io/sender.h"

#define UNREACHED_MAX	3	/* mails in a row that no relay would see */
#define NAP		100000	/* microseconds */
#define STALE		1000000	/* a mail that waited longer is made again */
#define LOOK		1000000	/* between two looks whether it is due */
#define HELD_MAX	16	/* jobs that a thread holds for their domain */

struct run {
	const struct pool	*p;
	pthread_mutex_t		 mutex;		/* all below */
	struct pool_result	*res;
	enum err_code		 rc;
	struct err		*e;
	bool			 ended;		/* no new mail */
	unsigned int		 unreached;	/* in a row */
	struct pace		 pace;
};

/* A job whose domain has its turn later. */
struct held {
	struct pool_job	job;
	int64_t		at;
};

struct worker {
	struct run	*run;
	unsigned int	 number;
	pthread_t	 thread;
	struct sender	*sender;
	struct held	 held[HELD_MAX];
	unsigned int	 n_held;
	bool		 dry;		/* there are no more new jobs */
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
	if (!r->ended && r->p->awaited != NULL && r->p->awaited(r->p->arg))
		end(r, POOL_AWAITED);
	return !r->ended;
}

/* Waits until then; false: mailing has ended. */
static bool
await(struct run *r, int64_t at)
{
	struct timespec	ts = { 0, 0 };
	int64_t		left;
	bool		go;

	for (;;) {
		pthread_mutex_lock(&r->mutex);
		go = going(r);
		pthread_mutex_unlock(&r->mutex);
		left = at - clock_steady();
		if (!go || left <= 0)
			return go;
		ts.tv_nsec = (left < NAP ? left : NAP) * 1000;
		nanosleep(&ts, NULL);
	}
}

/* A new job from the caller; false: there is none. */
static bool
new_job(struct worker *w, struct pool_job *job)
{
	struct run	*r = w->run;
	enum err_code	 rc = ERR_ABSENT;
	struct err	 e;

	pthread_mutex_lock(&r->mutex);
	if (going(r)) {
		rc = r->p->next(r->p->arg, w->number, job, &e);
		if (rc != ERR_OK && rc != ERR_ABSENT)
			fail(r, rc, &e);
	}
	pthread_mutex_unlock(&r->mutex);
	w->dry = rc == ERR_ABSENT;
	return rc == ERR_OK;
}

/* True if the job, which waited, is still to be mailed. */
static bool
is_due(struct run *r, const struct pool_job *job)
{
	bool due;

	pthread_mutex_lock(&r->mutex);
	due = going(r) && (r->p->still == NULL ||
	    r->p->still(r->p->arg, job));
	pthread_mutex_unlock(&r->mutex);
	return due;
}

static void
give_back(struct run *r, const struct pool_job *job)
{
	if (r->p->back == NULL)
		return;
	pthread_mutex_lock(&r->mutex);
	r->p->back(r->p->arg, job);
	pthread_mutex_unlock(&r->mutex);
}

static unsigned int
earliest(const struct worker *w)
{
	unsigned int i, first = 0;

	for (i = 1; i < w->n_held; i++) {
		if (w->held[i].at < w->held[first].at)
			first = i;
	}
	return first;
}

/*
 * The next job: one that is held, if its time has come or there is nothing
 * else to do until then, or a new one.  False: there are no more.
 */
static bool
pick(struct worker *w, struct pool_job *job, bool *held)
{
	unsigned int	i;
	int64_t		look;
	bool		due;

	for (;;) {
		i = earliest(w);
		*held = w->n_held > 0 && (w->dry || w->n_held == HELD_MAX ||
		    w->held[i].at <= clock_steady());
		if (!*held && new_job(w, job))
			return true;
		if (!*held && w->n_held == 0)
			return false;
		look = clock_steady() + LOOK;
		if (!await(w->run, w->held[i].at < look ?
		    w->held[i].at : look))
			return false;
		*job = w->held[i].job;
		due = is_due(w->run, job);
		if (due && clock_steady() < w->held[i].at)
			continue;
		w->held[i] = w->held[--w->n_held];
		*held = true;
		if (due)
			return true;
		give_back(w->run, job);
	}
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
	go = going(r);
	pthread_mutex_unlock(&r->mutex);
	if (rc == ERR_OK && !go)
		give_back(r, job);
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
	if (!await(r, at) || (at - now >= STALE && !is_due(r, job))) {
		give_back(r, job);
		return false;
	}
	return at - now < STALE || make(w, job, mail);
}

/* True if the job was put aside until its domain's turn. */
static bool
hold(struct worker *w, const struct pool_job *job, const char *address)
{
	struct run	*r = w->run;
	int64_t		 now = clock_steady(), at;

	pthread_mutex_lock(&r->mutex);
	at = pace_domain(&r->pace, address, now);
	pthread_mutex_unlock(&r->mutex);
	if (at <= now)
		return false;
	w->held[w->n_held].job = *job;
	w->held[w->n_held++].at = at;
	return true;
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

	if (!make(w, job, &mail) || (!held && hold(w, job, mail.to)) ||
	    !take_turn(w, job, &mail))
		return;
	rec.when = clock_now();
	rec.event = MAIL_ATTEMPT;
	if (!put(r, &rec, true))
		return;
	sender_send(w->sender, &mail, &result);
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
	struct pool_job	 job;
	struct err	 e;
	enum err_code	 rc;
	bool		 held;

	rc = sender_open(r->p->mail, w->number, r->p->password, &w->sender,
	    &e);
	if (rc != ERR_OK) {
		pthread_mutex_lock(&r->mutex);
		fail(r, rc, &e);
		pthread_mutex_unlock(&r->mutex);
		return NULL;
	}
	while (pick(w, &job, &held))
		do_job(w, &job, held);
	while (w->n_held > 0)
		give_back(r, &w->held[--w->n_held].job);
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
	pace_init(&r->pace, p->mail->per_minute, p->mail->per_domain);
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
