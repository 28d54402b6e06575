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
#define KIND_MAX	2

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

static void
attempt(struct standings *s, struct standing *p, const struct mail_record *r)
{
	if (p->uncertain > 0 && p->kind == r->kind)
		s->repeated++;
	if (p->kind != r->kind) {
		if (p->uncertain > 0)
			p->arrived = true;
		if (given_up(p))
			cover(p, p->slot);
		p->tries = p->uncertain = p->silent = 0;
	}
	p->kind = r->kind;
	p->slot = r->slot;
	p->retry = 0;
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
refuse(struct standings *s, struct standing *p, size_t i, unsigned char event)
{
	settle(p);
	p->refused = true;
	p->hard = event == MAIL_REFUSED_PERSON;
	p->soft = event == MAIL_REFUSED_SOFT;
	s->refused++;
	remember(s, i, true);
}

/* As if the last attempt had never been made. */
static void
give_back(struct standings *s, struct standing *p)
{
	if (p->refused)
		s->refused--;
	p->refused = p->hard = p->soft = false;
	settle(p);
	if (p->tries > 0)
		p->tries--;
}

static void
pause_all(struct standings *s, unsigned int why)
{
	size_t		 i, n = s->seen < STORM_LAST ? s->seen : STORM_LAST;
	struct standing	*p;

	for (i = 0; why == PAUSE_STORM && i < n; i++) {
		p = &s->of[s->last[i].i];
		if (s->last[i].refused && p->refused)
			give_back(s, p);
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
	if (i >= s->n || r->kind > KIND_MAX || r->slot > KIND_MAX)
		return false;
	p = &s->of[i];
	if (r->event != MAIL_ATTEMPT)
		note_relay(s, r);
	switch (r->event) {
	case MAIL_ATTEMPT:
		attempt(s, p, r);
		return true;
	case MAIL_SENT:
		settle(p);
		cover(p, r->slot);
		p->arrived = true;
		s->sent[r->kind]++;
		remember(s, i, false);
		return true;
	case MAIL_REFUSED_PERSON:
	case MAIL_REFUSED_SOFT:
	case MAIL_REFUSED_UNCLEAR:
		refuse(s, p, i, r->event);
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
		give_back(s, p);
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

int
standing_owed(const struct standing *s, int due)
{
	int covered = s->covered;

	if (given_up(s) && covered < s->slot)
		covered = s->slot;
	if (s->refused || due < 0 || covered >= due)
		return -1;
	return covered == -1 ? 0 : due;
}

bool
standing_unreachable(const struct standing *s)
{
	return s->refused && !s->arrived && s->uncertain == 0;
}
