/*
 * storecheck.h - is a GDBM file whole?
 *
 * GDBM trusts much of what it reads: it refuses no file cut short, reads a
 * record it cannot find as absent, and may walk in a circle
 * (doc/spec/FACTS 1.6).  So every file is looked at before GDBM sees it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_STORECHECK_H
#define SENSED_IO_STORECHECK_H

#include <stddef.h>

#include "base/err.h"

#define STORE_BLOCK	4096	/* of every file we make, doc/spec/FACTS 1.5 */

/*
 * Opens a file for reading and checks it; *fd is the caller's to close, at
 * its beginning.  With a key only the way to that key is checked: a large file
 * is then not read whole.  ERR_ABSENT, ERR_CORRUPT, ERR_SYS.
 */
enum err_code	storecheck_open(const char *path, const void *key,
		    size_t keylen, int *fd, struct err *e) MUST_USE;

#endif
