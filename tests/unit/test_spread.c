/*
 * test_spread.c - everybody once, and neighbours far apart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/spread.h"
#include "core/standing.h"

#define SMALL	1500
#define BIG	1500000

static unsigned char visited[BIG];

static void
everybody_once(size_t n)
{
	size_t i, at, stride = spread_stride(n);

	memset(visited, 0, n);
	for (i = 0; i < n; i++) {
		at = spread_place(i, n, stride);
		assert_true(at < n);
		assert_int_equal(visited[at], 0);
		visited[at] = 1;
	}
}

static void
test_a_permutation(void **state)
{
	static const size_t	large[] = { 4096, 6765, 20000, 65536, 100003,
				    BIG };
	size_t			n;

	(void)state;
	for (n = 1; n <= SMALL; n++)
		everybody_once(n);
	for (n = 0; n < sizeof(large) / sizeof(large[0]); n++)
		everybody_once(large[n]);
}

/* The largest list there may be: nothing runs over. */
static void
test_the_end_of_the_range(void **state)
{
	size_t n = UINT32_MAX, stride = spread_stride(n);

	(void)state;
	assert_true(stride > n / 2 && stride < n);
	assert_int_equal((spread_place(n - 1, n, stride) + stride) % n, 0);
}

/* How many of `last` visits in a row fall into a unit at the front, at most. */
static size_t
most(size_t n, size_t unit, size_t last)
{
	size_t i, in = 0, max = 0, stride = spread_stride(n);

	for (i = 0; i < n; i++) {
		in += spread_place(i, n, stride) < unit;
		if (i >= last)
			in -= spread_place(i - last, n, stride) < unit;
		max = in > max ? in : max;
	}
	return max;
}

/* R3: a stale unit of 25 is no storm, nor any of less than a sixth of all. */
static void
test_one_unit_is_no_storm(void **state)
{
	size_t n;

	(void)state;
	for (n = 100; n <= 4000; n += 7) {
		assert_true(most(n, 25, STORM_ROW) < STORM_ROW / 2);
		assert_true(most(n, 25, STORM_LAST) < STORM_SHARE);
		assert_true(most(n, n / 6, STORM_LAST) < STORM_SHARE);
	}
	assert_int_equal(most(2000, 25, STORM_ROW), 1);
	assert_true(most(2000, 25, STORM_LAST) <= 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_permutation),
		cmocka_unit_test(test_the_end_of_the_range),
		cmocka_unit_test(test_one_unit_is_no_storm),
	};

	return cmocka_run_group_tests_name("spread", tests, NULL, NULL);
}
