/*
 * num.h - whole numbers from text, strictly.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_BASE_NUM_H
#define SENSED_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads len bytes that must be digits only, no sign, no space, at most 19 of
 * them.  True, and *out set, if the value lies in min..max; otherwise *out is
 * left alone.
 */
bool	num_parse(const char *s, size_t len, uint64_t min, uint64_t max,
	    uint64_t *out);

#endif
