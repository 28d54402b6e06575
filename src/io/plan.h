/*
 * plan.h - when a wave closes and reminds, if it opens at a given moment.
 *
 * CONTENT 9, in the organisation's time zone: whole days at the same hour of
 * the clock on the wall.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_PLAN_H
#define SENSED_IO_PLAN_H

#include <stdint.h>

#include "io/conf.h"

struct plan {
	int64_t		heads_up;	/* leaders are told; 0: never */
	int64_t		closes;
	unsigned int	n_reminders;
	int64_t		reminder[REMINDERS_MAX];
};

/*
 * closes 0: open_days later.  A reminder on a Saturday or Sunday moves to the
 * Monday unless `weekends` is set; none is within the last 24 hours, and none
 * on the day of the one before.
 */
void	plan_make(const struct conf_survey *s, int64_t opens, int64_t closes,
	    struct plan *p);

/* True if the survey reminds nobody on the day of that moment. */
bool	plan_rests(const struct conf_survey *s, int64_t when);

#endif
