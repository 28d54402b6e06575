/*
 * digesttrend.c - a line of scores a sense, the oldest first.
 *
 * Every sense has as many points as the longest series, so that they stand
 * below each other; where a series is shorter, or its unit was hidden, nothing
 * is said.  What may be shown is decided in trend.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "core/digestfigure.h"
#include "core/digesttrend.h"
#include "core/words.h"

/* The waves before that some sense has a score of. */
static size_t
longest(const struct trend *t, uint32_t unit)
{
	size_t	n = 0, length;
	int	s;

	for (s = 0; s < SENSE__MAX; s++) {
		length = trend_length(t, unit, (enum sense)s);
		if (length > n)
			n = length;
	}
	return n;
}

/* So far back, 0 being now. */
static void
add_point(struct view *points, const struct digest *d, uint32_t unit,
    enum sense s, size_t back)
{
	struct view	*v = view_item(points);
	struct figure	 f;

	view_flag(v, "more", back > 0);
	view_flag(v, "now", back == 0);
	if (back == 0)
		figure_score(v, &d->pub->unit[unit].sense[s]);
	else if (back <= trend_length(d->trend, unit, s) &&
	    trend_shown(d->trend, back - 1, unit, s, &f))
		figure_score(v, &f);
}

static void
add_line(struct view *lines, const struct digest *d, uint32_t unit,
    enum sense s, size_t n)
{
	struct view	*v = view_item(lines), *points;
	size_t		 i;

	words_sense(v, s);
	points = view_list(v, "points");
	for (i = n + 1; i-- > 0;)
		add_point(points, d, unit, s, i);
}

void
digesttrend_view(struct view *v, const struct digest *d, uint32_t source)
{
	struct view	*m, *list, *item;
	size_t		 n = d->trend == NULL ? 0 : longest(d->trend, source);
	size_t		 i;
	int		 s;

	if (n == 0)
		return;
	m = view_map(v, "trend");
	list = view_list(m, "waves");
	for (i = n + 1; i-- > 0;) {
		item = view_item(list);
		words_date(item, "at", i == 0 ? &d->opened :
		    &d->trend_opened[i - 1]);
		view_flag(item, "more", i > 0);
	}
	list = view_list(m, "lines");
	for (s = 0; s < SENSE__MAX; s++)
		add_line(list, d, source, (enum sense)s, n);
}
