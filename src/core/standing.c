/*
 * standing.c - from the records of a ledger to what is still owed.
 *
 * An attempt counts as uncertain until its end is known.  After a crash it is
 * repeated, and so after the next one, since nobody may be lost (M13); a few
 * of them end it all the same, lest a mailer that dies of one mail sends it
 * for ever.  Where the relay went silent it is repeated once.
 * A storm's refusals are taken back by the one record that ends the mailing,
 * not by one each, so that a crash cannot take back half of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/standing.h"

#define SILENT_MAX	2
#define UNCERTAIN_MAX	8
#define DOUBLINGS_MAX	10
#define SLOT_MAX	2
#define NO_KIND		UINT8_MAX	/* the next attempt is a first one */

void
standings_init(struct standings *s, size_t n)
{
	size_t i;

	memset(s, 0, sizeof(*s));
	s->of = mem_zero(n, sizeof(*s->of));
	s->n = n;
	s->finished = -1;
	for (i = 0; i < n; i++)
		s->of[i].covered = -1;
}

void
standings_wipe(struct standings *s)
{
	free(s->of);
	memset(s, 0, sizeof(*s));
}

/* M12: 30 minutes, doubling, and up to a quarter more for each its own. */
static int64_t
delay(uint64_t who, unsigned int tries)
{
	unsigned int	doublings = tries > 0 ? tries - 1 : 0;
	int64_t		base;
	uint64_t	h = who * 64 + tries + 1;

	if (doublings > DOUBLINGS_MAX)
		doublings = DOUBLINGS_MAX;
	base = (int64_t)RETRY_FIRST << doublings;
	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
	h = (h ^ h >> 27) * 0x94d049bb133111ebu;
	h ^= h >> 31;
	return base + (int64_t)(h % (uint64_t)(base / 4));
}

static void
cover(struct standing *p, int slot)
{
	if (p->covered < slot)
		p->covered = (signed char)slot;
}

/* Not to be repeated again, whether it arrived or not. */
static bool
given_up(const struct standing *p)
{
	return p->silent >= SILENT_MAX || p->uncertain >= UNCERTAIN_MAX;
}

/* What was asked for is still to go. */
static bool
is_asked(const struct standing *p)
{
	return p->asked && !(p->kind == MAIL_REPEAT && given_up(p));
}

/* Another mail than the last is attempted. */
static void
turn_to(struct standing *p, unsigned char kind)
{
	p->asked = is_asked(p);
	p->unsure |= p->uncertain > 0;
	p->arrived |= p->uncertain > 0;
	if (given_up(p))
		cover(p, p->slot);
	p->tries = p->uncertain = p->silent = 0;
	p->kind = kind;
}

static void
attempt(struct standings *s, struct standing *p, const struct mail_record *r)
{
	if (p->uncertain > 0 && p->kind == r->kind)
		s->repeated++;
	if (p->kind != r->kind)
		turn_to(p, r->kind);
	p->slot = r->slot;
	p->open = true;
	if (p->tries < UINT8_MAX)
		p->tries++;
	if (p->uncertain < UINT8_MAX)
		p->uncertain++;
}

/* The last attempt's end is known. */
static void
settle(struct standing *p)
{
	if (p->open && p->uncertain > 0)
		p->uncertain--;
	p->open = false;
}

static void
remember(struct standings *s, size_t i, bool refused)
{
	s->last[s->seen % STORM_LAST].i = i;
	s->last[s->seen % STORM_LAST].refused = refused;
	s->seen++;
	s->row = refused ? s->row + 1 : 0;
}

static void
refuse(struct standings *s, struct standing *p, size_t i,
    const struct mail_record *r)
{
	settle(p);
	s->refused++;
	p->refused = true;
	p->hard = r->event == MAIL_REFUSED_PERSON;
	p->soft = r->event == MAIL_REFUSED_SOFT;
	if (r->kind == MAIL_REPEAT)
		p->asked = false;
	remember(s, i, true);
}

static void
pardon(struct standing *p)
{
	p->refused = p->hard = p->soft = false;
}

static void
arrive(struct standings *s, struct standing *p, size_t i,
    const struct mail_record *r)
{
	settle(p);
	cover(p, r->slot);
	p->arrived = true;
	pardon(p);
	if (r->kind == MAIL_REPEAT)
		p->asked = false;
	s->sent[r->kind]++;
	remember(s, i, false);
}

/* As if the last attempt had never been made. */
static void
give_back(struct standing *p)
{
	settle(p);
	if (p->tries > 0)
		p->tries--;
}

/* A storm's refusal; the attempt that it ended is the last, unless another
 * one is open. */
static void
take_back(struct standing *p)
{
	pardon(p);
	if (p->open)
		return;
	give_back(p);
	p->asked |= p->kind == MAIL_REPEAT;
}

/* The next attempt begins anew, with a Message-ID of its own (M2). */
static void
ask(struct standing *p, int64_t when)
{
	p->kind = NO_KIND;
	p->asked = true;
	p->retry = when;
	if (p->again < UINT8_MAX)
		p->again++;
}

static void
pause_all(struct standings *s, unsigned int why)
{
	size_t		 i, n = s->seen < STORM_LAST ? s->seen : STORM_LAST;
	struct standing	*p;

	for (i = 0; why == PAUSE_STORM && i < n; i++) {
		p = &s->of[s->last[i].i];
		s->refused -= s->last[i].refused;
		if (s->last[i].refused && p->refused)
			take_back(p);
	}
	s->paused = true;
	s->why = why < PAUSE__MAX ? (enum mail_pause)why : PAUSE_ASKED;
	s->row = 0;
	s->seen = 0;
}

/* Records that concern the whole ledger; false: not one of those. */
static bool
apply_whole(struct standings *s, const struct mail_record *r)
{
	switch (r->event) {
	case MAIL_BEGUN:
		s->begun = r->when;
		return true;
	case MAIL_PAUSED:
		pause_all(s, r->code);
		return true;
	case MAIL_RESUMED:
		s->paused = false;
		s->awake = r->when;
		s->away = 0;
		s->bounces = r->who;
		return true;
	case MAIL_AWAKE:
		s->awake = r->when;
		return true;
	case MAIL_FINISHED:
		s->finished = r->slot;
		return true;
	case MAIL_VOID:
		return true;
	default:
		return false;
	}
}

/* A mail's end, and whether a relay had the last word in it. */
static void
note_relay(struct standings *s, const struct mail_record *r)
{
	if (r->event == MAIL_RETURNED && r->code == 0)
		return;		/* none was asked */
	if (r->event != MAIL_TEMPORARY || r->code != 0)
		s->away = 0;
	else if (s->away == 0)
		s->away = r->when;
}

bool
standings_apply(struct standings *s, size_t i, const struct mail_record *r)
{
	struct standing *p;

	if (r->when > s->newest)
		s->newest = r->when;
	if (apply_whole(s, r))
		return true;
	if (i >= s->n || r->kind >= MAIL_KIND__MAX || r->slot > SLOT_MAX)
		return false;
	p = &s->of[i];
	if (r->event != MAIL_ATTEMPT)
		note_relay(s, r);
	switch (r->event) {
	case MAIL_ATTEMPT:
		attempt(s, p, r);
		return true;
	case MAIL_SENT:
		arrive(s, p, i, r);
		return true;
	case MAIL_REFUSED_PERSON:
	case MAIL_REFUSED_SOFT:
	case MAIL_REFUSED_UNCLEAR:
		refuse(s, p, i, r);
		return true;
	case MAIL_TEMPORARY:
		settle(p);
		s->temporary++;
		p->retry = r->when + delay(r->who, p->tries);
		return true;
	case MAIL_UNCERTAIN:
		p->silent += p->open && p->silent < SILENT_MAX;
		p->retry = r->when + delay(r->who, p->tries);
		return true;
	case MAIL_RETURNED:
		s->repeated -= p->open && p->uncertain > 1;
		give_back(p);
		return true;
	case MAIL_AGAIN:
		ask(p, r->when);
		return true;
	default:
		return false;
	}
}

bool
standings_storm(const struct standings *s)
{
	size_t i, n = s->seen < STORM_LAST ? s->seen : STORM_LAST, refused = 0;

	for (i = 0; i < n; i++)
		refused += s->last[i].refused;
	return s->row >= STORM_ROW || refused >= STORM_SHARE;
}

unsigned int
standing_uncertain(const struct standing *s)
{
	return (s->uncertain > 0) + s->unsure;
}

int
standing_owed(const struct standing *s, int due)
{
	int covered = s->covered;

	if (due >= 0 && is_asked(s))
		return MAIL_REPEAT;
	if (given_up(s) && covered < s->slot)
		covered = s->slot;
	if (s->refused || due < 0 || covered >= due)
		return -1;
	return covered == -1 ? 0 : due;
}

bool
standing_awaits(const struct standing *s)
{
	return standing_owed(s, 0) == MAIL_FIRST && !s->arrived &&
	    s->uncertain == 0;
}

bool
standing_unreachable(const struct standing *s)
{
	return s->refused && !s->arrived && s->uncertain == 0;
}
