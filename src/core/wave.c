/*
 * wave.c - when a wave takes answers, what mail is due, who sits in which box.
 *
 * Pure rules on frozen values; time comes in as a number.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/wave.h"

#define DAY	86400

bool
wave_name_valid(const char *s)
{
	size_t len = strlen(s);

	return len >= 1 && len <= WAVE_NAME_MAX && s[0] >= 'a' &&
	    s[0] <= 'z' &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

bool
wave_takes_answers(const struct wave *w, int64_t now)
{
	return w->state == WAVE_OPEN && now >= w->opened && now < w->closes;
}

int
wave_mail_due(const struct wave *w, int64_t now)
{
	unsigned int i = w->n_reminders;

	if (!wave_takes_answers(w, now))
		return -1;
	while (i > 0) {
		if (now >= w->reminder[i - 1])
			return (int)i;
		i--;
	}
	return 0;
}

bool
wave_last_day(const struct wave *w, int64_t now)
{
	return now >= w->closes - DAY;
}

int64_t
wave_mail_time(const struct wave *w, int slot)
{
	return slot == 0 ? w->opened : w->reminder[slot - 1];
}

bool
wave_mail_late(int64_t time, int64_t awake, int64_t now)
{
	return now > time + MAIL_WINDOW && now > awake + MAIL_WINDOW;
}

void
layout_init(struct layout *l)
{
	memset(l, 0, sizeof(*l));
}

static uint32_t
parts_of(uint32_t n)
{
	return (n + BOX_SHARE - 1) / BOX_SHARE;
}

unsigned int
layout_unit(struct layout *l, uint32_t n)
{
	uint32_t	parts = parts_of(n), first;
	unsigned int	box;

	if (parts == 0)
		return l->box;
	first = (n + parts - 1) / parts;
	if (l->fill + first > BOX_SHARE) {
		l->box++;
		l->fill = 0;
	}
	box = l->box;
	/* two parts of one unit never fit into one box: n > (parts-1)*SHARE */
	l->box += parts - 1;
	l->fill = parts == 1 ? l->fill + n : n / parts;
	return box;
}

uint32_t
layout_part(uint32_t n, uint32_t k)
{
	uint32_t parts = parts_of(n), small = n / parts, large = n % parts;

	/* the first `large` parts hold one more than the others */
	if (k < large * (small + 1))
		return k / (small + 1);
	return large + (k - large * (small + 1)) / small;
}

unsigned int
layout_boxes(const struct layout *l)
{
	return l->box + (l->fill > 0);
}

void
wave_init(struct wave *w)
{
	memset(w, 0, sizeof(*w));
	tree_init(&w->tree);
}

void
wave_wipe(struct wave *w)
{
	question_wipe(&w->questions);
	tree_wipe(&w->tree);
	wave_init(w);
}
