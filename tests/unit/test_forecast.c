/*
 * test_forecast.c - what a wave would show, and which units to join.
 *
 * Worked by hand from SCORING 3 and 4; random trees are held against the
 * independent scorer in tests/system/test_forecast.py.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/forecast_show.h"

struct line {
	const char	*id, *parent;
	uint32_t	 invited;
};

static void
plant(struct tree *t, const struct line *line, size_t n)
{
	struct err	e;
	unsigned int	at;
	size_t		i;

	tree_init(t);
	for (i = 0; i < n; i++)
		assert_int_equal(tree_add(t, line[i].id, line[i].parent,
		    line[i].id, line[i].invited, 0, &e), ERR_OK);
	assert_int_equal(tree_finish(t, &at, &e), ERR_OK);
}

/* The people of SCORING 12, example 2; in pre-order. */
static const struct line example2[] = {
	{ "ORG", "", 3 }, { "D1", "ORG", 0 }, { "T1", "D1", 18 },
	{ "T2", "D1", 15 }, { "T3", "D1", 9 }, { "D2", "ORG", 0 },
	{ "T4", "D2", 20 }, { "T5", "D2", 8 }, { "T6", "D2", 12 },
	{ "D3", "ORG", 4 }, { "T7", "D3", 13 }, { "T8", "D3", 6 },
};

static struct forecast_input
input(const struct tree *t, unsigned int rate, enum protect protect)
{
	return (struct forecast_input){ .tree = t, .rate = rate, .k = 10,
	    .protect = protect, .draws = 100, .seed = 1 };
}

/* One letter a unit: S shown, P partly, U counted above, - hidden. */
static void
expect(unsigned int rate, enum protect protect, const char *letters,
    const char *answers)
{
	struct forecast_input	in;
	struct forecast		f;
	struct tree		t;
	struct err		e;
	struct buf		b;
	char			got[13] = "";
	uint32_t		i;

	plant(&t, example2, 12);
	in = input(&t, rate, protect);
	assert_int_equal(forecast_run(&f, &in, &e), ERR_OK);
	buf_init(&b, 400);
	for (i = 0; i < 12; i++) {
		got[i] = "SPU-"[f.unit[i].fate];
		buf_addf(&b, "%ju ", (uintmax_t)f.unit[i].answers);
	}
	assert_string_equal(got, letters);
	assert_string_equal(buf_str(&b), answers);
	buf_wipe(&b);
	forecast_wipe(&f);
	tree_wipe(&t);
}

/*
 * 60 %: ORG 2, T1 11, T2 9, T3 5, T4 12, T5 5, T6 7, D3 2, T7 8, T8 4.
 * suppress: T1 leaves D1 an atom of 14, T4 leaves D2 12; D3 has 14 in all, and
 * ORG's own 2 hide the smallest below it, D3.  carry: ORG's 2 are not counted.
 */
static void
the_expected_answers_go_through_the_rules(void **state)
{
	(void)state;
	expect(60, PROTECT_SUPPRESS, "SSSUUSSUUUUU",
	    "65 25 11 9 5 24 12 5 7 14 8 4 ");
	expect(60, PROTECT_CARRY, "PSSUUSSUUSUU",
	    "65 25 11 9 5 24 12 5 7 14 8 4 ");
	expect(1, PROTECT_SUPPRESS, "------------",
	    "0 0 0 0 0 0 0 0 0 0 0 0 ");
	/* everybody: T3 and T5 go up to ORG, whose pool is then 3 + 9 + 8;
	 * D3 takes in its own 4 and T8 */
	expect(100, PROTECT_CARRY, "SPSSUPSUSSSU",
	    "108 42 18 15 9 40 20 8 12 23 13 6 ");
}

/* SCORING 6: O's figures, without its own 2, have all that A has: nothing. */
static void
an_empty_unit_is_counted_in_any_unit_above(void **state)
{
	static const struct line line[] = {
		{ "O", "", 3 }, { "A", "O", 0 }, { "B", "O", 20 },
	};
	struct forecast_input	in;
	struct forecast		f;
	struct tree		t;
	struct err		e;

	(void)state;
	plant(&t, line, 3);
	in = input(&t, 60, PROTECT_CARRY);
	assert_int_equal(forecast_run(&f, &in, &e), ERR_OK);
	assert_int_equal(f.unit[0].fate, FORECAST_PARTLY);
	assert_int_equal(f.unit[1].fate, FORECAST_ABOVE);
	assert_int_equal(f.unit[1].above, 0);
	forecast_wipe(&f);
	tree_wipe(&t);
}

/* Halves are rounded up: 50 % of 3, 9, 15 and 13 are 2, 5, 8 and 7. */
static void
halves_are_rounded_up(void **state)
{
	(void)state;
	expect(50, PROTECT_CARRY, "PSUUUSSUUSUU",
	    "56 22 9 8 5 20 10 4 6 12 7 3 ");
}

/* SplitMix64 of seed 0 begins e220a8397b1dcdaf 6e789e6aa1b965f4 (its author's
 * own figures): 88 and 43 per cent of 2^64. */
static void
a_draw_is_what_the_header_says(void **state)
{
	uint64_t s = 0;

	(void)state;
	assert_int_equal(forecast_draw(&s, 88, 1), 0);
	assert_int_equal(forecast_draw(&s, 44, 1), 1);
	assert_true(s == 2 * 0x9e3779b97f4a7c15ULL);
	s = 0;
	assert_int_equal(forecast_draw(&s, 89, 1), 1);
	assert_int_equal(forecast_draw(&s, 43, 1), 0);
	assert_int_equal(forecast_draw(&s, 100, 17), 17);
	assert_int_equal(forecast_draw(&s, 50, 0), 0);
}

/*
 * A team of 15 alone below a root: it is shown if 10 or more of 15 answer,
 * with chance 0.4032 at 60 % (binomial table); of 10,000 draws 4032, give or
 * take 4 standard deviations of 49.
 */
static void
the_share_of_draws_is_the_chance(void **state)
{
	static const struct line	one[] = { { "A", "", 15 } };
	struct forecast_input		in;
	struct forecast			f;
	struct tree			t;
	struct err			e;

	(void)state;
	plant(&t, one, 1);
	in = input(&t, 60, PROTECT_SUPPRESS);
	in.draws = 10000;
	assert_int_equal(forecast_run(&f, &in, &e), ERR_OK);
	assert_in_range(f.unit[0].shown, 4032 - 196, 4032 + 196);
	assert_int_equal(f.own, (f.unit[0].shown + 50) / 100);
	forecast_wipe(&f);
	tree_wipe(&t);
}

/* Binomial tables: of 21 at 60 %, 10 or more with 0.9151; of 20, 0.8725. */
static void
enough_is_nine_in_ten(void **state)
{
	static const struct {
		unsigned int	rate, k;
		uint32_t	enough;
	} cases[] = {
		{ 60, 10, 21 }, { 100, 10, 10 }, { 50, 5, 14 }, { 90, 5, 7 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(joining_enough(cases[i].rate, cases[i].k),
		    cases[i].enough);
}

static void
advise(const struct line *line, size_t n, const char *said,
    const char *invited)
{
	struct forecast_page	p = { .survey = "staff" };
	struct forecast_input	in;
	struct forecast		f;
	struct joining		j;
	struct tree		t;
	struct err		e;
	struct buf		b;
	uint32_t		i;

	plant(&t, line, n);
	in = input(&t, 60, PROTECT_SUPPRESS);
	assert_int_equal(forecast_run(&f, &in, &e), ERR_OK);
	joining_advise(&j, &f, &in);
	p.in = &in;
	p.f = &f;
	p.joining = &j;
	buf_init(&b, 8000);
	forecast_show_end(&b, &p);
	if (strstr(buf_str(&b), said) == NULL)
		fail_msg("%s\nis not in\n%s", said, buf_str(&b));
	joining_apply(&j, &t);
	buf_reset(&b);
	for (i = 0; i < t.n; i++)
		buf_addf(&b, "%u ", t.unit[i].invited);
	assert_string_equal(buf_str(&b), invited);
	buf_wipe(&b);
	joining_wipe(&j);
	forecast_wipe(&f);
	tree_wipe(&t);
}

/*
 * 21 are enough.  D1: 18 + 9 and 15 left over, so all three.  D2: 20 + 8 and 12
 * left over.  D3 (23): 13 + 4 + 6.  ORG's own 3 stand beside units that are
 * large enough but no team.
 */
static void
small_units_are_joined_largest_with_smallest(void **state)
{
	(void)state;
	advise(example2, 12,
	    "  T1 (18) + T3 (9) + T2 (15): 42 people\n"
	    "  T4 (20) + T5 (8) + T6 (12): 40 people\n"
	    "  T7 (13) + the 4 attached to D3 itself + T8 (6): 23 people\n",
	    "3 0 42 0 0 0 40 0 0 0 23 0 ");
}

/* Two pairs and a rest, which goes to the pair with fewer people. */
static void
the_rest_goes_to_the_fewest(void **state)
{
	static const struct line line[] = {
		{ "O", "", 0 }, { "A", "O", 20 }, { "B", "O", 18 },
		{ "C", "O", 12 }, { "D", "O", 3 }, { "E", "O", 2 },
	};

	(void)state;
	advise(line, 6,
	    "  A (20) + E (2): 22 people\n"
	    "  B (18) + D (3) + C (12): 33 people\n", "0 22 33 0 0 0 ");
}

/* Alone among large ones: to the smallest team, and a department as a whole. */
static void
a_small_one_goes_to_a_team_beside_it(void **state)
{
	static const struct line line[] = {
		{ "O", "", 2 }, { "A", "O", 40 }, { "B", "O", 30 },
		{ "S", "O", 1 }, { "S1", "S", 3 }, { "S2", "S", 4 },
	};

	(void)state;
	advise(line, 6, "  B (30) + S with all below it (8) + "
	    "the 2 attached to O itself: 40 people\n", "0 40 40 0 0 0 ");
}

static void
nothing_is_joined_where_nothing_stands_beside(void **state)
{
	static const struct line line[] = { { "O", "", 15 } };

	(void)state;
	advise(line, 1, "Nothing to join", "15 ");
}

static void
wrong_parameters_are_refused(void **state)
{
	struct forecast_input	in;
	struct forecast		f;
	struct tree		t;
	struct err		e;

	(void)state;
	plant(&t, example2, 12);
	in = input(&t, 0, PROTECT_CARRY);
	assert_int_equal(forecast_run(&f, &in, &e), ERR_INPUT);
	in = input(&t, 60, PROTECT_CARRY);
	in.draws = 0;
	assert_int_equal(forecast_run(&f, &in, &e), ERR_INPUT);
	in = input(&t, 60, PROTECT_CARRY);
	in.k = 4;
	assert_int_equal(forecast_run(&f, &in, &e), ERR_INPUT);
	tree_wipe(&t);
	plant(&t, (struct line[]){ { "A", "", 0 } }, 1);
	in = input(&t, 60, PROTECT_CARRY);
	assert_int_equal(forecast_run(&f, &in, &e), ERR_INPUT);
	assert_non_null(strstr(e.msg, "nobody"));
	tree_wipe(&t);
}

#define CASE(f)	cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_expected_answers_go_through_the_rules),
		CASE(an_empty_unit_is_counted_in_any_unit_above),
		CASE(halves_are_rounded_up),
		CASE(a_draw_is_what_the_header_says),
		CASE(the_share_of_draws_is_the_chance),
		CASE(enough_is_nine_in_ten),
		CASE(small_units_are_joined_largest_with_smallest),
		CASE(the_rest_goes_to_the_fewest),
		CASE(a_small_one_goes_to_a_team_beside_it),
		CASE(nothing_is_joined_where_nothing_stands_beside),
		CASE(wrong_parameters_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
