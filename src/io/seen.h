/*
 * seen.h - what earlier passes have seen of each wave's ledger.
 *
 * M14: the processes of one daemon share this table; a ledger that ends before
 * an entry that was seen in it has been put back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SEEN_H
#define SENSED_IO_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "io/waves.h"

#define SEEN_MAX	32	/* waves in a table, which is zeros at first */

struct seen {
	struct wave_ref	wave;
	int64_t		newest;		/* 0: this place is free */
};

/*
 * Raises what was seen of the wave to `newest`.  False: it was later already,
 * and stays.  True if the table is NULL; a full one forgets the oldest wave.
 */
bool	seen_note(struct seen *table, const struct wave_ref *wave,
	    int64_t newest);

#endif
