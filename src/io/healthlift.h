/*
 * healthlift.h - the administrator takes back what a wave made of addresses.
 *
 * STANDARDS 7.2.  A gateway that has lost its directory says of everybody that
 * there is no such address: those marks are lifted together.  Whoever really
 * has none is marked again by the next mail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_HEALTHLIFT_H
#define SENSED_IO_HEALTHLIFT_H

#include <stddef.h>

#include "base/err.h"

/*
 * Lifts every hard mark that stands since this wave, told or not yet told;
 * *told becomes how many of them health_read told.  Their records stay in the
 * log, lifted, so that the number of the wave's bounces stays what it was.
 * ERR_ABSENT: there is no such wave, open, closed or published.  A death in
 * between leaves some marks; to do it again lifts the rest.
 */
enum err_code	healthlift_wave(const char *state_dir, const char *wave,
		    size_t *told, struct err *e) MUST_USE;

#endif
