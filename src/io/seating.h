/*
 * seating.h - the boxes of a wave that is being opened, made from its list.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SEATING_H
#define SENSED_IO_SEATING_H

#include "base/crypt.h"
#include "base/err.h"
#include "core/wave.h"
#include "io/list.h"
#include "io/opening.h"

/*
 * Writes every box, durably, with its lock file beside it: an unused token
 * and a sealed seat for each person.  Memory holds one box at a time.  On an
 * error some boxes may be there; nothing reads them before the reveal.
 */
enum err_code	seating_make(const char *state_dir, const struct wave *w,
		    const struct list *list,
		    const unsigned char token_key[CRYPT_KEY],
		    opening_progress *progress, void *arg, struct err *e)
		    MUST_USE;

#endif
