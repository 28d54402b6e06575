/*
 * pool_pick.c - which mail a thread has next, and how long it waits.
 *
 * Owns the jobs that a thread holds until their domain has its turn, and the
 * reasons to begin no more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <time.h>

#include "io/clock.h"
#include "io/pool_parts.h"

#define NAP		100000	/* microseconds */
#define LOOK		1000000	/* between two looks whether it is due */

/* The first reason to end is the one that is told.  Under the mutex. */
void
pool_end_run(struct run *r, enum pool_end why)
{
	if (!r->ended)
		r->res->end = why;
	r->ended = true;
}

void
pool_fail(struct run *r, enum err_code rc, const struct err *e)
{
	if (r->rc == ERR_OK) {
		r->rc = rc;
		*r->e = *e;
	}
	pool_end_run(r, POOL_STOPPED);
}

/* True if mailing goes on.  Under the mutex. */
bool
pool_going(struct run *r)
{
	if (atomic_load(r->p->stop) != 0)
		pool_end_run(r, POOL_STOPPED);
	if (r->p->until != 0 && clock_steady() >= r->p->until)
		pool_end_run(r, POOL_TIME);
	if (!r->ended && r->p->awaited != NULL && r->p->awaited(r->p->arg))
		pool_end_run(r, POOL_AWAITED);
	return !r->ended;
}

/* Waits until then; false: mailing has ended. */
bool
pool_await(struct run *r, int64_t at)
{
	struct timespec	ts = { 0, 0 };
	int64_t		left;
	bool		go;

	for (;;) {
		pthread_mutex_lock(&r->mutex);
		go = pool_going(r);
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
	if (r->p->steps != NULL)
		atomic_fetch_add(r->p->steps, 1);
	if (pool_going(r)) {
		rc = r->p->next(r->p->arg, job, &e);
		if (rc != ERR_OK && rc != ERR_ABSENT)
			pool_fail(r, rc, &e);
	}
	pthread_mutex_unlock(&r->mutex);
	w->dry = rc == ERR_ABSENT;
	return rc == ERR_OK;
}

/* True if the job, which waited, is still to be mailed. */
bool
pool_is_due(struct run *r, const struct pool_job *job)
{
	bool due;

	pthread_mutex_lock(&r->mutex);
	due = pool_going(r) && (r->p->still == NULL ||
	    r->p->still(r->p->arg, job));
	pthread_mutex_unlock(&r->mutex);
	return due;
}

void
pool_give_back(struct run *r, const struct pool_job *job)
{
	pthread_mutex_lock(&r->mutex);
	if (r->p->back != NULL)
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
bool
pool_pick(struct worker *w, struct pool_job *job, bool *held)
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
		if (!pool_await(w->run, w->held[i].at < look ?
		    w->held[i].at : look))
			return false;
		*job = w->held[i].job;
		due = pool_is_due(w->run, job);
		if (due && clock_steady() < w->held[i].at)
			continue;
		w->held[i] = w->held[--w->n_held];
		*held = true;
		if (due)
			return true;
		pool_give_back(w->run, job);
	}
}

void
pool_put_aside(struct worker *w, const struct pool_job *job, int64_t at)
{
	w->held[w->n_held].job = *job;
	w->held[w->n_held++].at = at;
}

/* True if the job was put aside until its domain's turn. */
bool
pool_hold(struct worker *w, const struct pool_job *job, const char *address)
{
	struct run	*r = w->run;
	int64_t		 now = clock_steady(), at;

	pthread_mutex_lock(&r->mutex);
	at = pace_domain(&r->pace, address, now);
	pthread_mutex_unlock(&r->mutex);
	if (at <= now)
		return false;
	pool_put_aside(w, job, at);
	return true;
}
