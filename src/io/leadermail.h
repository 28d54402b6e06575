/*
 * leadermail.h - tells leaders, some days before, that a wave will open.
 *
 * CONTENT 9.  Each leader of the survey is mailed once, however many units
 * they lead, between `heads_up` days before the opening and the opening; who
 * was not tried within MAIL_WINDOW is not mailed at all (M14), and is counted
 * as missed until then.  The ledger is
 * ledgers/SURVEY-YYYYMMDD.heads-up, of the day of the opening, under a key
 * derived from the organisation's; `who` in it is a keyed hash of the address.
 * States, and who leaves them:
 *   no ledger            the first call in the window makes it
 *   mails are owed       the next call
 *   the relay refuses    a call an hour later tries again
 *   finished             leadermail_clean, once the wave may open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_LEADERMAIL_H
#define SENSED_IO_LEADERMAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "io/mailing.h"

struct leadermail_result {
	unsigned int	sent, temporary, refused, uncertain;
	bool		unreached, more;	/* as in mailing_result */
	int64_t		away;			/* and this */
	int64_t		opens;		/* 0: it is not the time for it */
	unsigned int	missed, leaders;	/* get none any more; of all */
	char		words[REPLY_WORDS + 1];	/* as in mailing_result */
};

/*
 * Mails the leaders of a survey who are owed a word now.  ERR_BUSY: another
 * process does.  ERR_REFUSED: the relay refuses our mail.  Nothing to do is no
 * error.  *r is filled in any case.
 */
enum err_code	leadermail_run(const struct mailing *m,
		    const struct conf_survey *s, struct leadermail_result *r,
		    struct err *e) MUST_USE;

/* Removes the ledgers of openings that are not to come. */
enum err_code	leadermail_clean(const struct conf *c, struct err *e) MUST_USE;

#endif
