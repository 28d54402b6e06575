/*
 * pool.h - several connections that mail side by side, through one ledger.
 *
 * Each thread has a sender of its own.  For each mail, in this order (M13):
 * the caller makes it, `attempt` is written, the relay waits for the mail,
 * `attempt` and all before it are on the disk, the mail is sent, its end is
 * written.  A mail whose domain has had its share (mail.per_domain) is put
 * aside for others, a few a thread.
 *
 * Where no cap holds a mail up and the relay is quick, a thread makes and
 * begins `ahead` first mails before the first goes, so that one sync does for
 * many; they wait for it where it hangs.  A crash leaves them open, and no more
 * mails of which nobody knows whether they arrived than there are connections.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_POOL_H
#define SENSED_IO_POOL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/err.h"
#include "core/standing.h"
#include "io/ledger.h"
#include "io/smtp.h"

#define POOL_AHEAD	4

struct pool_job {
	uint64_t	who;
	unsigned char	kind, slot, attempt;
	unsigned char	again;	/* of a MAIL_REPEAT: the how manieth it is */
};

struct pool {
	const struct conf_mail	*mail;
	const char		*password;	/* NULL: none */
	const atomic_int	*stop;		/* not 0: no new mail */
	int64_t			 until;		/* then too; 0: never */
	atomic_uint		*steps;		/* grows; NULL: nobody looks */
	/* When the last mail went, of clock_steady; 0: none did.  The caps
	 * hold across all pools that share it; NULL: for this one. */
	int64_t			*last;
	struct ledger		*ledger;
	unsigned int		 ahead;		/* 1 .. POOL_AHEAD */

	/* The next job, under the pool's mutex.  ERR_ABSENT: there are no
	 * more; e is not filled. */
	enum err_code	(*next)(void *arg, struct pool_job *job,
			    struct err *e);
	/* Makes that job's mail, in its thread, at a desk 0 .. connections *
	 * ahead - 1; desk / ahead is the thread.  The bytes stay until the
	 * desk's next call.  ERR_ABSENT: it is not to be mailed after all. */
	enum err_code	(*make)(void *arg, unsigned int desk,
			    const struct pool_job *job, struct smtp_mail *mail,
			    struct err *e);
	/* True if a job that waited is still to be mailed; false makes it go
	 * back.  NULL: always.  Under the mutex, as the next. */
	bool		(*still)(void *arg, const struct pool_job *job);
	/* The job is not tried in this run after all.  NULL: not told. */
	void		(*back)(void *arg, const struct pool_job *job);
	/* True if somebody waits for this run to end: asked before every mail
	 * and while one waits, under the mutex.  NULL: never. */
	bool		(*awaited)(void *arg);
	/* Told of each record after it was written, under the mutex.  False:
	 * there is a storm (R3), no new mail. */
	bool		(*note)(void *arg, const struct mail_record *r);
	void		*arg;
};

enum pool_end {
	POOL_DONE,		/* no more jobs */
	POOL_STOPPED,		/* by the stop flag */
	POOL_TIME,		/* it was `until` */
	POOL_AWAITED,		/* `awaited` said so */
	POOL_UNREACHED,		/* no relay takes a session now */
	POOL_OURS,		/* refused for a reason of ours */
	POOL_STORM		/* `note` said so */
};

struct pool_result {
	enum pool_end	end;
	unsigned int	sent, temporary, refused, uncertain;
	/* Of the reply that was the end; or else of the last of the gravest:
	 * ours, then refusals, then what is put off.  "": all were sent. */
	char		words[REPLY_WORDS + 1];
	unsigned int	grave;		/* more is graver */
};

/*
 * Mails until there are no more jobs, or another end of pool_end, and waits
 * for the mails in hand; everything is synced on return.  What was refused for
 * a reason of ours, or begun and did not go, is in the ledger as returned.
 * Errors are the callbacks' and the ledger's; *res is filled in any case.
 */
enum err_code	pool_run(const struct pool *p, struct pool_result *res,
		    struct err *e) MUST_USE;

#endif
