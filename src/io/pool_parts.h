/*
 * pool_parts.h - one run of a pool, between the files that carry it out.
 *
 * Nobody but pool*.c includes this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_POOL_PARTS_H
#define SENSED_IO_POOL_PARTS_H

#include <pthread.h>

#include "core/pace.h"
#include "io/pool.h"
#include "io/sender.h"

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
	int64_t			*last, none;	/* of struct pool */
	unsigned int		 going;	/* mails that may arrive now */
	uint32_t		*ends;	/* marks of ends that are not synced */
	unsigned int		 n_ends;
	bool			 syncing;	/* one thread, for all */
};

/* A job that is to be later: its domain has its turn then. */
struct held {
	struct pool_job	job;
	int64_t		at;
};

/* A mail that goes when those before it have gone. */
struct ahead {
	struct pool_job		job;
	struct smtp_mail	mail;
	uint32_t		mark;	/* of its attempt in the ledger */
	int64_t			made;
};

struct worker {
	struct run	*run;
	unsigned int	 number;
	pthread_t	 thread;
	struct sender	*sender;
	struct held	 held[HELD_MAX];
	unsigned int	 n_held;
	bool		 dry;		/* there are no more new jobs */
	struct ahead	 ahead[POOL_AHEAD];	/* a ring */
	unsigned int	 first, n_ahead;
	bool		 quick;		/* the last mail went, and at once */
	bool		 going;		/* its mail is one of the run's */
};

/* Writes the attempt of a mail; false: it cannot, and the run ends. */
bool	pool_begin(struct run *r, struct ahead *a);

/* For struct smtp_mail, of the first mail: true when a crash could do no more
 * harm than M13 allows, if it went.  False: as pool_begin. */
bool	pool_is_written(void *worker);

/* Writes the end of the worker's mail, and the relay's code. */
void	pool_finish(struct worker *w, const struct pool_job *job,
	    enum mail_event event, unsigned int code);

/* Under the mutex: ends the run, for the first reason that is told. */
void	pool_end_run(struct run *r, enum pool_end why);
void	pool_fail(struct run *r, enum err_code rc, const struct err *e);

/* Under the mutex: true if mailing goes on. */
bool	pool_going(struct run *r);

/* Waits until then, of clock_steady; false: mailing has ended. */
bool	pool_await(struct run *r, int64_t at);

/* True if the job, which waited, is still to be mailed. */
bool	pool_is_due(struct run *r, const struct pool_job *job);
void	pool_give_back(struct run *r, const struct pool_job *job);

/* The next job, and whether it was held; false: there are no more. */
bool	pool_pick(struct worker *w, struct pool_job *job, bool *held);

/* Until then; at most HELD_MAX of a thread's. */
void	pool_put_aside(struct worker *w, const struct pool_job *job,
	    int64_t at);

/* True if the job was put aside until its domain's turn. */
bool	pool_hold(struct worker *w, const struct pool_job *job,
	    const char *address);

#endif
