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
#include <stdlib.h>
#include <string.h>

#include "core/standing.h"
#include "io/clock.h"
#include "io/health.h"
#include "io/state.h"
#include "prog/status.h"

/* Why mailing is paused. */
static const struct {
	const char	*words, *code;
} pauses[PAUSE__MAX] = {
	[PAUSE_ASKED] = { "as asked for", "asked" },
	[PAUSE_OURS] = { "the relay refuses our mail", "relay" },
	[PAUSE_STORM] = { "too many refusals", "refusals" },
	[PAUSE_BOUNCES] = { "too much mail came back", "bounces" },
};

uint64_t
status_rounded(uint64_t n, unsigned int k)
{
	return n / k * k;
}

/* Who has answered is not mailed again: SCORING 9.4. */
static void
print_repeated(uint64_t n, unsigned int k)
{
	if (n < k)
		printf("  repeated: fewer than %u", k);
	else
		printf("  repeated: at least %" PRIu64, status_rounded(n, k));
	printf(", since it was uncertain whether they had arrived; a mail and "
	    "its copy have one Message-ID\n");
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
	if (t->repeated > 0)
		print_repeated(t->repeated, w->k);
	if (t->again > 0)
		printf("  sent again to people who asked for it: %" PRIu64
		    "\n", t->again);
	if (t->paused && w->state == WAVE_OPEN)
		printf("  mailing is paused (%s): sensectl resume %s\n",
		    pauses[t->why].words, w->name);
	else if (t->paused)
		printf("  mailing was paused (%s) when it closed\n",
		    pauses[t->why].words);
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
	    ", \"uncertain\": %" PRIu64 ", \"repeated_at_least\": %" PRIu64
	    ", \"sent_again\": %" PRIu64
	    ", \"reminders_at_least\": %" PRIu64
	    ", \"answered_at_least\": %" PRIu64 ", \"paused\": %s, "
	    "\"paused_for\": \"%s\" }", w->name,
	    w->survey,
	    w->state == WAVE_OPEN ? "open" : "closed", opened, closes,
	    w->people, t->invited, t->refused, t->uncertain,
	    status_rounded(t->repeated, w->k), t->again,
	    status_rounded(t->reminded, w->k),
	    status_rounded(answered, w->k),
	    t->paused ? "true" : "false",
	    t->paused ? pauses[t->why].code : "");
}

enum err_code
status_totals(const char *dir, const struct wave *w, struct mailing_totals *t,
    struct err *e)
{
	unsigned char	 key[CRYPT_KEY];
	enum err_code	 rc;
	char		*path;

	memset(t, 0, sizeof(*t));
	path = state_path(dir, STATE_TOKEN_KEY, w->name);
	rc = state_key_read(path, key, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	path = state_path(dir, STATE_LEDGER, w->name);
	rc = mailing_totals(path, key, w->people, t, e);
	free(path);
	crypt_wipe(key, sizeof(key));
	return rc == ERR_ABSENT ? ERR_OK : rc;
}

enum err_code
status_unreachable(const char *dir, size_t *n, struct err *e)
{
	struct infirmary	h;
	enum err_code		rc;

	if ((rc = health_read(dir, &h, e)) != ERR_OK)
		return rc;
	*n = health_stopped(&h);
	health_wipe(&h);
	return ERR_OK;
}
