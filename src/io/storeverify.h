/*
 * storeverify.h - what was written is read again before it is revealed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_STOREVERIFY_H
#define SENSED_IO_STOREVERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define STORE_FORMAT_KEY	"format"
#define STORE_FORMAT		"1"	/* what we write, and read */

/*
 * Judges the value (with a NUL behind its len bytes) of a format record.
 * ERR_NEWER; ERR_CORRUPT: no number.
 */
enum err_code	store_verify_format(const char *path, const char *value,
		    size_t len, struct err *e) MUST_USE;

/*
 * May what is there be replaced?  It may be damaged, or absent, but not
 * newer: ERR_NEWER.  ERR_SYS.
 */
enum err_code	store_verify_older(const char *path, struct err *e) MUST_USE;

/*
 * Opens a finished store and walks all of it.  ERR_CORRUPT: it does not open,
 * or holds another number of records than `count`, the format record
 * included.  ERR_SYS.
 */
enum err_code	store_verify(const char *path, uint64_t count, struct err *e)
		    MUST_USE;

#endif
