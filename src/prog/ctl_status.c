/*
 * ctl_status.c - sensectl status: what is open, what was mailed, what is due.
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

#include "io/clock.h"
#include "io/history.h"
#include "io/mailing.h"
#include "io/published.h"
#include "io/publishing.h"
#include "io/state.h"
#include "io/wavefile.h"
#include "prog/ctl.h"

struct report {
	const struct ctl	*ctl;
	bool			 json;
	unsigned int		 n;	/* waves told so far */
};

/* What may be said of a count of answers; 0: "fewer than k". */
static uint64_t
rounded(uint64_t n, unsigned int k)
{
	return n / k * k;
}

static void
print_text(const struct wave *w, const struct mailing_totals *t,
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
		    rounded(t->reminded, w->k));
	if (answered < w->k)
		printf("  answered: fewer than %u\n", w->k);
	else
		printf("  answered: at least %" PRIu64 "\n",
		    rounded(answered, w->k));
}

static void
print_json(const struct wave *w, const struct mailing_totals *t,
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
	    rounded(t->reminded, w->k), rounded(answered, w->k),
	    t->paused ? "true" : "false");
}

static enum err_code
wave_totals(const char *dir, const struct wave *w, struct mailing_totals *t,
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

static enum err_code
report_wave(struct report *r, const struct wave_ref *ref, struct err *e)
{
	const char		*dir = r->ctl->conf->state_dir;
	struct mailing_totals	 totals;
	struct wave		 w;
	uint64_t		 used;
	enum err_code		 rc;
	char			*path = state_wave(dir, ref->tag, ref->name);

	rc = wavefile_read(path, WAVE_BRIEF, &w, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	rc = publishing_used(dir, w.name, &used, e);
	if (rc == ERR_OK)
		rc = wave_totals(dir, &w, &totals, e);
	if (rc == ERR_OK) {
		if (r->json && r->n > 0)
			puts(",");
		(r->json ? print_json : print_text)(&w, &totals, used);
		r->n++;
	}
	wave_wipe(&w);
	return rc;
}

static enum err_code
report_waves(struct report *r, struct err *e)
{
	struct wave_ref	*ref;
	enum err_code	 rc;
	size_t		 n, i;

	rc = waves_list(r->ctl->conf->state_dir, &ref, &n, e);
	if (rc != ERR_OK)
		return rc;
	for (i = 0; i < n && rc == ERR_OK; i++) {
		rc = report_wave(r, &ref[i], e);
		if (rc == ERR_ABSENT)
			rc = ERR_OK;	/* published meanwhile */
	}
	free(ref);
	return rc;
}

static void
print_published(const struct report *r, const char *name, size_t i)
{
	if (r->json)
		printf("%s\"%s\"", i > 0 ? ", " : "", name);
	else
		printf("%s: published\n", name);
}

static enum err_code
report_published(struct report *r, struct err *e)
{
	enum err_code	  rc;
	size_t		  n, i;
	char		**names;

	rc = history_list(r->ctl->conf->state_dir, &names, &n, e);
	if (rc == ERR_OK && n == 0 && r->n == 0 && !r->json)
		puts("no wave yet: sensectl open SURVEY opens one");
	for (i = 0; i < n; i++) {
		if (rc == ERR_OK)
			print_published(r, names[i], i);
		free(names[i]);
	}
	free(names);
	return rc;
}

enum err_code
ctl_status(const struct ctl *c, struct err *e)
{
	struct report	r = { .ctl = c, .json = c->opt[CTL_JSON] != NULL };
	enum err_code	rc;

	if (r.json)
		puts("{\n  \"format\": 1,\n  \"waves\": [");
	rc = report_waves(&r, e);
	if (rc == ERR_OK && r.json)
		printf("%s  ],\n  \"published\": [", r.n > 0 ? "\n" : "");
	if (rc == ERR_OK)
		rc = report_published(&r, e);
	if (rc == ERR_OK && r.json)
		puts("]\n}");
	return rc;
}
