/*
 * test_rota.c - relays are spread, left when they are down, returned to.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/rota.h"

static void
connections_are_spread(void **state)
{
	static const size_t	first[] = { 0, 1, 2, 0, 1 };
	struct rota		r;
	size_t			i;

	(void)state;
	for (i = 0; i < 5; i++) {
		rota_init(&r, 3, i);
		assert_int_equal(rota_pick(&r, 1000), first[i]);
	}
}

static void
one_that_is_down_is_left_and_returned_to(void **state)
{
	struct rota r;

	(void)state;
	rota_init(&r, 3, 1);
	rota_down(&r, 1000);
	assert_int_equal(rota_pick(&r, 1000), 2);
	assert_int_equal(rota_pick(&r, 1299), 2);
	assert_int_equal(rota_pick(&r, 1300), 1);
	rota_down(&r, 1301);
	assert_int_equal(rota_pick(&r, 1302), 2);
	/* the next one fails too: the time is still that of our own */
	rota_down(&r, 1400);
	assert_int_equal(rota_pick(&r, 1600), 0);
	assert_int_equal(rota_pick(&r, 1601), 1);
}

static void
all_are_tried_in_turn(void **state)
{
	struct rota r;

	(void)state;
	rota_init(&r, 2, 0);
	rota_down(&r, 5);
	rota_down(&r, 5);
	assert_int_equal(rota_pick(&r, 6), 0);
	rota_init(&r, 1, 7);
	rota_down(&r, 5);
	assert_int_equal(rota_pick(&r, 6), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections_are_spread),
		cmocka_unit_test(one_that_is_down_is_left_and_returned_to),
		cmocka_unit_test(all_are_tried_in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
