/*
 * test_score.c - the figures of SCORING 7 and 12, worked by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/score.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* Core only: y = answer - 1, D = 4. */
static struct tally
tally(const uint64_t c[5])
{
	struct tally	t;
	uint64_t	y;

	memset(&t, 0, sizeof(t));
	for (y = 0; y < 5; y++) {
		t.c[y] = c[y];
		t.n += c[y];
		t.sum += y * c[y];
		t.square += y * y * c[y];
	}
	return t;
}

static struct figure
figure(const uint64_t c[5], uint64_t invited, enum detail detail)
{
	const struct tally	t = tally(c);
	struct figure		f;

	score_figure(&f, &t, 4, invited, detail);
	return f;
}

static const struct {
	const char	*name;
	uint64_t	 c[5], invited;
	int		 score, lo, hi, fav, fav_lo, fav_hi;
	int		 band[3], five[5];
} examples[] = {
	{ "example 1, last wave", { 0, 1, 3, 6, 3 }, 15, 71, 66, 77,
	    69, 59, 78, { 69, 23, 8 }, { 0, 8, 23, 46, 23 } },
	{ "example 1, this wave", { 1, 2, 3, 4, 2 }, 15, 58, 49, 68,
	    50, 37, 63, { 50, 25, 25 }, { 8, 17, 25, 33, 17 } },
	{ "everyone answered: ends equal the figure", { 1, 2, 3, 4, 2 }, 12,
	    58, 58, 58, 50, 50, 50, { 50, 25, 25 }, { 8, 17, 25, 33, 17 } },
	/* mean 5.25, 5 / 40 = 12.5 %: both halves go up, not to even */
	{ "halves go away from zero", { 0, 1, 34, 5, 0 }, 40,
	    53, 53, 53, 13, 13, 13, { 12, 85, 3 }, { 0, 3, 85, 12, 0 } },
};

/* SCORING 7.1, 7.3, 7.4, 7.5, 7.7 */
static void
test_examples(void **state)
{
	struct figure	f;
	size_t		i;
	int		j;

	(void)state;
	for (i = 0; i < COUNT(examples); i++) {
		print_message("  %s\n", examples[i].name);
		f = figure(examples[i].c, examples[i].invited, DETAIL_FIVE);
		assert_int_equal(f.score, examples[i].score);
		assert_int_equal(f.lo, examples[i].lo);
		assert_int_equal(f.hi, examples[i].hi);
		assert_int_equal(f.fav, examples[i].fav);
		assert_int_equal(f.fav_lo, examples[i].fav_lo);
		assert_int_equal(f.fav_hi, examples[i].fav_hi);
		assert_false(f.masked);
		assert_true(f.has_bands && f.has_five);
		for (j = 0; j < 3; j++)
			assert_int_equal(f.band[j], examples[i].band[j]);
		for (j = 0; j < 5; j++)
			assert_int_equal(f.five[j], examples[i].five[j]);
	}
}

static const struct {
	const char	*name;
	uint64_t	 c[5];
	enum fav_kind	 kind;
	int		 fav;
	bool		 masked;
} edges[] = {
	{ "n=10 f=0 under 20", { 2, 2, 6, 0, 0 }, FAV_UNDER, 20, true },
	{ "n=10 f=1 under 20", { 2, 2, 5, 1, 0 }, FAV_UNDER, 20, true },
	{ "n=10 f=2 is 20", { 2, 2, 4, 2, 0 }, FAV_EXACT, 20, false },
	{ "n=10 f=8 is 80", { 1, 0, 1, 4, 4 }, FAV_EXACT, 80, false },
	{ "n=10 f=9 over 80", { 1, 0, 0, 5, 4 }, FAV_OVER, 80, true },
	{ "n=10 f=10 over 80", { 0, 0, 0, 6, 4 }, FAV_OVER, 80, true },
	{ "n=12 f=11 over 83", { 1, 0, 0, 7, 4 }, FAV_OVER, 83, true },
	{ "n=25 f=24 over 92", { 0, 0, 1, 20, 4 }, FAV_OVER, 92, true },
	{ "n=25 f=1 under 8", { 9, 9, 6, 1, 0 }, FAV_UNDER, 8, true },
	{ "n=11 f=1 under 19", { 4, 4, 2, 1, 0 }, FAV_UNDER, 19, true },
};

/* SCORING 12, edges; 7.4 and 7.5: masked means no ranges and no bands */
static void
test_edges(void **state)
{
	struct figure	f;
	size_t		i;

	(void)state;
	for (i = 0; i < COUNT(edges); i++) {
		print_message("  %s\n", edges[i].name);
		f = figure(edges[i].c, 40, DETAIL_FIVE);
		assert_int_equal(f.fav_kind, edges[i].kind);
		assert_int_equal(f.fav, edges[i].fav);
		assert_int_equal(f.masked, edges[i].masked);
		assert_int_equal(f.has_bands, !edges[i].masked);
		assert_int_equal(f.has_five, !edges[i].masked);
		assert_int_equal(f.hi != 0, !edges[i].masked);
		assert_int_equal(f.fav_hi != 0, !edges[i].masked);
		assert_int_equal(f.clip, CLIP_NONE);
	}
}

static const struct {
	const char	*name;
	uint64_t	 c[5];
	enum clip	 clip;
} clips[] = {
	{ "ten answers of 5", { 0, 0, 0, 0, 10 }, CLIP_HIGH },
	{ "ten answers of 1", { 10, 0, 0, 0, 0 }, CLIP_LOW },
	{ "exactly 9.5", { 0, 0, 0, 2, 8 }, CLIP_HIGH },
	{ "exactly 0.5", { 8, 2, 0, 0, 0 }, CLIP_LOW },
	{ "just below 9.5", { 0, 0, 0, 3, 7 }, CLIP_NONE },
	{ "just above 0.5", { 7, 3, 0, 0, 0 }, CLIP_NONE },
	{ "9.8 of a hundred", { 0, 3, 0, 0, 97 }, CLIP_HIGH },
};

/* SCORING 7.2 */
static void
test_clipped(void **state)
{
	struct figure	f;
	size_t		i;

	(void)state;
	for (i = 0; i < COUNT(clips); i++) {
		print_message("  %s\n", clips[i].name);
		f = figure(clips[i].c, 200, DETAIL_THREE);
		assert_int_equal(f.clip, clips[i].clip);
		assert_true(f.masked);
		assert_false(f.has_bands);
	}
}

/* SCORING 9.1: what is kept at which detail, masked or not */
static void
test_kept(void **state)
{
	static const uint64_t	c[5] = { 1, 2, 3, 4, 2 };
	static const uint64_t	masked[5] = { 5, 5, 1, 1, 0 };
	struct figure		f = figure(c, 15, DETAIL_BASIC);

	(void)state;
	assert_int_equal(f.n, 12);
	assert_int_equal(f.sum, 28);
	assert_int_equal(f.square, 82);
	assert_int_equal(f.fav_n, 6);
	assert_int_equal(f.unf_n, 0);
	assert_int_equal(f.c[0], 0);
	assert_false(f.has_bands);
	f = figure(c, 15, DETAIL_THREE);
	assert_int_equal(f.unf_n, 3);
	assert_int_equal(f.c[2], 0);
	assert_true(f.has_bands && !f.has_five);
	f = figure(masked, 15, DETAIL_FIVE);
	assert_true(f.masked && !f.has_five);
	assert_int_equal(f.c[1], 5);
}

static const struct {
	const char	*name;
	size_t		 n;
	uint64_t	 count[5];
	int		 shown[5];
} remainders[] = {
	{ "three thirds: the first gets the point", 3, { 1, 1, 1 },
	    { 34, 33, 33 } },
	{ "2,2,3,4,3", 5, { 2, 2, 3, 4, 3 }, { 14, 14, 22, 29, 21 } },
	{ "none gets none", 5, { 0, 1, 1, 1, 0 }, { 0, 34, 33, 33, 0 } },
	{ "1 and 6", 5, { 1, 0, 0, 0, 6 }, { 14, 0, 0, 0, 86 } },
	{ "four of one seventh, and three sevenths", 5, { 1, 1, 1, 1, 3 },
	    { 15, 14, 14, 14, 43 } },
};

/* SCORING 7.7 */
static void
test_remainders(void **state)
{
	uint64_t	total;
	size_t		i, j;
	int		out[5], sum;

	(void)state;
	for (i = 0; i < COUNT(remainders); i++) {
		print_message("  %s\n", remainders[i].name);
		for (total = 0, j = 0; j < remainders[i].n; j++)
			total += remainders[i].count[j];
		score_percent(remainders[i].count, remainders[i].n, total,
		    out);
		for (sum = 0, j = 0; j < remainders[i].n; j++) {
			assert_int_equal(out[j], remainders[i].shown[j]);
			sum += out[j];
		}
		assert_int_equal(sum, 100);
	}
}

/* SCORING 7.7: ties go to unf, neu, fav in this order; split from 30 % */
static void
test_bands(void **state)
{
	static const uint64_t	thirds[5] = { 2, 2, 4, 2, 2 };
	static const uint64_t	split[5] = { 2, 1, 4, 1, 2 };
	static const uint64_t	not_split[5] = { 1, 1, 5, 1, 2 };
	struct figure		f = figure(thirds, 20, DETAIL_THREE);

	(void)state;
	assert_int_equal(f.band[2], 34);
	assert_int_equal(f.band[1], 33);
	assert_int_equal(f.band[0], 33);
	assert_true(f.split);
	assert_true(figure(split, 20, DETAIL_THREE).split);
	assert_false(figure(split, 20, DETAIL_BASIC).split);
	assert_false(figure(not_split, 20, DETAIL_THREE).split);
}

/* SCORING 7.9; 8.5 % rounds up */
static void
test_rate(void **state)
{
	(void)state;
	assert_int_equal(score_rate(74, 108), 69);
	assert_int_equal(score_rate(17, 200), 9);
	assert_int_equal(score_rate(12, 12), 100);
	assert_true(score_rate_is_low(7, 15));
	assert_false(score_rate_is_low(7, 14));
}

/* A sense with three items, D = 24: S 132 of 240 is 5.5 */
static void
test_scale(void **state)
{
	const struct tally	t = { 10, 132, 1900, { 2, 1, 2, 3, 2 } };
	struct figure		f;

	(void)state;
	score_figure(&f, &t, 24, 12, DETAIL_BASIC);
	assert_int_equal(f.score, 55);
	/* sd (10/24) sqrt((19000 - 17424) / 90) = 1.743599; times 2.262 /
	 * sqrt(10) * sqrt(2/12): h 0.509174 */
	assert_int_equal(f.lo, 49);
	assert_int_equal(f.hi, 61);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_clipped),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_remainders),
		cmocka_unit_test(test_bands),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_scale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
