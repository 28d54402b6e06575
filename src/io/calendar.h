/*
 * calendar.h - when a survey opens by itself.
 *
 * `opens` of a survey is a recurrence rule of RFC 5545 in the organisation's
 * time zone.  It tells days and a time of day: 09:00 is 09:00 before and after
 * the clocks change; what they skip or repeat is clock_moment's to decide, so
 * that no opening is lost (RFC 5545 3.3.10 would leave one out).  INTERVAL
 * counts from Monday, 1 January 2024; nothing opens before that.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_CALENDAR_H
#define SENSED_IO_CALENDAR_H

#include <stdint.h>

#include "base/err.h"
#include "io/conf.h"

#define CALENDAR_YEARS	5	/* that are told ahead */

/*
 * Reads every rule.  ERR_INPUT, "FILE:LINE: ...": it is none, leaves the day
 * or the hour open, ends (COUNT, UNTIL), has a second FREQ, opens more often
 * than every WAVE_APART_DAYS days, or again before the wave has closed.
 */
enum err_code	calendar_check(const struct conf *c, struct err *e) MUST_USE;

struct calendar_dates {
	int64_t	last;	/* opening at or before the moment; 0: none */
	int64_t	next;	/* the first one after it; 0: none */
};

/*
 * The openings around a moment; both 0 if the survey has no rule.  ERR_INPUT
 * as calendar_check; ERR_SYS: no memory.
 */
enum err_code	calendar_around(const struct conf_survey *s, int64_t when,
		    struct calendar_dates *out, struct err *e) MUST_USE;

/* Calls each with every opening after `from`, up to and with `until`. */
typedef enum err_code calendar_visit(void *arg, int64_t opens, struct err *e);
enum err_code	calendar_each(const struct conf_survey *s, int64_t from,
		    int64_t until, calendar_visit *each, void *arg,
		    struct err *e) MUST_USE;

#endif
