/*
 * space.h - room on the disk below the state directory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SPACE_H
#define SENSED_IO_SPACE_H

#include <stdint.h>

#include "base/err.h"

#define SPACE_LEAST	((uint64_t)64 << 20)	/* below it, tell a person */

/* Bytes that may still be written there.  ERR_ABSENT: it is not there yet. */
enum err_code	space_free(const char *state_dir, uint64_t *out,
		    struct err *e) MUST_USE;

/*
 * Bytes that ought to be free (STANDARDS C5): twice the boxes of the largest
 * wave that is there, and SPACE_LEAST.  Looks at every box.
 */
enum err_code	space_needed(const char *state_dir, uint64_t *out,
		    struct err *e) MUST_USE;

#endif
