/*
 * orders.h - what the administrator orders of a wave's mailing.
 *
 * A pass holds the ledger while mail goes out, for hours if the relay is slow.
 * Whoever has an order locks the wave's frozen list first and the ledger then.
 * The pass sees the locked list within a second, begins no more mail, ends
 * when those in hand are done, and runs again when the list is free.  The list,
 * since it is there for as long as the wave can be mailed, whatever version
 * opened it, nobody else locks it, and the mailer may open it, which it may
 * not the files in locks/.
 *
 * Order of locks: the list; the wave, shared, for the moment of writing, so
 * that it is neither closed nor destroyed under an order; the ledger.  The
 * last two are only tried, and let go between two tries.
 *
 * An order is one record of the ledger.  A death before it was written leaves
 * nothing, after it a given order: the kernel frees the locks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_ORDERS_H
#define SENSED_IO_ORDERS_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/err.h"

/* The longest wait for one reply is 10 minutes (M12), and a mail has several;
 * all but the last are short with any relay that works. */
#define ORDERS_WAIT	(11 * 60)	/* seconds */

enum mailing_order {
	MAILING_PAUSE,
	MAILING_RESUME,
	MAILING_FORCE		/* go on, also with what is late (M14) */
};

/* Of whoever gives an order. */
struct orders {
	const char	*state_dir;
	void		(*waiting)(void *arg);	/* told every now and then */
	void		*arg;
};

/*
 * What the administrator wants of a wave's mailing; waits for the mails in
 * hand.  ERR_USED: it is so already.  ERR_BUSY: they did not end in
 * ORDERS_WAIT.  ERR_ABSENT: no such open wave.
 */
enum err_code	mailing_order(const struct orders *o, const char *wave,
		    enum mailing_order order, struct err *e) MUST_USE;

/*
 * Somebody of the frozen list asks for the invitation once more: the next pass
 * sends it, with the same link and a Message-ID of its own, whether or not they
 * have answered; nobody looks.  *paused: not before mailing is resumed.
 * ERR_USED: it goes anyway, since they asked before or it never went.
 * ERR_REFUSED: they asked too often.  ERR_ABSENT, ERR_BUSY: as above, or they
 * are not on the list.
 */
enum err_code	mailing_resend(const struct orders *o, const char *wave,
		    const char *person, bool *paused, struct err *e) MUST_USE;

/*
 * The mailer's side.  While *fd is held no order is given; it is the caller's
 * to release.  ERR_BUSY: somebody has one.  ERR_ABSENT: the wave is gone.
 */
enum err_code	orders_hold_off(const char *state_dir, const char *wave,
		    int *fd, struct err *e) MUST_USE;

/* Does somebody have an order?  Not if that cannot be told: they wait. */
bool		orders_wait(const char *state_dir, const char *wave);

/* Waits until nobody has one any more.  False: stopped, or ORDERS_WAIT is
 * over. */
bool		orders_let(const char *state_dir, const char *wave,
		    const atomic_int *stop);

#endif
