/*
 * pool_ledger.c - what of a pool's mails is in the ledger, and on the disk.
 *
 * Owns the order of M13: the attempt before the mail, and of all mails that
 * may have arrived the end, but for one a connection.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "io/clock.h"
#include "io/pool_parts.h"

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
	if (rec->event == MAIL_ATTEMPT)	/* under a cap its mail goes now */
		*r->last = clock_steady();
	pthread_mutex_unlock(&r->mutex);
	return rc == ERR_OK;
}

static void
fill_record(struct mail_record *rec, const struct pool_job *job,
    enum mail_event event)
{
	*rec = (struct mail_record){ .who = job->who, .kind = job->kind,
	    .slot = job->slot, .attempt = job->attempt,
	    .event = (unsigned char)event, .when = clock_now() };
}

bool
pool_begin(struct run *r, struct ahead *a)
{
	struct mail_record	rec;
	struct err		e;
	enum err_code		rc;

	fill_record(&rec, &a->job, MAIL_ATTEMPT);
	rc = ledger_begin(r->p->ledger, &rec, &a->mark, &e);
	return tell(r, &rec, rc, &e);
}

/* Under the mutex: forgets the ends that are on the disk; the newest that is
 * not. */
static uint32_t
newest_end(struct run *r)
{
	uint32_t	newest = 0, synced = ledger_synced(r->p->ledger);
	unsigned int	i, kept = 0;

	for (i = 0; i < r->n_ends; i++) {
		if (r->ends[i] <= synced)
			continue;
		if (r->ends[i] > newest)
			newest = r->ends[i];
		r->ends[kept++] = r->ends[i];
	}
	r->n_ends = kept;
	return newest;
}

/*
 * M13: what a crash repeats are the mails whose end is not on the disk, known
 * or not.  Lets the worker's mail go while they are fewer than connections.
 * *lead: this thread is to sync them, which it does before they are so many
 * that others have to wait; *newest is what to sync.
 */
static void
let_go(struct worker *w, uint32_t *newest, bool *lead)
{
	struct run	*r = w->run;
	unsigned int	 most = r->p->mail->connections;

	pthread_mutex_lock(&r->mutex);
	*newest = newest_end(r);
	*lead = r->n_ends * 2 >= most && !r->syncing;
	w->going = !*lead && r->going + r->n_ends < most;
	r->going += w->going;
	r->syncing |= *lead;
	pthread_mutex_unlock(&r->mutex);
}

static enum err_code
await_place(struct worker *w, struct err *e)
{
	struct run	*r = w->run;
	enum err_code	 rc;
	uint32_t	 newest;
	bool		 lead;

	for (;;) {
		let_go(w, &newest, &lead);
		if (w->going)
			return ERR_OK;
		rc = ledger_await(r->p->ledger, newest, e);
		if (lead) {
			pthread_mutex_lock(&r->mutex);
			r->syncing = false;
			pthread_mutex_unlock(&r->mutex);
		}
		if (rc != ERR_OK)
			return rc;
	}
}

bool
pool_is_written(void *worker)
{
	struct worker	*w = worker;
	struct run	*r = w->run;
	struct err	 e;
	enum err_code	 rc = ledger_await(r->p->ledger,
			    w->ahead[w->first].mark, &e);

	if (rc == ERR_OK)
		rc = await_place(w, &e);
	if (rc == ERR_OK)
		return true;
	pthread_mutex_lock(&r->mutex);
	pool_fail(r, rc, &e);
	pthread_mutex_unlock(&r->mutex);
	return false;
}

void
pool_finish(struct worker *w, const struct pool_job *job, enum mail_event event,
    unsigned int code)
{
	struct run		*r = w->run;
	struct mail_record	 rec;
	struct err		 e;
	enum err_code		 rc;
	uint32_t		 mark = 0;

	fill_record(&rec, job, event);
	rec.code = code;
	rc = ledger_begin(r->p->ledger, &rec, &mark, &e);
	if (w->going) {
		pthread_mutex_lock(&r->mutex);
		r->going--;
		if (rc == ERR_OK)
			r->ends[r->n_ends++] = mark;
		pthread_mutex_unlock(&r->mutex);
	}
	w->going = false;
	tell(r, &rec, rc, &e);
}
