/*
 * commentable.h - may a wave ask for comments?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_COMMENTABLE_H
#define SENSED_IO_COMMENTABLE_H

#include "base/err.h"
#include "core/address.h"
#include "core/wave.h"
#include "io/roster.h"

/*
 * CONTENT 6, of a wave whose tree has its people counted.  ERR_INPUT: the
 * reader leads a unit, or no unit at the level has enough people to be shown
 * any.  A wave without comments is always right.
 */
enum err_code	commentable_check(struct roster *r, const struct wave *w,
		    const struct mailbox *reader, struct err *e) MUST_USE;

#endif
