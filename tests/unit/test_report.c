/*
 * test_report.c - where the marks of a report's charts stand.
 *
 * On the made-up organisation of core/sample.h; figures are worked by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/report.h"
#include "core/sample.h"
#include "rendered.h"

static struct question_set	questions;
static struct site		site = { .organisation = "Taf",
				    .base_url = "https://taf.example/",
				    .langs = { 2, { "en", "cy" } } };
static struct sample		sample;
static struct trend		trend;

static int
make(void **state)
{
	struct sample_input	in = { .organisation = "Taf", .survey =
				    "staff", .questions = &questions, .k = 10,
				    .open_days = 14 };
	struct err		e;
	int			s;

	(void)state;
	rendered_lang = "en";
	memset(&questions, 0, sizeof(questions));
	for (s = 0; s < SENSE__MAX; s++) {
		memcpy(questions.item[s].key, sense_key((enum sense)s),
		    strlen(sense_key((enum sense)s)) + 1);
		item_place(&questions.item[s]);
	}
	questions.n = SENSE__MAX;
	return sample_make(&sample, &in, &e) == ERR_OK ? 0 : -1;
}

static int
drop(void **state)
{
	(void)state;
	sample_wipe(&sample);
	return 0;
}

/* The page of a unit after so many earlier waves; the caller frees. */
static char *
page(enum sample_unit unit, size_t waves)
{
	static const struct civil	day = { .year = 2026, .month = 10,
					    .day = 5, .weekday = 1 };
	struct report	r = { .digest = { .site = &site, .pub = &sample.now,
			    .unit = sample.unit[unit], .opened = day },
			    .closed = { .year = 2026, .month = 10, .day = 19,
			    .weekday = 1 }, .made = { .year = 2026,
			    .month = 11, .day = 2, .weekday = 1 } };
	struct view	*v;
	char		*text;
	size_t		 i;

	trend_init(&trend, &sample.now);
	for (i = 0; i < waves; i++) {
		trend_add(&trend, &sample.before[i]);
		r.digest.trend_opened[i] = day;
		r.digest.trend_opened[i].month = 9 - (int)i;
	}
	r.digest.trend = &trend;
	v = report_view(&r, rendered_lang[0] == 'e' ? 0 : 1);
	text = rendered("report", v, ESCAPE_HTML);
	view_free(v);
	trend_wipe(&trend);
	return text;
}

/*
 * North, fulfilment: 4 5 3 2 0, S 17, Q 35, mean 3.0357, sd 2.6272, half
 * width 2.160 * 2.6272 / sqrt(14) * sqrt(4/18) = 0.7150: 3.0 [2.3 to 3.8].
 * The organisation: 8 13 13 15 4 of 53, S 100 of 212: 4.7.
 */
static void
marks_stand_at_their_figures(void **state)
{
	char *text = page(SAMPLE_TEAM, 0);

	(void)state;
	assert_has(text, "Fulfilment: score 3.0 [2.3 to 3.8]; "
	    "the organisation 4.7");
	assert_has(text, "<rect class=\"spread\" x=\"23.0%\" y=\"8\" "
	    "width=\"15.0%\"");
	assert_has(text, "<svg x=\"30.0%\"><rect class=\"score\"");
	assert_has(text, "<svg x=\"47.0%\" y=\"18\"><path class=\"whole\"");
	assert_has(text, "<strong>3.0</strong> [2.3 to 3.8]");
	assert_has(text, "Open from Monday 5 October 2026 to Monday 19 "
	    "October 2026");
	assert_has(text, "Made on Monday 2 November 2026");
	assert_int_equal(count_of(text, "class=\"row\""), 6);
	assert_int_equal(count_of(text, "class=\"step\""), 0);
	assert_int_equal(count_of(text, "Scores over time"), 0);
	free(text);
}

/* The organisation's own report has nothing to stand beside. */
static void
the_root_stands_alone(void **state)
{
	char *text = page(SAMPLE_ROOT, 0);

	(void)state;
	assert_lacks(text, "class=\"whole\"");
	assert_lacks(text, "the organisation");
	assert_has(text, "The units under Taf");
	free(text);
}

/*
 * Belonging of North is masked (over 85 %): a score, no range.  Clipped, it is
 * open from 9.5 to the end.
 */
static void
what_is_not_shown_is_not_drawn(void **state)
{
	struct figure	*f = &sample.now.unit[sample.unit[SAMPLE_TEAM]]
			    .sense[SENSE_BELONGING];
	char		*text = page(SAMPLE_TEAM, 0);

	(void)state;
	assert_true(f->masked);
	assert_int_equal(count_of(text, "<rect class=\"spread\" x="), 5);
	free(text);
	f->clip = CLIP_HIGH;
	text = page(SAMPLE_TEAM, 0);
	assert_has(text, "<rect class=\"spread\" x=\"95.0%\" y=\"8\" "
	    "width=\"5.0%\"");
	assert_has(text, "<svg x=\"95.0%\"><rect class=\"score\"");
	f->clip = CLIP_LOW;
	free(text);
	text = page(SAMPLE_TEAM, 0);
	assert_has(text, "<rect class=\"spread\" x=\"0.0%\" y=\"8\" "
	    "width=\"5.0%\"");
	free(text);
}

/*
 * Fulfilment of North, last 0 1 3 6 4: 41 of 56, 7.3; now 3.0.  From the top,
 * 8 + 84 * (10 - score) / 10: 30.7 and 66.8.  Four waves back, 4 to 96 across.
 */
static void
lines_go_from_wave_to_wave(void **state)
{
	char *text = page(SAMPLE_TEAM, 4);

	(void)state;
	assert_has(text, "<line class=\"step\" x1=\"73.0%\" y1=\"30.7%\" "
	    "x2=\"96.0%\" y2=\"66.8%\"/>");
	assert_has(text, "<circle class=\"dot now\" cx=\"96.0%\" "
	    "cy=\"66.8%\"");
	assert_has(text, "<circle class=\"dot\" cx=\"4.0%\"");
	assert_int_equal(count_of(text, "class=\"step\""), 6 * 4);
	assert_int_equal(count_of(text, "<circle"), 6 * 5);
	assert_has(text, "September 2026 7.3, October 2026 3.0</title>");
	free(text);
}

/* Hidden in the wave before: no line is drawn across the gap. */
static void
a_gap_stays_a_gap(void **state)
{
	struct pub_unit	*u = &sample.before[0].unit[sample.unit[SAMPLE_TEAM]];
	char		*text;

	(void)state;
	u->status = UNIT_HIDDEN;
	text = page(SAMPLE_TEAM, 4);
	assert_int_equal(count_of(text, "class=\"step\""), 6 * 2);
	assert_int_equal(count_of(text, "<circle"), 6 * 4);
	free(text);
}

/* No script, nothing loaded, and no unit's count that was not published. */
static void
the_page_needs_nothing_else(void **state)
{
	static const char *const never[] = { "<script", "src=", "url(",
	    "@import", "<link", "<img", "xlink" };
	const char	*lang[] = { "en", "cy" };
	char		*text;
	size_t		 i, l;

	(void)state;
	for (l = 0; l < 2; l++) {
		rendered_lang = lang[l];
		text = page(SAMPLE_INNER, 4);
		for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
			assert_lacks(text, never[i]);
		assert_has(text, l == 0 ? "West team: counted in Community"
		    : "West team: wedi'u cyfrif yn: Community");
		free(text);
	}
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, make, drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(marks_stand_at_their_figures),
		CASE(the_root_stands_alone),
		CASE(what_is_not_shown_is_not_drawn),
		CASE(lines_go_from_wave_to_wave),
		CASE(a_gap_stays_a_gap),
		CASE(the_page_needs_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
