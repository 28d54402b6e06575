/*
 * status.c - one wave, as far as it may be told while it is open or closed.
 *
 * Of answers it tells the one number that SCORING 9.4 allows: used links of a
 * whole wave, rounded down to a multiple of k.  The number of reminders is a
 * count of answers too and is rounded the same way.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "io/clock.h"
#include "prog/status.h"

uint64_t
status_rounded(uint64_t n, unsigned int k)
{
	return n / k * k;
}

void
status_text(const struct wave *w, const struct mailing_totals *t,
    uint64_t answered)
{
	char closes[32];

	clock_iso(closes, w->closes);
	printf("%s: %s, survey %s, %s %s\n", w->name,
	    w->state == WAVE_OPEN ? "open" : "closed, not published yet",
	    w->survey, w->state == WAVE_OPEN ? "closes" : "closed", closes);
	printf("  invited: %" PRIu32 "  mailed: %" PRIu64 "  refused: %" PRIu64
	    "  uncertain: %" PRIu64 "\n", w->people, t->invited, t->refused,
	    t->uncertain);
	if (t->paused)
		printf("  mailing is paused: sensectl resume %s\n", w->name);
	if (t->reminded > 0)
		printf("  reminders: at least %" PRIu64 "\n",
		    status_rounded(t->reminded, w->k));
	if (answered < w->k)
		printf("  answered: fewer than %u\n", w->k);
	else
		printf("  answered: at least %" PRIu64 "\n",
		    status_rounded(answered, w->k));
}

void
status_json(const struct wave *w, const struct mailing_totals *t,
    uint64_t answered)
{
	char opened[32], closes[32];

	clock_iso(opened, w->opened);
	clock_iso(closes, w->closes);
	printf("    { \"wave\": \"%s\", \"survey\": \"%s\", \"state\": \"%s\", "
	    "\"opened\": \"%s\", \"closes\": \"%s\", \"invited\": %" PRIu32
	    ", \"mailed\": %" PRIu64 ", \"refused\": %" PRIu64
	    ", \"uncertain\": %" PRIu64 ", \"reminders_at_least\": %" PRIu64
	    ", \"answered_at_least\": %" PRIu64 ", \"paused\": %s }", w->name,
	    w->survey,
	    w->state == WAVE_OPEN ? "open" : "closed", opened, closes,
	    w->people, t->invited, t->refused, t->uncertain,
	    status_rounded(t->reminded, w->k), status_rounded(answered, w->k),
	    t->paused ? "true" : "false");
}
