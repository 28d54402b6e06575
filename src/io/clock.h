/*
 * clock.h - what time it is, and how people here write it.
 *
 * The only reader of the clock.  The time zone is the organisation's, set
 * once at start.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_CLOCK_H
#define SENSED_IO_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/civil.h"

/* Sets the zone for the process; ERR_INPUT if the system does not know it. */
enum err_code	clock_zone(const char *zone, struct err *e) MUST_USE;

/* Seconds since 1970, UTC. */
int64_t		clock_now(void);

/* Microseconds of a clock that is never set, and goes on in a suspend. */
int64_t		clock_steady(void);

/* The same moment in the organisation's zone. */
struct civil	clock_civil(int64_t when);

/*
 * The moment of a civil time (offset ignored); days may run over.  Where the
 * clocks change, as RFC 5545 3.3.5 has it: of a time that comes twice the
 * first, and one that does not come as if the clocks had not been put forward
 * yet (01:30 is then 02:30).
 */
int64_t		clock_moment(const struct civil *c);

/* The same time of day so many days later: not always 24 hours each. */
int64_t		clock_days_later(int64_t when, int days);

/*
 * Reads "2026-10-05", "2026-10-05T17:00", or with ":30" and "Z" or "+01:00".
 * A date alone is its first second.  False: not a time.
 */
bool		clock_parse(const char *s, int64_t *out);

/* "2026-10-05T17:00:00+01:00" and "Mon, 05 Oct 2026 17:00:00 +0100". */
void		clock_iso(char out[32], int64_t when);
void		clock_rfc5322(char out[40], int64_t when);

#endif
