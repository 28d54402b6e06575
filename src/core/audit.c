/*
 * audit.c - is a finished publication safe?
 *
 * The check of SCORING 5, from the published numbers alone, as any reader could
 * make it.  It must share nothing with suppress.c, which it checks: neither
 * function nor type nor order of work.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/publication.h"

/* What is left of a unit's n when the nearest published below are taken off. */
static bool
rest_is_safe(const uint64_t rest[SENSE__MAX], unsigned int k)
{
	bool	some = false, few = false;
	int	s;

	for (s = 0; s < SENSE__MAX; s++) {
		some = some || rest[s] > 0;
		few = few || rest[s] < k;
	}
	return !some || !few;
}

bool
publication_safe(const struct publication *p)
{
	uint64_t	(*rest)[SENSE__MAX] = mem_zero(p->n, sizeof(*rest));
	uint32_t	 *top = mem_zero(p->n, sizeof(*top)), i, up;
	bool		  good = p->k >= GROUP_MIN;
	int		  s;

	for (i = 0; i < p->n && good; i++) {
		up = i == 0 ? UNIT_NONE : p->unit[i].parent;
		good = i == 0 || up < i;
		if (good && i > 0 && p->unit[up].status != UNIT_PUBLISHED)
			up = top[up];
		top[i] = up;
		if (p->unit[i].status != UNIT_PUBLISHED)
			continue;
		for (s = 0; s < SENSE__MAX && good; s++) {
			rest[i][s] = p->unit[i].sense[s].n;
			if (up == UNIT_NONE)
				continue;
			good = rest[up][s] >= rest[i][s];
			rest[up][s] -= rest[i][s];
		}
	}
	for (i = 0; i < p->n && good; i++)
		good = rest_is_safe(rest[i], p->k);
	free(rest);
	free(top);
	return good;
}
