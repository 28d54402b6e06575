/*
 * opener.h - the keeper's look at the calendars.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_OPENER_H
#define SENSED_PROG_OPENER_H

#include <stdatomic.h>
#include <stdint.h>

#include "io/conf.h"

/* What one look tells the next, and others meanwhile; all 0 at first. */
struct opener {
	atomic_uint steps;	/* grows while a wave is being opened */
	int64_t	next[SURVEYS_MAX];	/* after a failure, not before this */
	int64_t	seen[SURVEYS_MAX];	/* see schedule_survey */
};

/*
 * Opens the waves that are due, each survey by itself, and tells what came of
 * it.  The first error, if any.
 */
enum err_code	opener_run(struct opener *o, const struct conf *c, int64_t now);

#endif
