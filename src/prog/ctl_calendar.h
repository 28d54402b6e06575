/*
 * ctl_calendar.h - the dates of the surveys, for sensectl check and status.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_CTL_CALENDAR_H
#define SENSED_PROG_CTL_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "io/conf.h"

/* Prints the openings of the next years and what follows each of them. */
enum err_code	ctl_calendar(const struct conf_survey *s, int64_t now,
		    struct err *e) MUST_USE;

/* The top of a status that is no json: all that needs a person. */
enum err_code	ctl_needs(const struct conf *c, struct err *e) MUST_USE;

/*
 * The end of a status: the next opening of every survey that has any.  json:
 * what needs a person too, and all that follows the list before.
 */
enum err_code	ctl_ahead(const struct conf *c, bool json, struct err *e)
		    MUST_USE;

#endif
