/*
 * pace.c - mails each a gap after the one before, and turns of equal length.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/pace.h"

#define MINUTE		60000000

/* Rounded up: never faster than the cap. */
static int64_t
gap_of(unsigned int per_minute)
{
	return per_minute == 0 ? 0 : (MINUTE + per_minute - 1) / per_minute;
}

void
pace_init(struct pace *p, unsigned int per_minute, unsigned int per_domain,
    int64_t last)
{
	size_t i;

	memset(p, 0, sizeof(*p));
	p->gap = gap_of(per_minute);
	p->domain_gap = gap_of(per_domain);
	if (last == 0)
		return;
	p->next = last + p->gap;
	for (i = 0; i < PACE_PLACES; i++)
		p->domain_next[i] = last + p->domain_gap;
}

static int64_t
take(int64_t *next, int64_t gap, int64_t now)
{
	int64_t at = *next > now ? *next : now;

	*next = at + gap;
	return at;
}

int64_t
pace_turn(struct pace *p, int64_t now)
{
	return take(&p->next, p->gap, now);
}

/* FNV-1a of what is behind the @, whatever its case. */
static size_t
place_of(const char *address)
{
	const char	*s = strrchr(address, '@');
	uint32_t	 h = 2166136261u;
	unsigned char	 c;

	for (s = s == NULL ? address : s + 1; *s != '\0'; s++) {
		c = (unsigned char)*s;
		h = (h ^ (c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c)) *
		    16777619u;
	}
	return h % PACE_PLACES;
}

int64_t
pace_domain(struct pace *p, const char *address, int64_t now)
{
	if (p->domain_gap == 0)
		return now;
	return take(&p->domain_next[place_of(address)], p->domain_gap, now);
}

int64_t
turns_next(struct turns *t, int64_t now)
{
	int64_t left = t->end - now, n = t->n > 0 ? (int64_t)t->n-- : 1;

	if (t->end == 0)
		return 0;
	return left > 0 ? now + left / n : now;
}
