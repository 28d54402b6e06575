/*
 * test_pace.c - mails a minute, counted over every minute there is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/pace.h"

#define SECOND	1000000
#define MINUTE	(60 * (int64_t)SECOND)
#define MAILS	300

static struct pace pace;

/* No minute that begins with a mail holds more than the cap. */
static void
check_minutes(const int64_t *at, size_t n, size_t cap)
{
	size_t i, j;

	for (i = 0; i < n; i++) {
		for (j = i; j < n && at[j] < at[i] + MINUTE; j++)
			;
		assert_true(j - i <= cap);
	}
}

static void
no_minute_has_more_than_the_cap(void **state)
{
	static const unsigned int	caps[] = { 1, 7, 60, 100, 299 };
	static int64_t			at[MAILS];
	int64_t				now;
	size_t				c, i;

	(void)state;
	for (c = 0; c < sizeof(caps) / sizeof(caps[0]); c++) {
		pace_init(&pace, caps[c], caps[c], 0);
		for (now = 5, i = 0; i < MAILS; i++) {
			at[i] = pace_turn(&pace, now);
			now += i % 50 == 0 ? 100 * SECOND : 1;
		}
		check_minutes(at, MAILS, caps[c]);
		for (now = 5, i = 0; i < MAILS; i++) {
			at[i] = pace_domain(&pace, "a@taf.example", now);
			now += i % 50 == 0 ? 100 * SECOND : 1;
		}
		check_minutes(at, MAILS, caps[c]);
	}
}

/* What was not used is not made up for. */
static void
a_pause_earns_nothing(void **state)
{
	(void)state;
	pace_init(&pace, 60, 0, 0);
	assert_int_equal(pace_turn(&pace, 0), 0);
	assert_int_equal(pace_turn(&pace, 0), SECOND);
	assert_int_equal(pace_turn(&pace, 9 * SECOND), 9 * SECOND);
	assert_int_equal(pace_turn(&pace, 9 * SECOND), 10 * SECOND);
}

/* The mails of one pool, then those of the next. */
static void
the_next_pool_keeps_the_cap_too(void **state)
{
	(void)state;
	pace_init(&pace, 60, 20, 100 * SECOND);
	assert_int_equal(pace_turn(&pace, 100 * SECOND), 101 * SECOND);
	assert_int_equal(pace_domain(&pace, "a@taf.example", 100 * SECOND),
	    103 * SECOND);
	pace_init(&pace, 60, 20, 100 * SECOND);
	assert_int_equal(pace_turn(&pace, 200 * SECOND), 200 * SECOND);
	pace_init(&pace, 0, 0, 100 * SECOND);
	assert_int_equal(pace_turn(&pace, 100 * SECOND), 100 * SECOND);
	assert_int_equal(pace_domain(&pace, "a@taf.example", 100 * SECOND),
	    100 * SECOND);
}

static void
without_a_cap_nobody_waits(void **state)
{
	size_t i;

	(void)state;
	pace_init(&pace, 0, 0, 0);
	for (i = 0; i < 5; i++) {
		assert_int_equal(pace_turn(&pace, 7), 7);
		assert_int_equal(pace_domain(&pace, "a@b.example", 7), 7);
	}
}

static void
domains_are_counted_apart_and_without_case(void **state)
{
	(void)state;
	pace_init(&pace, 0, 30, 0);
	assert_int_equal(pace_domain(&pace, "a@taf.example", 0), 0);
	assert_int_equal(pace_domain(&pace, "b@usk.example", 0), 0);
	assert_int_equal(pace_domain(&pace, "c@TAF.Example", 0), 2 * SECOND);
	assert_int_equal(pace_domain(&pace, "d@usk.example", 0), 2 * SECOND);
	assert_int_equal(pace_domain(&pace, "d@usk.example", 0), 4 * SECOND);
}

static void
turns_are_equal_and_what_one_leaves_is_the_others(void **state)
{
	struct turns t = { 100 + 60, 3 }, none = { 0, 3 };

	(void)state;
	assert_int_equal(turns_next(&t, 100), 120);
	assert_int_equal(turns_next(&t, 120), 140);
	assert_int_equal(turns_next(&t, 140), 160);
	t = (struct turns){ 100 + 60, 3 };
	assert_int_equal(turns_next(&t, 100), 120);
	assert_int_equal(turns_next(&t, 100), 130);
	assert_int_equal(turns_next(&t, 150), 160);
	assert_int_equal(turns_next(&t, 155), 160);	/* one more */
	assert_int_equal(turns_next(&t, 170), 170);	/* late */
	assert_int_equal(turns_next(&none, 100), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_minute_has_more_than_the_cap),
		cmocka_unit_test(a_pause_earns_nothing),
		cmocka_unit_test(the_next_pool_keeps_the_cap_too),
		cmocka_unit_test(without_a_cap_nobody_waits),
		cmocka_unit_test(
		    turns_are_equal_and_what_one_leaves_is_the_others),
		cmocka_unit_test(domains_are_counted_apart_and_without_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
