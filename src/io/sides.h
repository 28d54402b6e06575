/*
 * sides.h - which two waves tell the two sides of a relationship.
 *
 * DESIGN 3, step 6.  The first survey of each kind, staff and served, are the
 * two sides; of them the one that is configured first leads.  A published wave
 * belongs to the other survey's latest published one if they closed within a
 * quarter of each other; and it waits, a week at most, for one that is still
 * on its way and overlaps it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SIDES_H
#define SENSED_IO_SIDES_H

#include <stdbool.h>
#include <stdint.h>

#include "io/conf.h"

#define SIDES_APART_DAYS	92	/* of the closings of both */
#define SIDES_WAIT_DAYS		7	/* from the closing to the other's */
#define SIDES_GIVE_UP_DAYS	9	/* nobody waits longer than this */

struct sides {
	bool	leads;		/* this wave's survey is the first of both */
	char	other[WAVE_NAME_MAX + 1];	/* "": none belongs to it */
	char	awaited[WAVE_NAME_MAX + 1];	/* "": nothing to wait for */
	int64_t	give_up;	/* moment after which nobody waits */
};

/* A wave that is open or closed, and so not published. */
struct coming {
	char	wave[WAVE_NAME_MAX + 1], survey[SURVEY_NAME_MAX + 1];
	int64_t	opened, closes;
};

/* All of them, from their wave files; the caller frees *out. */
enum err_code	sides_coming(const char *state_dir, struct coming **out,
		    size_t *n, struct err *e) MUST_USE;

/*
 * Of a published wave, by what is coming as read before.  ERR_ABSENT: it is
 * not published.  ERR_CORRUPT, ERR_SYS.
 */
enum err_code	sides_find(const struct conf *conf, const char *wave,
		    const struct coming *coming, size_t n_coming, int64_t now,
		    struct sides *out, struct err *e) MUST_USE;

#endif
