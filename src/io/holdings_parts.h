/*
 * holdings_parts.h - the search for one address, between its files.
 *
 * Nobody but holdings*.c includes this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_HOLDINGS_PARTS_H
#define SENSED_IO_HOLDINGS_PARTS_H

#include "io/holdings.h"

struct search {
	const char	*dir;
	struct holdings	*h;
	struct roster	*roster;
};

/* Moves those there are: survey may lie in one, pointers to them may not. */
struct held	*holdings_add(struct holdings *h, enum held_kind kind,
		    const char *survey);

/*
 * holdings_more.c: the frozen lists of waves, and the health of addresses, for
 * the first `people' that were found.
 */
enum err_code	holdings_find_waves(struct search *s, size_t people,
		    struct err *e) MUST_USE;
enum err_code	holdings_find_health(struct search *s, size_t people,
		    struct err *e) MUST_USE;

#endif
