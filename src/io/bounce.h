/*
 * bounce.h - takes a message that came back apart; gmime's only user.
 *
 * STANDARDS 7.2 B1, B2, B4.  The message is a stranger's: this is called in a
 * process that can reach nothing (SANDBOX_READER).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_BOUNCE_H
#define SENSED_IO_BOUNCE_H

#include <stddef.h>

#include "io/healthnote.h"

#define BOUNCE_BYTES	((size_t)256 << 10)	/* B1: more is not read */
#define BOUNCE_DEPTH	10			/* B1: nor is deeper */

/* To be called first: starting gmime takes more calls than its work does. */
void	bounce_start(void);

/*
 * Reads a message of at most BOUNCE_BYTES; what is longer has been cut.  Of a
 * report, and only of one, *r becomes its class and the IDs in the addresses
 * that it was sent to; of a complaint, also those of the mail it complains of.
 * Anything else, and bytes that are no message at all, are BOUNCE_NONE.
 */
void	bounce_read(const void *data, size_t len, const char *return_path,
	    struct returned *r);

#endif
