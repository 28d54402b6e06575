/*
 * pace.h - how many mails a minute, in all and to one domain; who mails until
 * when.
 *
 * Times are microseconds of a clock that never goes back.  Mails are spaced
 * evenly, so that no minute anywhere has more than the cap.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_PACE_H
#define SENSED_CORE_PACE_H

#include <stddef.h>
#include <stdint.h>

/* Domains share a place by hash: that can slow one down, never let one
 * through too fast, and memory does not grow with the roster. */
#define PACE_PLACES	4096

struct pace {
	int64_t	gap, domain_gap;	/* between two mails; 0: no cap */
	int64_t	next;			/* when a mail may go */
	int64_t	domain_next[PACE_PLACES];
};

/*
 * Mails a minute, in all and to each domain; 0: no cap.  last is when a mail
 * went that counts for both, whoever it was to; 0: none did.
 */
void	pace_init(struct pace *p, unsigned int per_minute,
	    unsigned int per_domain, int64_t last);

/* Takes the next turn of all: when it is. */
int64_t	pace_turn(struct pace *p, int64_t now);

/* Takes the next turn of an address's domain: when it is. */
int64_t	pace_domain(struct pace *p, const char *address, int64_t now);

/* Several that mail one after the other until a common end. */
struct turns {
	int64_t	end;		/* 0: none, nor of any turn */
	size_t	n;		/* turns that are left */
};

/* The end of the next turn: an equal part of what is left. */
int64_t	turns_next(struct turns *t, int64_t now);

#endif
