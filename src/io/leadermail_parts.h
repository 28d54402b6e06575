/*
 * leadermail_parts.h - the word to leaders, between its files.
 *
 * Nobody but leadermail*.c includes this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_LEADERMAIL_PARTS_H
#define SENSED_IO_LEADERMAIL_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "io/roster.h"

struct headsup_to {
	uint64_t	who;	/* keyed hash of the address */
	struct leader	leader;
};

/*
 * All leaders of a survey, each address once, in order of who; the caller
 * frees *to, which is set in any case.
 */
enum err_code	leadermail_find(struct roster *r, const char *survey,
		    const unsigned char key[CRYPT_KEY], struct headsup_to **to,
		    size_t *n, struct err *e) MUST_USE;

/* That order, for bsearch. */
int		leadermail_by_who(const void *a, const void *b);

#endif
