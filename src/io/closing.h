/*
 * closing.h - a wave closes: from then on no new commit begins.
 *
 * Answers after the closing second are refused by the handler even before the
 * state is written (H10); the state is what publication asks for.  A crash
 * leaves the wave open or closed, never between.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_CLOSING_H
#define SENSED_IO_CLOSING_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Closes every wave whose time has come; *n tells how many. */
enum err_code	closing_due(const char *state_dir, int64_t now, size_t *n,
		    struct err *e) MUST_USE;

/*
 * Closes one wave now, before its time if need be.  ERR_ABSENT: no such wave.
 * ERR_USED: it is closed already.
 */
enum err_code	closing_now(const char *state_dir, const char *wave,
		    int64_t now, struct err *e) MUST_USE;

/*
 * Moves the closing of an open wave later, before it has come; its reminders
 * stay as they were planned.  Mails and pages that are made from then on tell
 * the new time.  ERR_REFUSED: the wave is closed, or its time has come.
 * ERR_INPUT: that is no later than now planned.  ERR_ABSENT: no such wave.
 */
enum err_code	closing_extend(const char *state_dir, const char *wave,
		    int64_t closes, int64_t now, struct err *e) MUST_USE;

#endif
