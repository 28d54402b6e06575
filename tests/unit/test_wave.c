/*
 * test_wave.c - when a wave takes answers, what is due, who sits where.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/token.h"
#include "core/wave.h"

#define DAY	86400
#define OPENED	1000000

static const struct {
	const char	*name;
	int64_t		 at;	/* seconds after opening */
	int		 answers, due;
} moments[] = {
	{ "before it opens", -1, 0, -1 },
	{ "the first second", 0, 1, 0 },
	{ "the day before the reminder", 4 * DAY - 1, 1, 0 },
	{ "the first reminder", 4 * DAY, 1, 1 },
	{ "it stays due until the second", 9 * DAY - 1, 1, 1 },
	{ "the second reminder", 9 * DAY, 1, 2 },
	{ "the last second before the last day", 13 * DAY - 1, 1, 2 },
	{ "it stays due in the last 24 hours", 13 * DAY, 1, 2 },
	{ "the last second", 14 * DAY - 1, 1, 2 },
	{ "the closing second", 14 * DAY, 0, -1 },
};

static void
test_moments(void **state)
{
	struct wave	w = { .state = WAVE_OPEN, .opened = OPENED,
			    .closes = OPENED + 14 * DAY, .n_reminders = 2,
			    .reminder = { OPENED + 4 * DAY,
			    OPENED + 9 * DAY } };
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		print_message("  %s\n", moments[i].name);
		w.state = WAVE_OPEN;
		assert_int_equal(wave_takes_answers(&w,
		    OPENED + moments[i].at), moments[i].answers);
		assert_int_equal(wave_mail_due(&w, OPENED + moments[i].at),
		    moments[i].due);
		assert_int_equal(wave_last_day(&w, OPENED + moments[i].at),
		    moments[i].at >= 13 * DAY);
		w.state = WAVE_CLOSED;
		assert_false(wave_takes_answers(&w, OPENED + moments[i].at));
		assert_int_equal(wave_mail_due(&w, OPENED + moments[i].at),
		    -1);
	}
}

static void
test_names(void **state)
{
	(void)state;
	assert_true(wave_name_valid("staff-2026q4"));
	assert_false(wave_name_valid(""));
	assert_false(wave_name_valid("2026"));
	assert_false(wave_name_valid("Staff"));
	assert_false(wave_name_valid("a/../b"));
	assert_false(wave_name_valid(
	    "a1234567890123456789012345678901234567890"));
}

static const struct {
	const char	*name;
	uint32_t	 n;		/* people of one unit */
	unsigned int	 boxes;
	uint32_t	 smallest;	/* people in its smallest part */
} units[] = {
	{ "one person", 1, 1, 1 },
	{ "exactly a box", 128, 1, 128 },
	{ "one more than a box: two halves", 129, 2, 64 },
	{ "two boxes", 256, 2, 128 },
	{ "one more than two boxes: three thirds", 257, 3, 85 },
	{ "a thousand", 1000, 8, 125 },
};

static void
test_one_unit(void **state)
{
	uint32_t	*in_box, k;
	struct layout	 l;
	size_t		 i, b;

	(void)state;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		print_message("  %s\n", units[i].name);
		layout_init(&l);
		assert_int_equal(layout_unit(&l, units[i].n), 0);
		assert_int_equal(layout_boxes(&l), units[i].boxes);
		in_box = calloc(units[i].boxes, sizeof(*in_box));
		for (k = 0; k < units[i].n; k++) {
			assert_true(layout_part(units[i].n, k) <
			    units[i].boxes);
			in_box[layout_part(units[i].n, k)]++;
		}
		for (b = 0; b < units[i].boxes; b++)
			assert_in_range(in_box[b], units[i].smallest,
			    BOX_SHARE);
		free(in_box);
	}
}

/* STANDARDS 4 hole 6, on random trees. */
static void
test_no_unit_is_scattered(void **state)
{
	enum { UNITS = 2000 };
	static uint32_t	 in_box[BOXES_MAX];
	struct layout	 l;
	unsigned int	 first, seed = 20261005, part, last;
	uint32_t	 n, k, size;
	int		 u;

	(void)state;
	print_message("  seed %u\n", seed);
	srand(seed);
	layout_init(&l);
	for (u = 0; u < UNITS; u++) {
		n = (uint32_t)rand() % (u % 10 == 0 ? 700 : 60);
		first = layout_unit(&l, n);
		for (k = 0, size = 0, last = 0; k < n; k++) {
			part = layout_part(n, k);
			assert_true(part == last || part == last + 1);
			if (part != last) {
				assert_true(size >= BOX_SHARE / 2);
				size = 0;
			}
			last = part;
			size++;
			in_box[first + part]++;
		}
		if (n <= BOX_SHARE)
			assert_int_equal(last, 0);
		else
			assert_true(size >= BOX_SHARE / 2);
	}
	for (k = 0; k < layout_boxes(&l); k++)
		assert_in_range(in_box[k], 1, BOX_SHARE);
	assert_int_equal(in_box[layout_boxes(&l)], 0);
}

/* M14: three days after a mail's time, and after the mailer was at work. */
static const struct {
	const char	*name;
	int64_t		 time, awake, now;
	bool		 late;
} windows[] = {
	{ "at once", OPENED, 0, OPENED, false },
	{ "three days later", OPENED, 0, OPENED + 3 * DAY, false },
	{ "a second more", OPENED, 0, OPENED + 3 * DAY + 1, true },
	{ "but the mailer was at work", OPENED, OPENED + 1, OPENED + 3 * DAY +
	    1, false },
	{ "and is no longer", OPENED, OPENED + DAY, OPENED + 4 * DAY + 1,
	    true },
	{ "before its time", OPENED, 0, OPENED - 9 * DAY, false },
};

static void
test_windows(void **state)
{
	struct wave	w = { .opened = OPENED, .n_reminders = 2, .reminder = {
			    OPENED + 4 * DAY, OPENED + 9 * DAY } };
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		print_message("  %s\n", windows[i].name);
		assert_int_equal(wave_mail_late(windows[i].time,
		    windows[i].awake, windows[i].now), windows[i].late);
	}
	assert_int_equal(wave_mail_time(&w, 0), OPENED);
	assert_int_equal(wave_mail_time(&w, 1), OPENED + 4 * DAY);
	assert_int_equal(wave_mail_time(&w, 2), OPENED + 9 * DAY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_one_unit),
		cmocka_unit_test(test_no_unit_is_scattered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
