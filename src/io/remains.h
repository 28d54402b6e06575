/*
 * remains.h - all that a wave has on the disk, and its destruction.
 *
 * Everything but published/WAVE.gdbm, the digest ledger and the lock: keys,
 * list, ledger, boxes, and the wave file, in this order, so that a
 * destruction cut short leaves nothing that can still be read and is finished
 * by running it again.  The caller holds the wave's lock.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_REMAINS_H
#define SENSED_IO_REMAINS_H

#include "base/err.h"

/* Destroys whatever is there of a wave; nothing there is no error. */
enum err_code	remains_destroy(const char *state_dir, const char *wave,
		    struct err *e) MUST_USE;

/*
 * Finds waves that have remains but no revealed wave file (an opening or a
 * publication that was cut short) and destroys those remains, each under its
 * wave's lock; a wave whose lock is held is left to its holder.
 */
enum err_code	remains_clean(const char *state_dir, struct err *e) MUST_USE;

#endif
