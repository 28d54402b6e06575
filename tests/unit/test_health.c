/*
 * test_health.c - health of addresses, and storms: STANDARDS 7.2 B3 and B5.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypt.h"
#include "core/health.h"

/* Newest first, as settling wants them. */
static const char waves[4][WAVE_NAME_MAX + 1] = { "w4", "w3", "w2", "w1" };

/*
 * marks: the waves with a soft mark, in order of arrival, "!" for a hard one;
 * of the survey's waves w1 to w4, w4 is live or not.
 */
static void
test_settle(void **state)
{
	static const struct {
		const char		*name, *marks;
		bool			 live;
		enum health_state	 end;
		const char		*since;
		unsigned int		 left;
	} cases[] = {
		{ "nothing", "", false, HEALTH_GOOD, "", 0 },
		{ "one mark in the last wave", "4", false, HEALTH_MARKED, "",
		    1 },
		{ "two in a row", "34", false, HEALTH_MARKED, "", 2 },
		{ "three in a row suspend", "234", false, HEALTH_SUSPENDED,
		    "w2", 0 },
		{ "four are as three, since the first", "1234", false,
		    HEALTH_SUSPENDED, "w2", 0 },
		{ "in whatever order they came", "423", false,
		    HEALTH_SUSPENDED, "w2", 0 },
		{ "twice in a wave is once", "3344", false, HEALTH_MARKED, "",
		    2 },
		{ "nor do more of one wave push another out", "233344",
		    false, HEALTH_SUSPENDED, "w2", 0 },
		{ "a wave without a mark clears", "123", false, HEALTH_GOOD,
		    "", 0 },
		{ "and clears those before it", "124", false, HEALTH_MARKED,
		    "", 1 },
		{ "a live wave without one does not", "123", true,
		    HEALTH_SUSPENDED, "w1", 0 },
		{ "nor keeps the row from going on", "23", true,
		    HEALTH_MARKED, "", 2 },
		{ "a mark in a live wave counts", "234", true,
		    HEALTH_SUSPENDED, "w2", 0 },
		{ "hard at once", "3!", false, HEALTH_HARD, "w9", 0 },
		{ "hard stays hard", "!234", false, HEALTH_HARD, "w9", 0 },
		{ "of a wave that nobody knows", "5", false, HEALTH_GOOD, "",
		    0 },
	};
	struct health	h;
	char		name[3] = "w";
	const char	*m;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		memset(&h, 0, sizeof(h));
		for (m = cases[i].marks; *m != '\0'; m++) {
			name[1] = *m == '!' ? '9' : *m;
			health_take(&h, *m == '!' ? BOUNCE_HARD : BOUNCE_SOFT,
			    name);
		}
		health_settle(&h, waves, 4, cases[i].live);
		assert_int_equal(h.state, cases[i].end);
		assert_string_equal(h.since, cases[i].since);
		assert_int_equal(h.marks, cases[i].left);
		assert_int_equal(health_stops(&h),
		    cases[i].end >= HEALTH_SUSPENDED);
	}
}

/* B5, over time: each wave is settled before the next, as openings do. */
static void
test_wave_by_wave(void **state)
{
	struct health h = { .state = HEALTH_GOOD };

	(void)state;
	health_take(&h, BOUNCE_SOFT, "w1");
	health_settle(&h, waves + 3, 1, false);
	health_take(&h, BOUNCE_SOFT, "w2");
	health_settle(&h, waves + 2, 2, false);
	assert_int_equal(h.marks, 2);
	/* w3 is delivered */
	health_settle(&h, waves + 1, 3, false);
	assert_int_equal(h.state, HEALTH_GOOD);
	health_take(&h, BOUNCE_SOFT, "w4");
	health_settle(&h, waves, 4, false);
	assert_int_equal(h.state, HEALTH_MARKED);
	assert_int_equal(h.marks, 1);
	/* suspended stays, however many waves go by */
	memset(&h, 0, sizeof(h));
	h.state = HEALTH_SUSPENDED;
	health_take(&h, BOUNCE_SOFT, "w4");
	health_settle(&h, waves, 4, false);
	assert_int_equal(h.state, HEALTH_SUSPENDED);
}

/* The other classes touch nobody's health. */
static void
test_not_the_persons_fault(void **state)
{
	static const enum bounce_class others[] = {
		BOUNCE_NONE, BOUNCE_POLICY, BOUNCE_UNKNOWN, BOUNCE_COMPLAINT
	};
	struct health	h = { .state = HEALTH_GOOD };
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		health_take(&h, others[i], "w1");
		assert_int_equal(h.state, HEALTH_GOOD);
	}
}

static void
count(struct health_tally *t, enum bounce_class event, unsigned int n)
{
	while (n-- > 0)
		health_count(t, event);
}

/* R3 for policy; 20 or 5 % of a wave for unknown. */
static void
test_storms(void **state)
{
	struct health_tally	t;
	unsigned int		i;

	(void)state;
	memset(&t, 0, sizeof(t));
	assert_int_equal(health_storm(&t, 0), HEALTH_CALM);
	count(&t, BOUNCE_POLICY, 19);
	assert_int_equal(health_storm(&t, 1000000), HEALTH_CALM);
	count(&t, BOUNCE_HARD, 1);
	count(&t, BOUNCE_POLICY, 19);
	assert_int_equal(health_storm(&t, 1000000), HEALTH_CALM);
	count(&t, BOUNCE_POLICY, 1);
	assert_int_equal(health_storm(&t, 1000000), HEALTH_POLICY);

	/* one in five of the last 200, never in a row */
	memset(&t, 0, sizeof(t));
	for (i = 0; i < 39; i++) {
		count(&t, BOUNCE_SOFT, 4);
		count(&t, BOUNCE_POLICY, 1);
	}
	assert_int_equal(health_storm(&t, 1000000), HEALTH_CALM);
	count(&t, BOUNCE_POLICY, 1);
	assert_int_equal(health_storm(&t, 1000000), HEALTH_POLICY);
	/* what is further back than 200 no longer counts */
	count(&t, BOUNCE_SOFT, 200);
	assert_int_equal(t.policy, 0);
	assert_int_equal(health_storm(&t, 1000000), HEALTH_CALM);

	/* hard: 20, and 20 % of the people; what was lifted is none */
	memset(&t, 0, sizeof(t));
	count(&t, BOUNCE_HARD, 19);
	assert_int_equal(health_storm(&t, 19), HEALTH_CALM);
	count(&t, BOUNCE_NONE, 1);
	assert_int_equal(health_storm(&t, 19), HEALTH_CALM);
	count(&t, BOUNCE_HARD, 1);
	assert_int_equal(health_storm(&t, 101), HEALTH_CALM);
	assert_int_equal(health_storm(&t, 100), HEALTH_MANY_HARD);
	assert_int_equal(health_storm(&t, 20), HEALTH_MANY_HARD);
	count(&t, BOUNCE_HARD, 180);
	assert_int_equal(health_storm(&t, 1001), HEALTH_CALM);
	assert_int_equal(health_storm(&t, 1000), HEALTH_MANY_HARD);

	/* unknown: 20 of any wave; 5 % of a small one */
	memset(&t, 0, sizeof(t));
	count(&t, BOUNCE_UNKNOWN, 19);
	assert_int_equal(health_storm(&t, 381), HEALTH_CALM);
	assert_int_equal(health_storm(&t, 380), HEALTH_UNKNOWN);
	count(&t, BOUNCE_UNKNOWN, 1);
	assert_int_equal(health_storm(&t, 1000000), HEALTH_UNKNOWN);
	memset(&t, 0, sizeof(t));
	count(&t, BOUNCE_UNKNOWN, 1);
	assert_int_equal(health_storm(&t, 21), HEALTH_CALM);
	assert_int_equal(health_storm(&t, 20), HEALTH_UNKNOWN);
}

static void
test_records(void **state)
{
	struct health_record	r = {
		BOUNCE_SOFT, true, false, { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 },
		"staff-2026q4"
	};
	struct health_record	back;
	unsigned char		b[HEALTH_RECORD], torn[HEALTH_RECORD];
	unsigned int		newer;
	size_t			i;

	(void)state;
	health_encode(b, &r);
	assert_int_equal(b[0], 1);
	assert_memory_equal(b + 4, r.who, BOUNCE_WHO);
	assert_memory_equal(b + 14, "staff-2026q4", 13);
	assert_true(health_decode(&back, &newer, b));
	assert_int_equal(back.event, BOUNCE_SOFT);
	assert_true(back.early);
	assert_memory_equal(back.who, r.who, BOUNCE_WHO);
	assert_string_equal(back.wave, r.wave);
	assert_false(back.lifted);
	r.lifted = true;
	health_encode(b, &r);
	assert_true(health_decode(&back, &newer, b));
	assert_true(back.lifted && back.early);
	/* torn anywhere: the rest is what was there, nothing */
	for (i = 0; i < HEALTH_RECORD; i++) {
		memset(torn, 0, sizeof(torn));
		memcpy(torn, b, i);
		assert_false(health_decode(&back, &newer, torn));
		memcpy(torn, b, sizeof(b));
		torn[i] ^= 1;
		assert_false(health_decode(&back, &newer, torn));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settle),
		cmocka_unit_test(test_wave_by_wave),
		cmocka_unit_test(test_not_the_persons_fault),
		cmocka_unit_test(test_storms),
		cmocka_unit_test(test_records),
	};

	if (!crypt_init())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
