/*
 * opened.h - when a survey last opened a wave, whatever came of it.
 *
 * roster/opened-SURVEY, a decimal number of seconds: what keeps a wave that
 * was discarded from being opened again by the calendar.  It is written after
 * the wave is revealed.  A crash in between leaves the wave itself, open or
 * published, to tell; opened_last then writes what is missing, and is asked
 * before a wave is discarded.  A file NAME.new is overwritten by the next note.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_OPENED_H
#define SENSED_IO_OPENED_H

#include <stdint.h>

#include "base/err.h"

/* Notes an opening; an earlier one than is noted changes nothing. */
enum err_code	opened_note(const char *state_dir, const char *survey,
		    int64_t when, struct err *e) MUST_USE;

/*
 * When the last wave of the survey opened, 0: never.  Waves and publications
 * are looked at only if what is noted is before `since`.
 */
enum err_code	opened_last(const char *state_dir, const char *survey,
		    int64_t since, int64_t *out, struct err *e) MUST_USE;

#endif
