/*
 * report.c - where the marks of a report's charts stand.
 *
 * Positions are per cent of the drawing, so that it can be as wide as the page
 * and its words stay text of a readable size.  Decides nothing about what may
 * be shown: a figure comes here rounded, cut and masked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/buf.h"
#include "core/digestfigure.h"
#include "core/report.h"
#include "core/shown.h"
#include "core/words.h"

#define WIDE	1000	/* all of the drawing, in tenths of a per cent */
#define EDGE	40	/* of a line of scores: room for half a mark */
#define TOP	80

static void
set_place(struct view *v, const char *key, int tenths)
{
	struct buf b;

	buf_init(&b, 16);
	shown_tenths(&b, tenths);
	view_text(v, key, buf_str(&b));
	buf_wipe(&b);
}

/* A score's place on a scale as wide as the drawing. */
static int
place_of(const struct figure *f)
{
	return shown_score_tenths(f) * WIDE / 100;
}

/* A clipped score is open to its end; a masked one has no range. */
static void
add_spread(struct view *v, const struct figure *f)
{
	int		 lo = f->lo, hi = f->hi;
	struct view	*m;

	if (f->clip == CLIP_HIGH) {
		lo = SHOWN_HIGH;
		hi = 100;
	} else if (f->clip == CLIP_LOW) {
		lo = 0;
		hi = SHOWN_LOW;
	} else if (f->masked || f->everyone)
		return;
	m = view_map(v, "spread");
	set_place(m, "lo", lo * WIDE / 100);
	set_place(m, "width", (hi - lo) * WIDE / 100);
}

static void
add_whole(struct view *v, const struct digest *d, int s)
{
	const struct pub_unit	*root = &d->pub->unit[0];
	struct view		*m;

	if (d->unit == 0 || root->status != UNIT_PUBLISHED)
		return;
	m = view_map(v, "whole");
	figure_score(m, &root->sense[s]);
	set_place(m, "x", place_of(&root->sense[s]));
}

/* So many waves back of n, 0 being now. */
static int
across(size_t back, size_t n)
{
	return WIDE - EDGE - (int)((size_t)(WIDE - 2 * EDGE) * back / n);
}

static int
down(const struct figure *f)
{
	return WIDE - TOP - (WIDE - 2 * TOP) * shown_score_tenths(f) / 100;
}

/* What was shown so far back; false: a gap, or before the series. */
static bool
find_figure(const struct digest *d, enum sense s, size_t back,
    struct figure *f)
{
	if (back == 0) {
		*f = d->pub->unit[d->unit].sense[s];
		return true;
	}
	return back <= trend_length(d->trend, d->unit, s) &&
	    trend_shown(d->trend, back - 1, d->unit, s, f);
}

static void
add_point(struct view *list, const struct digest *d, const struct figure *f,
    size_t back, size_t n)
{
	struct view *v = view_item(list);

	words_date(v, "at", back == 0 ? &d->opened :
	    &d->trend_opened[back - 1]);
	figure_score(v, f);
	set_place(v, "x", across(back, n));
	set_place(v, "y", down(f));
	view_flag(v, "now", back == 0);
	view_flag(v, "more", back > 0);
}

static void
add_step(struct view *list, const struct figure *from,
    const struct figure *to, size_t back, size_t n)
{
	struct view *v = view_item(list);

	set_place(v, "x1", across(back + 1, n));
	set_place(v, "y1", down(from));
	set_place(v, "x2", across(back, n));
	set_place(v, "y2", down(to));
}

/* n waves back at most, the same for all senses, so that months line up. */
static void
add_series(struct view *v, const struct digest *d, enum sense s, size_t n)
{
	struct view	*m, *points, *steps;
	struct figure	 f, last = { 0 };
	bool		 joined = false;
	size_t		 back;

	if (n == 0 || trend_length(d->trend, d->unit, s) == 0)
		return;
	m = view_map(v, "series");
	words_date(m, "oldest", &d->trend_opened[n - 1]);
	points = view_list(m, "points");
	for (back = n + 1; back-- > 0; )
		if (find_figure(d, s, back, &f))
			add_point(points, d, &f, back, n);
	steps = view_list(m, "steps");
	for (back = n + 1; back-- > 0; last = f) {
		if (!find_figure(d, s, back, &f)) {
			joined = false;
			continue;
		}
		if (joined)
			add_step(steps, &last, &f, back, n);
		joined = true;
	}
}

static size_t
longest(const struct digest *d)
{
	size_t	n = 0, one;
	int	s;

	for (s = 0; d->trend != NULL && s < SENSE__MAX; s++) {
		one = trend_length(d->trend, d->unit, (enum sense)s);
		n = one > n ? one : n;
	}
	return n;
}

struct view *
report_view(const struct report *r, size_t lang)
{
	const struct digest	*d = &r->digest;
	const struct figure	*f = d->pub->unit[d->unit].sense;
	struct view		*v = digest_page_view(d, lang), *list, *item;
	const size_t		 n = longest(d);
	int			 s;

	words_date(v, "closed_day", &r->closed);
	words_date(v, "made_day", &r->made);
	view_flag(v, "has_whole", d->unit != 0 &&
	    d->pub->unit[0].status == UNIT_PUBLISHED);
	view_flag(v, "has_series", n > 0);
	list = view_list(v, "charts");
	for (s = 0; s < SENSE__MAX; s++) {
		item = view_item(list);
		figure_view(item, (enum sense)s, &f[s]);
		set_place(item, "x", place_of(&f[s]));
		add_spread(item, &f[s]);
		add_whole(item, d, s);
		add_series(item, d, (enum sense)s, n);
	}
	return v;
}
