/*
 * plan.c - when a wave closes and reminds, if it opens at a given moment.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "io/clock.h"
#include "io/plan.h"

#define DAY	86400

bool
plan_rests(const struct conf_survey *s, int64_t when)
{
	return !s->weekends && clock_civil(when).weekday % 6 == 0;
}

void
plan_make(const struct conf_survey *s, int64_t opens, int64_t closes,
    struct plan *p)
{
	unsigned int	i;
	int64_t		t;

	memset(p, 0, sizeof(*p));
	p->heads_up = s->heads_up != 0 ?
	    clock_days_later(opens, -(int)s->heads_up) : 0;
	p->closes = closes != 0 ? closes :
	    clock_days_later(opens, (int)s->open_days);
	for (i = 0; i < s->n_reminders; i++) {
		t = clock_days_later(opens, (int)s->reminder[i]);
		while (plan_rests(s, t))
			t = clock_days_later(t, 1);
		if (t >= p->closes - DAY || (p->n_reminders > 0 &&
		    t <= p->reminder[p->n_reminders - 1]))
			continue;
		p->reminder[p->n_reminders++] = t;
	}
}
