/*
 * score.c - from counts to the figures of one sense of one unit.
 *
 * Counts are sums over people, so 64 bits hold every product below for 40
 * million people and D = 24.  The order of the floating-point steps is the
 * order in SCORING 7, and the 1e-9 there absorbs their last digits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "core/score.h"

#define SLACK	1e-9	/* of the rules, not ours */

struct t_row {
	uint64_t	df;
	double		t95, t99;
};

static const struct t_row t_table[] = {
	{ 1, 12.706, 63.657 }, { 2, 4.303, 9.925 }, { 3, 3.182, 5.841 },
	{ 4, 2.776, 4.604 }, { 5, 2.571, 4.032 }, { 6, 2.447, 3.707 },
	{ 7, 2.365, 3.499 }, { 8, 2.306, 3.355 }, { 9, 2.262, 3.250 },
	{ 10, 2.228, 3.169 }, { 11, 2.201, 3.106 }, { 12, 2.179, 3.055 },
	{ 13, 2.160, 3.012 }, { 14, 2.145, 2.977 }, { 15, 2.131, 2.947 },
	{ 16, 2.120, 2.921 }, { 17, 2.110, 2.898 }, { 18, 2.101, 2.878 },
	{ 19, 2.093, 2.861 }, { 20, 2.086, 2.845 }, { 21, 2.080, 2.831 },
	{ 22, 2.074, 2.819 }, { 23, 2.069, 2.807 }, { 24, 2.064, 2.797 },
	{ 25, 2.060, 2.787 }, { 26, 2.056, 2.779 }, { 27, 2.052, 2.771 },
	{ 28, 2.048, 2.763 }, { 29, 2.045, 2.756 }, { 30, 2.042, 2.750 },
	{ 40, 2.021, 2.704 }, { 60, 2.000, 2.660 }, { 120, 1.980, 2.617 },
	{ 1000, 1.962, 2.581 },
};

static const struct t_row *
t_row(uint64_t df)
{
	size_t i = sizeof(t_table) / sizeof(t_table[0]) - 1;

	while (i > 0 && t_table[i].df > df)
		i--;
	return &t_table[i];
}

double
score_t95(uint64_t df)
{
	return t_row(df)->t95;
}

double
score_t99(uint64_t df)
{
	return t_row(df)->t99;
}

/* a / b to the nearest whole number, halves up. */
static uint64_t
nearest(uint64_t a, uint64_t b)
{
	return (2 * a + b) / (2 * b);
}

static int
limit(double x, int max)
{
	return x < 0 ? 0 : x > max ? max : (int)x;
}

static double
mean(uint64_t n, uint64_t sum, unsigned int scale)
{
	return 10.0 * (double)sum / ((double)scale * (double)n);
}

/* Variance of the persons' scores, 0 to 10. */
static double
variance(uint64_t n, uint64_t sum, uint64_t square, unsigned int scale)
{
	const double unit = 10.0 / scale;

	return unit * unit * (double)(n * square - sum * sum) /
	    ((double)n * (double)(n - 1));
}

/* 7.1 and 7.2 */
static void
set_score(struct figure *f, unsigned int scale)
{
	const uint64_t full = scale * f->n;

	f->score = (int)nearest(100 * f->sum, full);
	if (20 * f->sum >= 19 * full)
		f->clip = CLIP_HIGH;
	else if (20 * f->sum <= full)
		f->clip = CLIP_LOW;
	else
		f->clip = CLIP_NONE;
}

/* 7.4 */
static void
set_favourable(struct figure *f)
{
	if (f->fav_n <= 1) {
		f->fav_kind = FAV_UNDER;
		f->fav = (int)((200 + f->n - 1) / f->n);
	} else if (f->fav_n >= f->n - 1) {
		f->fav_kind = FAV_OVER;
		f->fav = (int)(100 * (f->n - 2) / f->n);
	} else {
		f->fav_kind = FAV_EXACT;
		f->fav = (int)nearest(100 * f->fav_n, f->n);
	}
}

/* 7.3, where not everyone answered */
static void
set_score_range(struct figure *f, unsigned int scale, double invited)
{
	const double	n = (double)f->n;
	const double	m = mean(f->n, f->sum, scale);
	const double	sd = sqrt(variance(f->n, f->sum, f->square, scale));
	const double	h = score_t95(f->n - 1) * sd / sqrt(n) *
			    sqrt((invited - n) / invited);

	f->lo = limit(floor(10 * (m - h) + SLACK), 100);
	f->hi = limit(ceil(10 * (m + h) - SLACK), 100);
}

/* 7.5, where not everyone answered */
static void
set_favourable_range(struct figure *f, double invited)
{
	const double	n = (double)f->n;
	const double	p = (double)f->fav_n / n;
	const double	z2 = 3.8416 * (invited - n) / (invited - 1);
	const double	mid = (p + z2 / (2 * n)) / (1 + z2 / n);
	const double	hw = sqrt(z2 * p * (1 - p) / n +
			    z2 * z2 / (4 * n * n)) / (1 + z2 / n);

	f->fav_lo = (int)floor(100 * fmax(0, mid - hw) + SLACK);
	f->fav_hi = (int)ceil(100 * fmin(1, mid + hw) - SLACK);
}

static void
set_ranges(struct figure *f, unsigned int scale, uint64_t invited)
{
	if (f->everyone) {
		f->lo = f->hi = f->score;
		f->fav_lo = f->fav_hi = f->fav;
	} else {
		set_score_range(f, scale, (double)invited);
		set_favourable_range(f, (double)invited);
	}
}

/* 7.7 */
void
score_percent(const uint64_t *count, size_t n, uint64_t total, int *out)
{
	uint64_t	rest[8];
	size_t		i, best;
	int		missing = 100;

	for (i = 0; i < n; i++) {
		out[i] = (int)(100 * count[i] / total);
		rest[i] = 100 * count[i] % total;
		missing -= out[i];
	}
	for (; missing > 0; missing--) {
		for (best = 0, i = 1; i < n; i++)
			if (rest[i] > rest[best])
				best = i;
		out[best]++;
		rest[best] = 0;
	}
}

/* Ties go to unf, neu, fav in this order; they are shown the other way. */
static void
set_bands(struct figure *f, const struct tally *t, enum detail detail)
{
	const uint64_t	band[3] = {
		t->c[0] + t->c[1], t->c[2], t->c[3] + t->c[4]
	};
	int		per_cent[3], i;

	if (detail == DETAIL_BASIC || f->masked)
		return;
	score_percent(band, 3, f->n, per_cent);
	for (i = 0; i < 3; i++)
		f->band[i] = per_cent[2 - i];
	f->has_bands = true;
	f->split = 10 * f->fav_n >= 3 * f->n && 10 * band[0] >= 3 * f->n;
	if (detail == DETAIL_FIVE) {
		score_percent(t->c, 5, f->n, f->five);
		f->has_five = true;
	}
}

void
score_figure(struct figure *f, const struct tally *t, unsigned int scale,
    uint64_t invited, enum detail detail)
{
	memset(f, 0, sizeof(*f));
	f->n = t->n;
	f->sum = t->sum;
	f->square = t->square;
	f->fav_n = t->c[3] + t->c[4];
	if (detail != DETAIL_BASIC)
		f->unf_n = t->c[0] + t->c[1];
	if (detail == DETAIL_FIVE)
		memcpy(f->c, t->c, sizeof(f->c));
	set_score(f, scale);
	set_favourable(f);
	f->masked = f->clip != CLIP_NONE || f->fav_kind != FAV_EXACT;
	f->everyone = f->n >= invited;
	if (!f->masked)
		set_ranges(f, scale, invited);
	set_bands(f, t, detail);
}

/* |S n0 - S0 n| of 7.10: the difference of the means, times n n0 D / 10. */
static uint64_t
distance(const struct figure *a, const struct figure *b)
{
	const uint64_t x = a->sum * b->n, y = b->sum * a->n;

	return x > y ? x - y : y - x;
}

/* 7.10: 0 no difference that counts, 1 possible, 2 clear; below: negative. */
static int
verdict(const struct figure *a, const struct figure *b, unsigned int scale,
    double se, uint64_t df)
{
	double	d = mean(a->n, a->sum, scale) - mean(b->n, b->sum, scale);
	int	sign = d < 0 ? -1 : 1;

	if (20 * distance(a, b) < scale * a->n * b->n)
		return 0;
	d = fabs(d);
	if (d > score_t99(df) * se + SLACK)
		return 2 * sign;
	return d > score_t95(df) * se + SLACK ? sign : 0;
}

enum org_word
score_vs_org(const struct figure *f, const struct figure *root,
    unsigned int scale)
{
	static const enum org_word words[] = {
		ORG_CLEAR_BELOW, ORG_POSSIBLE_BELOW, ORG_SAME,
		ORG_POSSIBLE_ABOVE, ORG_CLEAR_ABOVE
	};
	const double sd = sqrt(variance(f->n, f->sum, f->square, scale));

	return words[2 + verdict(f, root, scale, sd / sqrt((double)f->n),
	    f->n - 1)];
}

void
score_change(struct figure *f, const struct figure *last, unsigned int scale)
{
	static const enum change_word words[] = {
		CHANGE_CLEAR_FALL, CHANGE_POSSIBLE_FALL, CHANGE_NO_CLEAR,
		CHANGE_POSSIBLE_RISE, CHANGE_CLEAR_RISE
	};
	const uint64_t	df = (f->n < last->n ? f->n : last->n) - 1;
	const double	se = sqrt(
	    variance(f->n, f->sum, f->square, scale) / (double)f->n +
	    variance(last->n, last->sum, last->square, scale) /
	    (double)last->n);

	f->change = words[2 + verdict(f, last, scale, se, df)];
	f->has_change_figure = f->clip == CLIP_NONE && last->clip == CLIP_NONE;
	if (!f->has_change_figure)
		return;
	f->change_tenths = (int)nearest(100 * distance(f, last),
	    scale * f->n * last->n);
	if (f->sum * last->n < last->sum * f->n)
		f->change_tenths = -f->change_tenths;
}

int
score_rate(uint64_t responses, uint64_t invited)
{
	return (int)nearest(100 * responses, invited);
}

bool
score_rate_is_low(uint64_t responses, uint64_t invited)
{
	return 2 * responses < invited;
}
