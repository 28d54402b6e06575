/*
 * test_schedule.c - which moments open a wave, and which do not.
 *
 * Nothing can be opened here, since there are no templates: a call that tries
 * ends in SCHEDULE_FAILED.  The whole is tests/system/test_calendar.py.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/clock.h"
#include "io/opened.h"
#include "io/schedule.h"
#include "io/seen.h"
#include "io/state.h"
#include "scratch.h"

static char opens_at[] = "sensed.conf:1: ", name[] = "staff";
static char rule[] = "FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=2TU;BYHOUR=9";
static struct conf conf = {
	.state_dir = scratch_dir, .templates = scratch_dir, .n_surveys = 1,
	.survey = { { .opens = rule, .opens_at = opens_at, .open_days = 14 } },
};

/* The opening is on 13 October 2026 at 08:00 UTC, the one before on 14 July. */
static const struct {
	const char		*name, *now;
	const char		*noted, *seen;	/* NULL: nothing */
	enum schedule_end	 end;
} cases[] = {
	{ "before it", "2026-10-13T07:59:59Z", "2026-07-14T08:00Z", NULL,
	    SCHEDULE_NOTHING },
	{ "the first second", "2026-10-13T08:00:00Z", "2026-07-14T08:00Z",
	    NULL, SCHEDULE_FAILED },
	{ "of the first wave ever", "2026-10-13T08:00:00Z", NULL, NULL,
	    SCHEDULE_FAILED },
	{ "twelve hours late", "2026-10-13T20:00:00Z", "2026-07-14T08:00Z",
	    NULL, SCHEDULE_FAILED },
	{ "a second more", "2026-10-13T20:00:01Z", "2026-07-14T08:00Z", NULL,
	    SCHEDULE_MISSED },
	{ "while it would be open", "2026-10-27T08:59:59Z", NULL, NULL,
	    SCHEDULE_MISSED },
	{ "when it would be closed", "2026-10-27T09:00:00Z", NULL, NULL,
	    SCHEDULE_NOTHING },
	{ "opened already", "2026-10-13T08:00:01Z", "2026-10-13T08:00Z", NULL,
	    SCHEDULE_NOTHING },
	{ "opened by hand, later", "2026-10-13T19:00Z", "2026-10-13T12:00Z",
	    NULL, SCHEDULE_NOTHING },
	{ "opened by hand, too late for itself", "2026-10-15T19:00Z",
	    "2026-10-14T12:00Z", NULL, SCHEDULE_NOTHING },
	{ "a clock that went back", "2026-10-13T08:00:01Z",
	    "2027-01-12T09:00Z", NULL, SCHEDULE_NOTHING },
	{ "a state that was put back (M14)", "2026-10-13T08:00:01Z",
	    "2026-07-14T08:00Z", "2026-10-13T08:00Z", SCHEDULE_FAILED },
	{ "seen, and there", "2026-10-13T08:00:01Z", "2026-10-13T08:00Z",
	    "2026-10-13T08:00Z", SCHEDULE_NOTHING },
};

static int64_t
at(const char *text)
{
	int64_t t = 0;

	assert_true(text == NULL || clock_parse(text, &t));
	return t;
}

static void
note(const char *when)
{
	struct err	 e;
	char		*path = state_path(scratch_dir, STATE_OPENED, name);

	assert_int_equal(file_remove(path, &e), ERR_OK);
	free(path);
	if (when != NULL)
		assert_int_equal(opened_note(scratch_dir, name, at(when), &e),
		    ERR_OK);
}

static void
test_moments(void **state)
{
	struct schedule	sched = { .conf = &conf };
	struct opened	out;
	struct err	e;
	int64_t		seen;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		note(cases[i].noted);
		seen = at(cases[i].seen);
		e.msg[0] = '\0';
		sched.now = at(cases[i].now);
		assert_int_equal(schedule_survey(&sched, &conf.survey[0],
		    &seen, &out, &e), cases[i].end);
		assert_true((strstr(e.msg, "put back") != NULL) ==
		    (strstr(cases[i].name, "put back") != NULL));
		if (cases[i].end != SCHEDULE_NOTHING)
			assert_non_null(strstr(e.msg, "survey staff: the wave "
			    "of 2026-10-13T09:00:00+01:00 "));
	}
}

static void
test_no_calendar(void **state)
{
	struct conf	none = conf;
	struct schedule	sched = { &none, at("2026-10-13T08:00Z"), NULL, NULL };
	char		empty[] = "";
	struct opened	out;
	struct err	e;
	int64_t		seen = 0;

	(void)state;
	none.survey[0].opens = empty;
	assert_int_equal(schedule_survey(&sched, &none.survey[0], &seen, &out,
	    &e), SCHEDULE_NOTHING);
}

static void
test_notes(void **state)
{
	struct err	 e;
	int64_t		 last;
	char		*path = state_path(scratch_dir, STATE_OPENED, name);

	(void)state;
	note("2026-10-13T08:00Z");
	assert_int_equal(opened_note(scratch_dir, name, 5, &e), ERR_OK);
	assert_int_equal(opened_last(scratch_dir, name, 0, &last, &e), ERR_OK);
	assert_int_equal(last, 1791878400);
	assert_int_equal(file_replace(path, "x\n", 2, 0600, &e), ERR_OK);
	assert_int_equal(opened_last(scratch_dir, name, 0, &last, &e),
	    ERR_CORRUPT);
	free(path);
}

/* M14: of each wave the newest entry that was ever seen. */
static void
test_seen(void **state)
{
	static struct seen	table[SEEN_MAX];
	struct wave_ref		w = { .tag = 7 };
	unsigned int		i;

	(void)state;
	assert_true(seen_note(NULL, &w, 5));
	for (i = 0; i < 2; i++) {
		snprintf(w.name, sizeof(w.name), "staff-%u", i);
		assert_true(seen_note(table, &w, 100 + i));
	}
	assert_false(seen_note(table, &w, 100));
	assert_true(seen_note(table, &w, 101));
	assert_true(seen_note(table, &w, 200));
	assert_false(seen_note(table, &w, 199));
	w.tag = 8;	/* another wave of that name */
	assert_true(seen_note(table, &w, 50));
	for (i = 0; i < SEEN_MAX; i++) {
		snprintf(w.name, sizeof(w.name), "next-%u", i);
		assert_true(seen_note(table, &w, 300 + i));
	}
	assert_false(seen_note(table, &w, 299));
}

static int
make(void **state)
{
	struct err	 e;
	char		*path;

	memcpy(conf.survey[0].name, name, sizeof(name));
	if (scratch_make(state) != 0 || state_prepare(scratch_dir, &e) !=
	    ERR_OK || clock_zone("Europe/London", &e) != ERR_OK)
		return -1;
	path = state_path(scratch_dir, STATE_ROSTER, NULL);
	if (file_replace(path, "", 0, 0600, &e) != ERR_OK)
		return -1;
	free(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_no_calendar),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_seen),
	};

	return cmocka_run_group_tests_name("schedule", tests, make,
	    scratch_remove);
}
