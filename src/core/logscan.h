/*
 * logscan.h - finds links and change codes in the bytes of a log.
 *
 * Says in which line one stands, and never which.  Percent escapes are read
 * as what they stand for, capitals as small letters.  STANDARDS H14 and C7.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_LOGSCAN_H
#define SENSED_CORE_LOGSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/token.h"

/*
 * As long as a link and made of the same letters, but never one: the spare
 * bits of its last letter are not zero (base/b32.h).  Its last OPTOUT_LEN
 * letters are no opt-out token for the same reason.
 */
#define LOGSCAN_CANARY	"thisisbutacanaryanditisnotalink"

/* So many of its letters, the last ones, are found with anything between. */
#define LOGSCAN_PART	20

enum logscan_kind {
	LOGSCAN_FOUND_CANARY,
	LOGSCAN_FOUND_LINK,	/* behind a/ */
	LOGSCAN_FOUND_OPTOUT,	/* behind o/ */
	LOGSCAN_FOUND_CODE,	/* behind code= */
	LOGSCAN_FOUND__MAX
};

/* Told once a line and kind; lines count from 1. */
typedef void	logscan_found(void *arg, uint64_t line,
		    enum logscan_kind kind);

struct logscan {
	logscan_found	*found;
	void		*arg;
	uint64_t	 line;
	unsigned int	 told;			/* kinds, in this line */
	unsigned char	 back[LOGSCAN_PART];	/* where a match falls back */
	size_t		 matched;		/* of the canary's part */
	char		 before[5];		/* the last bytes */
	enum logscan_kind kind;			/* of the run, if it is one */
	char		 run[LINK_LEN + 1];	/* letters that may be one */
	size_t		 len;			/* of all letters in the run */
	unsigned int	 escape;		/* digits to come behind a % */
	unsigned int	 value;			/* of them */
};

/* Starts at the first line of a log. */
void	logscan_init(struct logscan *s, logscan_found *found, void *arg);

/* The next bytes of it, in pieces of any size. */
void	logscan_feed(struct logscan *s, const char *p, size_t len);

/* There are no more; what stands at the very end is told. */
void	logscan_end(struct logscan *s);

#endif
