/*
 * lock.h - one owner at a time: flock on files that are never replaced.
 *
 * Order, where several are held: a wave's list (orders.h), wave, roster, box,
 * ledger.  A lock goes when its descriptor is closed or the process ends.
 * Lock files stay.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_LOCK_H
#define SENSED_IO_LOCK_H

#include "base/err.h"

enum lock_kind {
	LOCK_SHARED,
	LOCK_EXCLUSIVE,
	LOCK_TRY,	/* exclusive; ERR_BUSY at once if it is held */
	LOCK_TRY_SHARED	/* the same, beside others that share it */
};

/*
 * Takes the lock, waiting if it must; *fd is the caller's to close with
 * lock_release.  make: create the file if it is not there (mode 0600);
 * otherwise ERR_ABSENT.
 */
enum err_code	lock_take(const char *path, enum lock_kind kind, int make,
		    int *fd, struct err *e) MUST_USE;

/* Closes and sets *fd to -1; -1 is allowed. */
void		lock_release(int *fd);

#endif
