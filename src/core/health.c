/*
 * health.c - records of the health log, and what they add up to.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/crypt.h"
#include "core/health.h"
#include "core/wave.h"

#define FORMAT		1
#define AT_WHO		4
#define AT_WAVE		14
#define AT_CHECK	56
#define CHECK		(HEALTH_RECORD - AT_CHECK)

#define HARD_MANY	20	/* fewer are what any list has */
#define HARD_SHARE	5	/* and one in so many: 20 % */
#define UNKNOWN_MANY	20
#define UNKNOWN_SHARE	20	/* one in so many: 5 % */

static void
check_of(unsigned char out[CHECK], const unsigned char *record)
{
	unsigned char hash[CRYPT_HASH];

	crypt_hash(hash, sizeof(hash), NULL, record, AT_CHECK);
	memcpy(out, hash, CHECK);
}

void
health_encode(unsigned char out[HEALTH_RECORD], const struct health_record *r)
{
	memset(out, 0, HEALTH_RECORD);
	out[0] = FORMAT;
	out[1] = (unsigned char)r->event;
	out[2] = r->early;
	out[3] = r->lifted;
	memcpy(out + AT_WHO, r->who, BOUNCE_WHO);
	memcpy(out + AT_WAVE, r->wave, strlen(r->wave));
	check_of(out + AT_CHECK, out);
}

bool
health_decode(struct health_record *r, unsigned int *newer,
    const unsigned char in[HEALTH_RECORD])
{
	unsigned char check[CHECK];

	check_of(check, in);
	*newer = 0;
	if (memcmp(check, in + AT_CHECK, CHECK) != 0)
		return false;
	if (in[0] > FORMAT)
		*newer = in[0];
	if (in[0] != FORMAT || in[1] <= BOUNCE_NONE || in[1] >= BOUNCE__MAX)
		return false;
	memset(r, 0, sizeof(*r));
	r->event = (enum bounce_class)in[1];
	r->early = in[2] != 0;
	r->lifted = in[3] != 0;
	memcpy(r->who, in + AT_WHO, BOUNCE_WHO);
	memcpy(r->wave, in + AT_WAVE, WAVE_NAME_MAX);
	return wave_name_valid(r->wave);
}

bool
health_stops(const struct health *h)
{
	return h->state == HEALTH_HARD || h->state == HEALTH_SUSPENDED;
}

/* Names come checked: none is longer than WAVE_NAME_MAX. */
static void
name_copy(char to[WAVE_NAME_MAX + 1], const char *from)
{
	memcpy(to, from, strlen(from) + 1);
}

static bool
is_marked(const struct health *h, const char *wave)
{
	unsigned int i;

	for (i = 0; i < h->marks; i++)
		if (strcmp(h->mark[i], wave) == 0)
			return true;
	return false;
}

/* The oldest makes room. */
static void
mark(struct health *h, const char *wave)
{
	if (is_marked(h, wave))
		return;
	if (h->marks == HEALTH_MARKS)
		memmove(h->mark[0], h->mark[1],
		    sizeof(h->mark[0]) * --h->marks);
	name_copy(h->mark[h->marks++], wave);
	h->state = HEALTH_MARKED;
}

void
health_take(struct health *h, enum bounce_class event, const char *wave)
{
	if (event == BOUNCE_HARD && h->state != HEALTH_HARD) {
		memset(h, 0, sizeof(*h));
		h->state = HEALTH_HARD;
		name_copy(h->since, wave);
	} else if (event == BOUNCE_SOFT && !health_stops(h))
		mark(h, wave);
}

void
health_settle(struct health *h, const char (*wave)[WAVE_NAME_MAX + 1],
    size_t n, bool live)
{
	struct health	was = *h;
	size_t		i = 0, first;

	if (h->state != HEALTH_MARKED)
		return;
	if (live && n > 0 && !is_marked(h, wave[0]))
		i = 1;
	for (first = i; i < n && is_marked(&was, wave[i]); i++)
		;
	memset(h, 0, sizeof(*h));
	if (i - first >= HEALTH_MARKS) {
		h->state = HEALTH_SUSPENDED;
		name_copy(h->since, wave[i - 1]);
		return;
	}
	while (i-- > first)
		mark(h, wave[i]);
}

void
health_count(struct health_tally *t, enum bounce_class event)
{
	bool	*last = &t->last[t->seen++ % STORM_LAST];
	bool	 policy = event == BOUNCE_POLICY;

	t->policy += policy;
	t->policy -= *last;
	*last = policy;
	t->row = policy ? t->row + 1 : 0;
	t->unknown += event == BOUNCE_UNKNOWN;
	t->hard += event == BOUNCE_HARD;
}

enum health_storm
health_storm(const struct health_tally *t, uint64_t people)
{
	if (t->row >= STORM_ROW || t->policy >= STORM_SHARE)
		return HEALTH_POLICY;
	if (t->hard >= HARD_MANY && t->hard * HARD_SHARE >= people)
		return HEALTH_MANY_HARD;
	if (t->unknown >= UNKNOWN_MANY || (t->unknown > 0 &&
	    t->unknown * UNKNOWN_SHARE >= people))
		return HEALTH_UNKNOWN;
	return HEALTH_CALM;
}
