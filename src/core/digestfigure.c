/*
 * digestfigure.c - one sense of a digest.
 *
 * A figure has been rounded, cut and masked before it comes here; this file
 * only says which of its parts are there, and divides the bar.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/buf.h"
#include "core/digestfigure.h"
#include "core/shown.h"
#include "core/words.h"

#define BAR	100	/* per cent, and tenths of the score */

static const char *const against[] = {
	[ORG_CLEAR_ABOVE] = "clear_above",
	[ORG_POSSIBLE_ABOVE] = "possible_above",
	[ORG_SAME] = "same",
	[ORG_POSSIBLE_BELOW] = "possible_below",
	[ORG_CLEAR_BELOW] = "clear_below",
};

static const char *const changes[] = {
	[CHANGE_INCOMPARABLE] = "incomparable",
	[CHANGE_CLEAR_RISE] = "clear_rise",
	[CHANGE_POSSIBLE_RISE] = "possible_rise",
	[CHANGE_NO_CLEAR] = "no_clear_change",
	[CHANGE_POSSIBLE_FALL] = "possible_fall",
	[CHANGE_CLEAR_FALL] = "clear_fall",
};

static void
set_tenths(struct view *v, const char *key,
    void (*show)(struct buf *, int), int tenths)
{
	struct buf b;

	buf_init(&b, 16);
	show(&b, tenths);
	view_text(v, key, buf_str(&b));
	buf_wipe(&b);
}

void
figure_score(struct view *v, const struct figure *f)
{
	set_tenths(v, "score", shown_tenths, shown_score_tenths(f));
	view_flag(v, "clip_high", f->clip == CLIP_HIGH);
	view_flag(v, "clip_low", f->clip == CLIP_LOW);
}

static bool
has_range(const struct figure *f)
{
	return !f->masked && !f->everyone;
}

static void
add_range(struct view *v, const struct figure *f)
{
	struct view *m;

	view_flag(v, "masked", f->masked);
	view_flag(v, "everyone", f->everyone && !f->masked);
	if (!has_range(f))
		return;
	m = view_map(v, "range");
	set_tenths(m, "lo", shown_tenths, f->lo);
	set_tenths(m, "hi", shown_tenths, f->hi);
}

static void
add_favourable(struct view *v, const struct figure *f)
{
	struct view *m;

	view_textf(v, "fav", "%d", f->fav);
	view_flag(v, "fav_under", f->fav_kind == FAV_UNDER);
	view_flag(v, "fav_over", f->fav_kind == FAV_OVER);
	if (!has_range(f))
		return;
	m = view_map(v, "fav_range");
	view_textf(m, "fav_lo", "%d", f->fav_lo);
	view_textf(m, "fav_hi", "%d", f->fav_hi);
}

/*
 * The neutral and unfavourable bands beside the favourable per cent, and the
 * five answers where those are shown.
 */
static void
add_bands(struct view *v, const struct figure *f)
{
	static const char *const name[] = { "p1", "p2", "p3", "p4", "p5" };
	struct view		*m;
	int			 i;

	if (f->masked || (!f->has_bands && !f->has_five))
		return;
	view_flag(v, "split", f->split);
	if (!f->has_five) {
		m = view_map(v, "three");
		view_textf(m, "neu", "%d", f->band[1]);
		view_textf(m, "unf", "%d", f->band[2]);
		return;
	}
	m = view_map(v, "five");
	for (i = 0; i < 5; i++)
		view_textf(m, name[i], "%d", f->five[i]);
}

static void
add_words(struct view *v, const struct figure *f)
{
	struct view *m;

	if (f->change != CHANGE_ABSENT) {
		m = view_map(v, "change");
		view_flag(m, changes[f->change], true);
		if (f->has_change_figure)
			set_tenths(m, "moved", shown_signed, f->change_tenths);
	}
	if (f->vs_org != ORG_NONE)
		view_flag(view_map(v, "against"), against[f->vs_org], true);
}

static void
add_cell(struct view *bar, const char *kind, int width)
{
	struct view *v;

	if (width <= 0)
		return;
	v = view_item(bar);
	view_flag(v, kind, true);
	view_textf(v, "width", "%d", width);
}

/*
 * Full up to the low end of the range, paler to its high end, a mark at the
 * score.  A clipped score is open at its end; a masked one has no pale part.
 */
static void
add_bar(struct view *v, const struct figure *f)
{
	struct view	*bar = view_list(v, "bar");
	int		 mark = shown_score_tenths(f) - 1, lo = mark;
	int		 hi = mark + 2;

	mark = mark < 0 ? 0 : mark > BAR - 2 ? BAR - 2 : mark;
	if (f->clip == CLIP_HIGH)
		hi = BAR;
	else if (f->clip == CLIP_LOW)
		lo = 0;
	else if (has_range(f)) {
		lo = f->lo;
		hi = f->hi;
	}
	lo = lo > mark ? mark : lo < 0 ? 0 : lo;
	hi = hi < mark + 2 ? mark + 2 : hi;
	add_cell(bar, "sure", lo);
	add_cell(bar, "likely", mark - lo);
	add_cell(bar, "mark", 2);
	add_cell(bar, "likely", hi - mark - 2);
	add_cell(bar, "rest", BAR - hi);
}

void
figure_view(struct view *v, enum sense s, const struct figure *f)
{
	words_sense(v, s);
	figure_score(v, f);
	add_range(v, f);
	add_favourable(v, f);
	add_bands(v, f);
	add_words(v, f);
	add_bar(v, f);
}

void
figure_scores(struct view *v, const struct figure f[SENSE__MAX])
{
	struct view	*list = view_list(v, "scores"), *item;
	int		 s;

	for (s = 0; s < SENSE__MAX; s++) {
		item = view_item(list);
		words_sense(item, (enum sense)s);
		figure_score(item, &f[s]);
		view_flag(item, "more", s + 1 < SENSE__MAX);
	}
}
