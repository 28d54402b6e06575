/*
 * test_verdict.c - which differences mean something: SCORING 7.8, 7.10, 8, 13.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <math.h>
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
figure(const uint64_t c[5], uint64_t invited)
{
	const struct tally	t = tally(c);
	struct figure		f;

	score_figure(&f, &t, 4, invited, DETAIL_BASIC);
	return f;
}

static const struct {
	const char		*name;
	uint64_t		 last[5], now[5], invited;
	enum change_word	 word;
	bool			 shown;
	int			 tenths;
} changes[] = {
	{ "example 1", { 0, 1, 3, 6, 3 }, { 1, 2, 3, 4, 2 }, 15,
	    CHANGE_NO_CLEAR, true, -13 },
	{ "example 3, clear fall; rounding comes last",
	    { 0, 1, 3, 16, 20 }, { 4, 8, 12, 12, 4 }, 60,
	    CHANGE_CLEAR_FALL, true, -32 },
	{ "example 3, possible fall",
	    { 2, 4, 8, 17, 9 }, { 4, 9, 12, 11, 4 }, 60,
	    CHANGE_POSSIBLE_FALL, true, -16 },
	{ "example 3, no clear change",
	    { 2, 5, 9, 16, 8 }, { 4, 8, 12, 12, 4 }, 60,
	    CHANGE_NO_CLEAR, true, -12 },
	{ "example 3, a small unit",
	    { 0, 1, 3, 6, 3 }, { 3, 5, 3, 1, 0 }, 14,
	    CHANGE_CLEAR_FALL, true, -42 },
	{ "example 3, below 0.5",
	    { 10, 30, 80, 130, 50 }, { 14, 36, 84, 124, 42 }, 400,
	    CHANGE_NO_CLEAR, true, -3 },
	{ "and back: clear rise",
	    { 4, 8, 12, 12, 4 }, { 0, 1, 3, 16, 20 }, 60,
	    CHANGE_CLEAR_RISE, true, 32 },
	{ "and back: possible rise",
	    { 4, 9, 12, 11, 4 }, { 2, 4, 8, 17, 9 }, 60,
	    CHANGE_POSSIBLE_RISE, true, 16 },
	/* S 2000 and 2200 of 1000: d = 0.5 to the last digit */
	{ "0.5 exactly counts", { 0, 0, 1000, 0, 0 }, { 0, 0, 800, 200, 0 },
	    2000, CHANGE_CLEAR_RISE, true, 5 },
	{ "just below 0.5 does not", { 0, 0, 1000, 0, 0 },
	    { 0, 0, 801, 199, 0 }, 2000, CHANGE_NO_CLEAR, true, 5 },
	{ "a clipped score now: the word stays, the figure goes",
	    { 1, 2, 3, 4, 2 }, { 0, 0, 0, 0, 12 }, 15, CHANGE_CLEAR_RISE,
	    false, 0 },
	{ "a clipped score before", { 12, 0, 0, 0, 0 }, { 1, 2, 3, 4, 2 }, 15,
	    CHANGE_CLEAR_RISE, false, 0 },
	/* 0.25 each: -0.25 and 0.25 are halves of a tenth */
	{ "half a tenth up", { 2, 2, 2, 2, 2 }, { 2, 2, 2, 1, 3 }, 15,
	    CHANGE_NO_CLEAR, true, 3 },
	{ "half a tenth down", { 2, 2, 2, 1, 3 }, { 2, 2, 2, 2, 2 }, 15,
	    CHANGE_NO_CLEAR, true, -3 },
	{ "too little to show has no sign",
	    { 2, 2, 97, 2, 2 }, { 2, 3, 96, 2, 2 }, 200, CHANGE_NO_CLEAR,
	    true, 0 },
	/* everyone answered in both: no finite correction for change */
	{ "a full count is still a draw", { 0, 1, 3, 6, 3 },
	    { 1, 2, 3, 4, 3 }, 13, CHANGE_NO_CLEAR, true, -10 },
};

/* SCORING 8 and 7.10 */
static void
test_changes(void **state)
{
	struct figure	f, last;
	size_t		i;

	(void)state;
	for (i = 0; i < COUNT(changes); i++) {
		print_message("  %s\n", changes[i].name);
		f = figure(changes[i].now, changes[i].invited);
		last = figure(changes[i].last, changes[i].invited);
		score_change(&f, &last, 4);
		assert_int_equal(f.change, changes[i].word);
		assert_int_equal(f.has_change_figure, changes[i].shown);
		assert_int_equal(f.change_tenths, changes[i].tenths);
	}
}

static const struct {
	const char	*name;
	uint64_t	 unit[5], root[5];
	enum org_word	 word;
} comparisons[] = {
	{ "far above", { 0, 0, 0, 5, 7 }, { 40, 20, 20, 10, 10 },
	    ORG_CLEAR_ABOVE },
	{ "far below", { 7, 5, 0, 0, 0 }, { 10, 10, 20, 20, 40 },
	    ORG_CLEAR_BELOW },
	{ "like the rest", { 1, 2, 3, 4, 2 }, { 10, 20, 30, 40, 20 },
	    ORG_SAME },
	{ "between 95 and 99 above", { 0, 2, 4, 10, 0 }, { 5, 5, 30, 5, 5 },
	    ORG_POSSIBLE_ABOVE },
	{ "between 95 and 99 below", { 0, 10, 4, 2, 0 }, { 5, 5, 30, 5, 5 },
	    ORG_POSSIBLE_BELOW },
};

/*
 * n 16, S 2 + 8 + 30 = 40, Q 2 + 16 + 90 = 108: mean 6.25 against 5.0, sd
 * 2.5 sqrt((1728 - 1600) / 240) = 1.82574, se 0.45644; df 15: limits 0.9727
 * and 1.3588; d is 1.25.  SCORING 7.8.
 */
static void
test_comparisons(void **state)
{
	struct figure	f, root;
	size_t		i;

	(void)state;
	for (i = 0; i < COUNT(comparisons); i++) {
		print_message("  %s\n", comparisons[i].name);
		f = figure(comparisons[i].unit, 50);
		root = figure(comparisons[i].root, 500);
		assert_int_equal(score_vs_org(&f, &root, 4),
		    comparisons[i].word);
	}
}

/* SCORING 13: between rows the next lower df */
static void
test_t_table(void **state)
{
	(void)state;
	assert_true(fabs(score_t95(1) - 12.706) < 1e-12);
	assert_true(fabs(score_t99(9) - 3.250) < 1e-12);
	assert_true(fabs(score_t95(30) - 2.042) < 1e-12);
	assert_true(fabs(score_t95(39) - 2.042) < 1e-12);
	assert_true(fabs(score_t95(40) - 2.021) < 1e-12);
	assert_true(fabs(score_t99(119) - 2.660) < 1e-12);
	assert_true(fabs(score_t99(999) - 2.617) < 1e-12);
	assert_true(fabs(score_t95(5000000) - 1.962) < 1e-12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_comparisons),
		cmocka_unit_test(test_t_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
