/*
 * schedule.h - a wave opens because its time has come.
 *
 * Once for each opening of the calendar, and only within SCHEDULE_WINDOW of
 * it: a machine that wakes later, or a state directory that was put back,
 * opens nothing (STANDARDS M14).  The wave counts as opened at the calendar's
 * moment, however late: it reminds and closes on the dates that `sensectl
 * check` has told, and that moment is what tells that it has been opened.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SCHEDULE_H
#define SENSED_IO_SCHEDULE_H

#include <stdint.h>

#include "base/err.h"
#include "io/conf.h"
#include "io/opening.h"

#define SCHEDULE_WINDOW	(12 * 3600)	/* seconds */

enum schedule_end {
	SCHEDULE_NOTHING,	/* not due, or done */
	SCHEDULE_OPENED,
	SCHEDULE_FAILED,	/* a later call tries again */
	SCHEDULE_MISSED		/* its window has passed: only by hand now */
};

struct schedule {
	const struct conf	*conf;
	int64_t			 now;
	opening_progress	*progress;	/* may be NULL */
	void			*arg;
};

/*
 * Opens the wave of a survey if one is due at `now`.  out is filled if it was
 * opened, e if it failed or was missed: what is wrong and what to do.  Nobody
 * is told of what was missed once the wave would be closed, or before there
 * is a roster.  *seen is the last opening that an earlier call knew of (0:
 * none): if the disk knows less, it was put back, and nothing opens (M14).
 */
enum schedule_end schedule_survey(const struct schedule *d,
		    const struct conf_survey *s, int64_t *seen,
		    struct opened *out, struct err *e) MUST_USE;

#endif
