/*
 * submit.h - a form becomes a ballot: the only writer of boxes in a wave.
 *
 * STANDARDS H10 and hole 23.  Nothing else that the answer handler does
 * changes a byte on disk.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SUBMIT_H
#define SENSED_IO_SUBMIT_H

#include <stdint.h>

#include "base/err.h"
#include "core/box.h"
#include "core/form.h"
#include "core/wave.h"

/* The clock is read while a lock is held, so it comes as a function. */
typedef int64_t	submit_clock(void);

/*
 * The wave with this tag, read afresh and without its tree; the caller wipes
 * it.  ERR_ABSENT: there is none (any more).  ERR_REFUSED: it takes no answers
 * now.  ERR_CORRUPT, ERR_SYS.
 */
enum err_code	submit_wave(const char *state_dir, unsigned int tag,
		    int64_t now, struct wave *w, struct err *e) MUST_USE;

/* A box of a wave, which the caller wipes; no box is ERR_CORRUPT here. */
enum err_code	submit_box(const char *state_dir, const struct wave *w,
		    unsigned int box, struct box *b, struct err *e) MUST_USE;

/*
 * Records a form whose code names an existing box: by token, or, if token is
 * NULL, in place of the ballot of form->from.  When this returns ERR_OK with
 * BOX_RECORDED, the ballot is on the disk; with another verdict nothing was
 * written.  *seat is the holder's, but for BOX_NO_TOKEN.
 *
 * ERR_ABSENT, ERR_REFUSED: too late, nothing was written.  ERR_CORRUPT,
 * ERR_SYS: it may or may not be written; the same form again is harmless.
 */
enum err_code	submit_ballot(const char *state_dir, const struct link *token,
		    const struct form *form, submit_clock *now,
		    enum box_verdict *verdict, struct seat *seat,
		    struct err *e) MUST_USE;

/* True (ERR_OK) if the hash is of an opt-out token we issued; ERR_ABSENT. */
enum err_code	submit_optout_known(const char *state_dir, const char *hash,
		    struct err *e) MUST_USE;

/* Leaves the opt-out for the keeper to apply, durably.  ERR_ABSENT: not ours,
 * nothing was written.  No message holds the hash. */
enum err_code	submit_optout(const char *state_dir, const char *hash,
		    struct err *e) MUST_USE;

#endif
