/*
 * rota.h - which of several relays is tried next.
 *
 * Each connection has a relay of its own, so that they are spread over all.
 * One that is down is left for the next, and returned to after a while.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_ROTA_H
#define SENSED_CORE_ROTA_H

#include <stddef.h>
#include <stdint.h>

#define ROTA_RETURN	300	/* seconds until a relay is tried again */

struct rota {
	size_t	n;
	size_t	home;		/* our own */
	size_t	at;		/* the one in use */
	int64_t	left;		/* when home was left */
};

/* n relays, the first of which is that of this number modulo n. */
void	rota_init(struct rota *r, size_t n, size_t number);

/* The relay to try now; seconds of a clock that never goes back. */
size_t	rota_pick(struct rota *r, int64_t now);

/* That relay took no session. */
void	rota_down(struct rota *r, int64_t now);

#endif
