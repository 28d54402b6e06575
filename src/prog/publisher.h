/*
 * publisher.h - publishes every closed wave, or one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_PUBLISHER_H
#define SENSED_PROG_PUBLISHER_H

#include <stdint.h>

#include "io/conf.h"

struct publisher {
	const struct conf	*conf;
	const char		*wave;	/* NULL: all that are closed */
	int64_t			 now;
};

/*
 * A step for confine(): says what came of it, and returns the exit status.
 * Figures that are older than is promised go too; and opt-outs are taken into
 * the roster, since the process that mails may not see where they are left.
 */
int	publisher_step(void *arg);

#endif
