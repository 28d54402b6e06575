/*
 * delivery.h - the digests of one published wave, to leaders and to staff.
 *
 * DESIGN 3 step 6.  Recipients come from the publication's units and the
 * roster of now, never from who took part.  The wave's digest ledger, made
 * empty by publication, says that digests are owed; `who` in it is a keyed
 * hash (digests.h).  Leaders come first; then, where configured, the people
 * of the roster, in batches, so that memory does not grow with them.  States,
 * and who leaves them:
 *   no ledger            nothing to send, for ever
 *   empty ledger         the first delivery writes MAIL_BEGUN
 *   digests are owed     the next delivery
 *   all sent or refused, or seven days old    delivery_run unlinks it
 * Comments go the same way: to their reader by ledgers/WAVE.review, made at
 * publication, and to leaders by ledgers/WAVE.comments, made when they are
 * released; an empty one of those before that is left alone.
 *
 * Who leads a unit in the waves of both sides (sides.h) gets one mail.  A
 * delivery that has not begun waits for the other side's wave, if sides.h says
 * so.  When both are published and neither has begun, the leading survey's is
 * the host: its ledger stands for the leaders of both, in which one leader of
 * one unit has the same `who`.  MAIL_BEGUN says so for good, in code a
 * digests_part, and in the host's who a hash of the guest's name:
 *   host begun, guest's ledger empty    any delivery of the host begins the
 *                        guest as such before it mails; the guest waits
 *   both begun           the guest's delivery sends its staff copies alone
 *   host gone            its digests are sent; a guest that never began (a
 *                        host given up before it mailed) goes alone in time
 * What has begun alone has the other side's latest figures in it, if there are
 * any, but mails its own leaders only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_DELIVERY_H
#define SENSED_IO_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "io/digests.h"
#include "io/mailing.h"

#define DELIVERY_DAYS	7

struct delivery_result {
	uint64_t	sent;		/* by this delivery; of those: */
	uint64_t	copies;		/* to staff */
	unsigned int	temporary, refused, uncertain;
	uint64_t	left;		/* still owed, or not come to */
	int64_t		next;		/* when the first of them is; 0: none */
	bool		nothing;	/* there was no ledger */
	bool		finished;	/* the ledger is gone now */
	bool		expired;	/* seven days were over, some left */
	bool		unreached;
	char		waits[WAVE_NAME_MAX + 1];	/* "": for no wave */
	char		words[REPLY_WORDS + 1];	/* as in mailing_result */
};

/*
 * Mails the digests of one kind that are owed of a published wave.
 * ERR_ABSENT: it is not published.  ERR_BUSY: another process delivers it.
 * ERR_REFUSED: the relay refuses our mail; nobody is blamed, the next run tries
 * again.  *r is filled in any case.
 */
enum err_code	delivery_run(const struct mailing *m, const char *wave,
		    enum digests_kind kind,
		    struct delivery_result *r, struct err *e) MUST_USE;

#endif
