/*
 * test_digest.c - what a leader is told, on worked example 2 of SCORING 12.
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

/* SCORING 6. */
static void
a_hidden_units_reader_gets_the_unit_that_contains_it(void **state)
{
	(void)state;
	assert_int_equal(digest_source(&pub, U_T1), U_T1);
	assert_int_equal(digest_source(&pub, U_T2), U_D1);
	assert_int_equal(digest_source(&pub, U_D3), U_ORG);
	pub.unit[U_T3].shown_instead = UNIT_NONE;
	assert_int_equal(digest_source(&pub, U_T3), UNIT_NONE);
}

/* CONTENT 10, 1 to 4. */
static void
a_leader_reads_the_figures_of_example_2(void **state)
{
	char	*text = text_part();
	char	*subject = part("digest.subject", ESCAPE_NONE);

	(void)state;
	assert_string_equal(subject,
	    "How North is doing: October 2026 - Taf Community Trust");
	assert_has(text, "Hello Sam Price,\n");
	assert_has(text, "\nHow North is doing: October 2026\n");
	assert_has(text, "\nAnswered: 14 of 18 (78 %).\n");
	assert_has(text, "\nBelonging: 6.6 [5.7 to 7.5]\n"
	    "- 64 % favourable [51 to 76]\n"
	    "- against the organisation: about the same\n");
	assert_has(text, "\nSignificance: 6.7 [5.8 to 7.7]\n"
	    "- 62 % favourable [46 to 75]\n");
	assert_has(text, "\nHighest: Security\n");
	assert_has(text, "\nNo sense stands out. Pick the one your team wants "
	    "to talk about.\n");
	assert_lacks(text, "Leader one");
	assert_has(text, "Tell your team by Tuesday 10 November\nwhat you will "
	    "do, or that you will do nothing, and why.");
	assert_lacks(text, "Last time");
	assert_lacks(text, "last digest");
	assert_has(text, "At least\n10 answers stand behind every figure.");
	free(subject);
	free(text);
}

static void
the_senses_keep_their_order(void **state)
{
	static const char *const	order[] = { "\nSecurity: ",
	    "\nContinuity: ", "\nBelonging: ", "\nPurpose: ", "\nFulfilment: ",
	    "\nSignificance: ", "\nHighest: ", "\nA 20-minute team talk\n",
	    "\nTell your team", "\nHow to read it", "misconduct",
	    "not watched", "/help", "/privacy", "Carys Morgan" };
	char				*text = text_part();
	const char			*p = text;
	size_t				 i;

	(void)state;
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if ((p = strstr(p, order[i])) == NULL)
			fail_msg("not in its place: %s", order[i]);
	free(text);
}

static void
the_staff_copy_has_the_same_figures(void **state)
{
	char *leader, *member, *end;

	(void)state;
	pub.unit[U_T1].sense[SENSE_PURPOSE].change = CHANGE_POSSIBLE_FALL;
	leader = text_part();
	digest.member = true;
	digest.optout = "https://pulse.taf.example/o/abc";
	member = text_part();
	end = strstr(leader, "Try one of these");
	assert_non_null(end);
	assert_memory_equal(leader, member, (size_t)(end - leader));
	assert_has(member, "\n- Member one.\n- Member two.\n");
	assert_lacks(member, "20-minute");
	assert_lacks(member, "Leader one");
	assert_has(member, "What happens now\nBy Tuesday 10 November");
	assert_has(member, "surveys: https://pulse.taf.example/o/abc\n");
	free(member);
	free(leader);
}

/* CONTENT 10, 3 and 8: what the wave before adds. */
static void
the_last_wave_is_named_where_it_may_be(void **state)
{
	char *text;

	(void)state;
	last.unit[U_T1].rate = 71;
	digest.last = &last;
	text = text_part();
	assert_has(text, "\nAnswered: 14 of 18 (78 %). Last time: 71 %.\n");
	assert_has(text, "Your last digest came in August. Start with what "
	    "you\ntold your team then.");
	free(text);
	last.unit[U_T1].status = UNIT_HIDDEN;
	text = text_part();
	assert_lacks(text, "Last time");
	assert_has(text, "Your last digest came in August.");
	free(text);
	snprintf(last.unit[U_T1].id, sizeof(last.unit[U_T1].id), "T9");
	text = text_part();
	assert_lacks(text, "last digest");
	free(text);
}

static void
units_below_stand_in_tree_order(void **state)
{
	char *text;

	(void)state;
	digest.unit = U_ORG;
	text = text_part();
	assert_has(text, "\nThe units under Taf Community Trust\n"
	    "- Care at home: answered 74 %; security 7.9, continuity 3.6, "
	    "belonging 5.9, purpose 4.1, fulfilment 5.9, significance 6.2\n"
	    "- Day services: answered 58 %; security 8.0, continuity 3.9, "
	    "belonging 6.2, purpose 3.8, fulfilment 6.2, significance 6.5\n"
	    "- Family support: counted in Taf Community Trust\n");
	free(text);
}

/* Fills a hidden unit with numbers that nobody may see. */
static void
plant(struct pub_unit *u)
{
	int s;

	u->responses = 8971;
	u->invited = 9873;
	u->rate = 97;
	u->low_rate = u->partial = true;
	u->atom_min = 8765;
	for (s = 0; s < SENSE__MAX; s++) {
		u->sense[s].score = 99;
		u->sense[s].fav = 93;
		u->sense[s].change = CHANGE_CLEAR_FALL;
		u->sense[s].split = true;
	}
}

static void
check_hidden(const char *name, enum escape escape)
{
	static const char *const never[] = { "8971", "9873", "97", "8765",
	    "9.9", "93 ", "clear fall", "split", "treat with care", "primary",
	    "secondary" };
	char	*text = part(name, escape);
	size_t	 i;

	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		assert_lacks(text, never[i]);
	assert_has(text, "Your team's answers are counted in: Care at home");
	assert_has(text, "The figures of Care at home, October 2026");
	assert_has(text, "Answered: 31 of 42 (74 %).");
	free(text);
}

/* SCORING 6: the sentence, and nothing else about the unit. */
static void
a_hidden_units_digest_tells_nothing_of_it(void **state)
{
	char *text;

	(void)state;
	digest.unit = U_T2;
	plant(&pub.unit[U_T2]);
	plant(&pub.unit[U_T3]);
	check_hidden("digest.text", ESCAPE_NONE);
	check_hidden("digest.html", ESCAPE_HTML);
	text = text_part();
	assert_int_equal(count_of(text, "South"), 1);
	assert_lacks(text, "How South is doing");
	assert_has(text, "South, October 2026\n\nNot shown, to protect "
	    "people's answers.");
	free(text);
	pub.unit[U_T2].status = UNIT_SECONDARY;
	check_hidden("digest.text", ESCAPE_NONE);
	digest.unit = U_T3;
	pub.unit[U_T3].status = UNIT_PRIMARY;
	check_hidden("digest.text", ESCAPE_NONE);
}

static void
the_leader_of_a_hidden_unit_sees_the_units_below_it(void **state)
{
	char *text;

	(void)state;
	digest.unit = U_D3;
	text = text_part();
	assert_has(text, "counted in: Taf Community Trust\n");
	assert_has(text, "\nThe units under Family support\n"
	    "- Valley: answered 77 %; security 8.3, ");
	assert_has(text, "\n- Coast: counted in Taf Community Trust\n");
	free(text);
}

/* CONTENT 10, 2: items 7, 10 and 11 only. */
static void
with_nothing_to_show_a_digest_says_so(void **state)
{
	char *text;

	(void)state;
	pub.unit[U_T3].shown_instead = UNIT_NONE;
	plant(&pub.unit[U_T3]);
	digest.unit = U_T3;
	digest.last = &last;
	text = text_part();
	assert_has(text, "West, October 2026\n\n"
	    "Too few answers to count this time.\n");
	assert_has(text, "A 20-minute team talk");
	assert_has(text, "How to read it");
	assert_has(text, "Carys Morgan");
	assert_lacks(text, "%");
	assert_lacks(text, "Security");
	assert_lacks(text, "Tell your team");
	assert_lacks(text, "Not shown");
	free(text);
}

static void
a_partial_unit_has_its_rate_only(void **state)
{
	char *text;

	(void)state;
	digest.unit = U_D1;
	pub.unit[U_D1].partial = pub.unit[U_D1].low_rate = true;
	text = text_part();
	assert_has(text, "Some answers from small groups are counted at a "
	    "higher level only.\nAnswered: 74 %.\nFewer than half answered: "
	    "treat with care.\n");
	assert_lacks(text, "31");
	free(text);
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_hidden_units_reader_gets_the_unit_that_contains_it),
		CASE(a_leader_reads_the_figures_of_example_2),
		CASE(the_senses_keep_their_order),
		CASE(the_staff_copy_has_the_same_figures),
		CASE(the_last_wave_is_named_where_it_may_be),
		CASE(units_below_stand_in_tree_order),
		CASE(a_hidden_units_digest_tells_nothing_of_it),
		CASE(the_leader_of_a_hidden_unit_sees_the_units_below_it),
		CASE(with_nothing_to_show_a_digest_says_so),
		CASE(a_partial_unit_has_its_rate_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
