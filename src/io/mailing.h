/*
 * mailing.h - one mailing pass over an open wave.
 *
 * DESIGN 3 step 2; STANDARDS M12 to M14, M18, 7.1.  The ledger says who is
 * still owed a mail; whatever ends a pass, the next one goes on from there.
 *
 * States of a wave's mailing, and who leaves them:
 *   mails are owed       the next pass
 *   attempts are open    the next pass repeats each (M13)
 *   paused               the administrator, by mailing_order
 *   an order is awaited  the order, or its giver's death; then the next pass
 *   a storm, no pause    (a crash, or bounces that came) the next pass pauses
 *   late                 the next mail's own time, or the administrator, by
 *                        MAILING_FORCE
 *   the slot or the time of a pass is over    the next pass
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_MAILING_H
#define SENSED_IO_MAILING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "core/reply.h"
#include "core/standing.h"
#include "io/outgoing.h"
#include "io/waves.h"

/* SCORING 9.4 binds whoever prints any of it. */
struct mailing_result {
	int		due;		/* of wave_mail_due; -1: nothing */
	unsigned int	k;		/* of the wave, for that rounding */
	uint64_t	mailed[MAIL_KIND__MAX];	/* reminders tell of answers */
	unsigned int	temporary, refused, uncertain;	/* tell by no kind */
	unsigned int	repeated;	/* of the mails, second copies (M13) */
	uint64_t	left;		/* put off, or not come to */
	int64_t		away;		/* since when no relay takes what is
					 * left; 0: one did the last time */
	bool		paused, unreached, awaited;	/* by an order */
	bool		more;		/* its time was over */
	enum mail_pause	why;		/* it is paused */
	bool		late;		/* M14: some mails go no more */
	bool		closed;		/* the wave; then, never invited: */
	uint64_t	missed, people;	/* so many of so many */
	char		words[REPLY_WORDS + 1];	/* of pool_result */
};

/*
 * Mails what is due of a wave now.  ERR_BUSY: another process mails it.
 * ERR_REFUSED: the pass ended in a pause, or the clock went backwards, or the
 * state was put back (M14); e says what to do.  Others are faults of the store
 * or the templates.  No errors: a wave that is paused, not open or gone, and
 * an end for an order.  *r is filled in any case; of a closed wave it says who
 * was never invited, unless a person was told of it (STATE_ATTENTION_MISSED).
 */
enum err_code	mailing_run(const struct mailing *m,
		    const struct wave_ref *wave, struct mailing_result *r,
		    struct err *e) MUST_USE;

struct mailing_totals {
	uint64_t	invited;	/* invitations that were sent */
	uint64_t	reminded;	/* a count of answers: SCORING 9.4 */
	uint64_t	again;		/* sent since the person asked */
	uint64_t	refused;
	uint64_t	uncertain;	/* mails with an attempt without end */
	uint64_t	repeated;	/* M13; a count of answers too */
	bool		paused;
	unsigned int	why;		/* PAUSE_, of standing.h */
};

/*
 * What a wave's ledger holds; all zero if there is none yet.  key is the
 * wave's token key.
 */
enum err_code	mailing_totals(const char *ledger,
		    const unsigned char key[CRYPT_KEY], uint32_t people,
		    struct mailing_totals *t, struct err *e) MUST_USE;

/* refused[i] becomes what the ledger tells of person i of the frozen list:
 * the bits REFUSED_ of healthnote.h. */
enum err_code	mailing_unreachable(const char *ledger,
		    const unsigned char key[CRYPT_KEY], uint32_t people,
		    unsigned char *refused, struct err *e) MUST_USE;

#endif
