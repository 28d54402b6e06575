/*
 * test_digesttalk.c - the strength and the one thing to talk about.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "digestcase.h"

static const uint32_t	units[] = { U_ORG, U_D1, U_T1, U_D2, U_T4, U_T7 };

/* CONTENT 10, 5 and 6, on the figures of example 2. */
static void
the_highest_sense_of_each_unit_is_security(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++)
		assert_int_equal(digest_highest(&pub, units[i]),
		    SENSE_SECURITY);
}

static void
of_equal_scores_the_earlier_is_highest(void **state)
{
	struct figure *f = pub.unit[U_T1].sense;

	(void)state;
	f[SENSE_SECURITY].score = 60;
	f[SENSE_SIGNIFICANCE].score = 66;
	assert_int_equal(digest_highest(&pub, U_T1), SENSE_BELONGING);
}

static void
what_is_clipped_decides_nothing(void **state)
{
	struct figure *f = pub.unit[U_T1].sense;

	(void)state;
	f[SENSE_CONTINUITY].score = 95;
	assert_int_equal(digest_highest(&pub, U_T1), SENSE_CONTINUITY);
	f[SENSE_BELONGING].clip = f[SENSE_FULFILMENT].clip = CLIP_HIGH;
	f[SENSE_BELONGING].score = 96;
	f[SENSE_FULFILMENT].score = 100;
	assert_int_equal(digest_highest(&pub, U_T1), SENSE_BELONGING);
}

/*
 * In example 2 no unit's lowest sense lies below the organisation with its
 * whole range: T1 purpose 3.4 [2.5-4.3] against 3.9, D1 continuity 3.6
 * [3.1-4.1] against 3.8, D2 purpose 3.8 [2.9-4.7], T4 purpose 3.3 [2.0-4.7],
 * T7 continuity 3.5, masked, about the same.
 */
static void
in_example_2_no_sense_stands_out(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++)
		assert_int_equal(digest_talk_about(&pub, units[i]), SENSE__MAX);
}

static void
the_lowest_sense_stands_out_below_the_organisation(void **state)
{
	struct figure *f = &pub.unit[U_T1].sense[SENSE_PURPOSE];

	(void)state;
	f->hi = 39;
	assert_int_equal(digest_talk_about(&pub, U_T1), SENSE__MAX);
	f->hi = 38;
	assert_int_equal(digest_talk_about(&pub, U_T1), SENSE_PURPOSE);
}

static void
a_sense_that_is_not_the_lowest_never_stands_out(void **state)
{
	struct figure *f = pub.unit[U_T1].sense;

	(void)state;
	f[SENSE_BELONGING].hi = 58;
	f[SENSE_BELONGING].change = CHANGE_CLEAR_FALL;
	assert_int_equal(digest_talk_about(&pub, U_T1), SENSE__MAX);
}

static void
a_fall_of_the_lowest_sense_stands_out(void **state)
{
	static const struct {
		enum change_word	word;
		enum sense		talk;
	} cases[] = {
		{ CHANGE_POSSIBLE_FALL, SENSE_PURPOSE },
		{ CHANGE_CLEAR_FALL, SENSE_PURPOSE },
		{ CHANGE_NO_CLEAR, SENSE__MAX },
		{ CHANGE_CLEAR_RISE, SENSE__MAX },
		{ CHANGE_INCOMPARABLE, SENSE__MAX },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pub.unit[U_T1].sense[SENSE_PURPOSE].change = cases[i].word;
		assert_int_equal(digest_talk_about(&pub, U_T1), cases[i].talk);
	}
	pub.unit[U_ORG].sense[SENSE_CONTINUITY].change = CHANGE_CLEAR_FALL;
	assert_int_equal(digest_talk_about(&pub, U_ORG), SENSE_CONTINUITY);
}

static void
a_masked_sense_stands_out_by_its_word(void **state)
{
	struct figure *f = &pub.unit[U_T7].sense[SENSE_CONTINUITY];

	(void)state;
	f->vs_org = ORG_POSSIBLE_BELOW;
	assert_int_equal(digest_talk_about(&pub, U_T7), SENSE_CONTINUITY);
	f->vs_org = ORG_CLEAR_ABOVE;
	assert_int_equal(digest_talk_about(&pub, U_T7), SENSE__MAX);
}

/* CONTENT 10, 6: three prompts for leaders, two in the staff copy. */
static void
what_stands_out_comes_with_prompts(void **state)
{
	char *text;

	(void)state;
	pub.unit[U_T1].sense[SENSE_PURPOSE].change = CHANGE_POSSIBLE_FALL;
	text = text_part();
	assert_has(text, "\nOne thing to talk about: Purpose\n");
	assert_has(text, "\n- Leader one, 3.\n- Leader two.\n"
	    "- Leader three.\n");
	assert_lacks(text, "Member");
	free(text);
	digest.prompts = NULL;
	text = text_part();
	assert_has(text, "One thing to talk about: Purpose");
	assert_lacks(text, "Try one of these");
	free(text);
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_highest_sense_of_each_unit_is_security),
		CASE(of_equal_scores_the_earlier_is_highest),
		CASE(what_is_clipped_decides_nothing),
		CASE(in_example_2_no_sense_stands_out),
		CASE(the_lowest_sense_stands_out_below_the_organisation),
		CASE(a_sense_that_is_not_the_lowest_never_stands_out),
		CASE(a_fall_of_the_lowest_sense_stands_out),
		CASE(a_masked_sense_stands_out_by_its_word),
		CASE(what_stands_out_comes_with_prompts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
