/*
 * outgoing.h - what everything that mails needs: waves, leaders, digests,
 * alerts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_OUTGOING_H
#define SENSED_IO_OUTGOING_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "io/conf.h"
#include "io/seen.h"
#include "io/sides.h"

struct mailing {
	const struct conf	*conf;
	const char		*password;	/* of mail.user; NULL: none */
	const atomic_int	*stop;	/* not 0: finish those in hand */
	int64_t			 until;	/* of clock_steady: so then; 0: never */
	int64_t			*last;	/* of struct pool: one for all */
	atomic_uint		*steps;	/* grows as mail goes; or NULL */
	struct seen		*seen;	/* of earlier passes; NULL: nothing */
	/*
	 * Told after each invitation, under a mutex, how many of all are
	 * done; may be NULL.  Never of reminders: their number is a count of
	 * answers (SCORING 9.4).
	 */
	void	(*progress)(void *arg, uint64_t done, uint64_t all);
	void			*arg;
	const struct coming	*coming;	/* digests only: sides.h */
	size_t			 n_coming;
};

#endif
