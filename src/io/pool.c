/*
 * pool.c - threads that mail.
 *
 * Owns the way of a mail from its making to its end; who is mailed, and what,
 * is the caller's.  Threads, since libcurl's multi interface waits for one
 * reply after a final dot at a time (doc/spec/FACTS 3.1).
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
#define QUICK		100000	/* that far a mail ahead is not stale */

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

enum made { MADE, NOBODY, ENDED };

/* NOBODY: it is not to be sent after all.  ENDED: not in this run. */
static enum made
make(struct worker *w, struct ahead *a)
{
	struct run	*r = w->run;
	unsigned int	 desk = w->number * r->p->ahead +
			    (unsigned int)(a - w->ahead);
	enum err_code	 rc;
	struct err	 e;
	bool		 go;

	a->made = clock_steady();
	rc = r->p->make(r->p->arg, desk, &a->job, &a->mail, &e);
	pthread_mutex_lock(&r->mutex);
	if (rc != ERR_OK && rc != ERR_ABSENT)
		pool_fail(r, rc, &e);
	go = pool_going(r);
	pthread_mutex_unlock(&r->mutex);
	if (rc != ERR_OK)
		return NOBODY;
	return go ? MADE : ENDED;
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
 * may have answered, the wave be closed.
 */
static enum made
take_turn(struct worker *w, struct ahead *a)
{
	struct run	*r = w->run;
	int64_t		 now = clock_steady(), at;

	pthread_mutex_lock(&r->mutex);
	at = pace_turn(&r->pace, now);
	pthread_mutex_unlock(&r->mutex);
	if (!pool_await(r, at) || (at - now >= STALE &&
	    !pool_is_due(r, &a->job)))
		return ENDED;
	return at - now < STALE ? MADE : make(w, a);
}

/*
 * A mail that depends on the box is made just before it goes (M18); of one that
 * may end the program no other is to suffer.
 */
static bool
goes_alone(const struct pool_job *job)
{
	return job->kind != MAIL_FIRST || job->attempt > 1;
}

/* Picks a mail, makes it and begins it; false: there are no more. */
static bool
add_one(struct worker *w)
{
	struct run	*r = w->run;
	struct ahead	*a = &w->ahead[(w->first + w->n_ahead) % r->p->ahead];
	enum made	 made;
	bool		 held;

	if (!pool_pick(w, &a->job, &held))
		return false;
	if (goes_alone(&a->job) && w->n_ahead > 0) {
		pool_put_aside(w, &a->job, clock_steady());
		return true;
	}
	made = make(w, a);
	if (made == MADE && !held && pool_hold(w, &a->job, a->mail.to))
		return true;
	if (made == MADE)
		made = take_turn(w, a);
	if (made == ENDED)
		pool_give_back(r, &a->job);
	if (made == MADE && pool_begin(r, a))
		w->n_ahead++;
	return true;
}

/*
 * Is another mail to be begun before the first one goes?  Not after one that
 * did not go: while the relay is away nothing is begun in vain.
 */
static bool
wants_more(const struct worker *w)
{
	const struct pool *p = w->run->p;

	if (w->n_ahead == 0)
		return true;
	return w->n_ahead < p->ahead && w->quick && !w->dry &&
	    w->n_held == 0 && p->mail->per_minute == 0 &&
	    p->mail->per_domain == 0 && !goes_alone(&w->ahead[w->first].job);
}

/* The end of a mail, and what it says of the next ones. */
static void
conclude(struct worker *w, const struct ahead *a,
    const struct smtp_result *result, int64_t began)
{
	bool nobody = result->no_session && result->class != CLASS_OURS;

	w->quick = result->class == CLASS_SENT &&
	    clock_steady() - began < QUICK;
	tally(w->run, result);
	pool_finish(w, &a->job, records[result->class].event,
	    nobody ? 0 : (unsigned int)result->code);
}

/* Is the first one still to go? */
static enum made
look_again(struct worker *w, struct ahead *a)
{
	struct run	*r = w->run;
	bool		 go;

	if (clock_steady() - a->made >= STALE)
		return pool_is_due(r, &a->job) ? make(w, a) : ENDED;
	pthread_mutex_lock(&r->mutex);
	go = pool_going(r);
	pthread_mutex_unlock(&r->mutex);
	return go ? MADE : ENDED;
}

/* The first one, to its end in the ledger. */
static void
send_first(struct worker *w)
{
	struct ahead		*a = &w->ahead[w->first];
	struct smtp_result	 result;
	int64_t			 began = clock_steady();
	enum made		 made = look_again(w, a);

	if (made == MADE) {
		a->mail.ready = pool_is_written;
		a->mail.arg = w;
		sender_send(w->sender, &a->mail, &result);
		conclude(w, a, &result, began);
	} else
		pool_finish(w, &a->job, MAIL_RETURNED, 0);
	if (made == ENDED)	/* others may have it from now on */
		pool_give_back(w->run, &a->job);
	w->first = (w->first + 1) % w->run->p->ahead;
	w->n_ahead--;
}

/* True if there is a mail to go. */
static bool
fill(struct worker *w)
{
	while (wants_more(w) && add_one(w))
		;
	return w->n_ahead > 0;
}

static void *
work(void *arg)
{
	struct worker	*w = arg;
	struct run	*r = w->run;
	struct err	 e;
	enum err_code	 rc;

	rc = sender_open(r->p->mail, w->number, r->p->password, r->p->steps,
	    &w->sender, &e);
	if (rc != ERR_OK) {
		pthread_mutex_lock(&r->mutex);
		pool_fail(r, rc, &e);
		pthread_mutex_unlock(&r->mutex);
		return NULL;
	}
	while (fill(w))
		send_first(w);
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
	r->ends = mem_zero(n, sizeof(*r->ends));
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
	free(r->ends);
	free(r);
	return rc;
}
