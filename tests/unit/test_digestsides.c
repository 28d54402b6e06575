/*
 * test_digestsides.c - both sides of a relationship in one digest.
 *
 * CONTENT 10: a leader of a unit in both surveys gets both sides in one mail,
 * never in one table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "samenumbers.h"

static struct publication	theirs;
static struct site		their_site;
static struct digest		other;

static int
set_up_both(void **state)
{
	if (set_up(state) != 0)
		return -1;
	theirs = example2();
	their_site = organisation();
	their_site.served = true;
	other = digest;
	other.site = &their_site;
	other.pub = &theirs;
	other.opened = (struct civil){ 2026, 9, 15, 2, 9, 0, 0, 60 };
	digest.other = &other;
	return 0;
}

static int
tear_down_both(void **state)
{
	example2_free(&theirs);
	return tear_down(state);
}

/* The text from one mark to another, or to the end; the caller frees it. */
static char *
between(const char *text, const char *from, const char *to)
{
	const char *a = strstr(text, from), *b;

	assert_non_null(a);
	b = strstr(a + strlen(from), to);
	assert_non_null(b);
	return mem_dup(a, (size_t)(b - a));
}

static void
each_side_has_a_part_of_its_own(void **state)
{
	char *text, *subject, *ours, *served;

	(void)state;
	theirs.unit[U_T1].sense[SENSE_PURPOSE].score = 93;
	text = text_part();
	subject = part("digest.subject", ESCAPE_NONE);
	ours = between(text, "How North is doing: October 2026\n",
	    "How the people served");
	served = between(text, "How the people served by North are doing: "
	    "September 2026\n", "A 20-minute team talk");
	assert_has(ours, "\nPurpose: 3.4 ");
	assert_has(served, "\nPurpose: 9.3 ");
	assert_int_equal(count_of(ours, " % favourable"), 6);
	assert_int_equal(count_of(served, " % favourable"), 6);
	assert_int_equal(count_of(text, "A 20-minute team talk"), 1);
	assert_has(text, "Two sides of one relationship");
	assert_has(text, "Tell your team and the people you serve by Tuesday");
	assert_has(text, "promise made to\neveryone who was asked");
	assert_string_equal(subject, "How North and the people it serves are "
	    "doing: October 2026 - Taf Community Trust");
	free(served);
	free(ours);
	free(subject);
	free(text);
}

/* What one side lacks is not taken from the other. */
static void
nothing_of_one_side_is_shown_for_the_other(void **state)
{
	char *text, *served;

	(void)state;
	last.unit[U_T1].rate = 71;
	digest.last = &last;
	give_change(&pub.unit[U_T1]);
	pub.unit[U_T1].sense[SENSE_PURPOSE].change = CHANGE_CLEAR_FALL;
	pub.unit[U_T1].sense[SENSE_SECURITY].has_five = true;
	pub.unit[U_T1].low_rate = true;
	theirs.unit[U_T1].partial = true;
	text = text_part();
	served = between(text, "How the people served",
	    "A 20-minute team talk");
	assert_has(served, "Answered: 78 %.\n");
	assert_lacks(served, "Last time");
	assert_lacks(served, "Fewer than half");
	assert_lacks(served, "clear");
	assert_lacks(served, "strongly agree");
	assert_lacks(served, "One thing to talk about");
	assert_lacks(served, "Try one of these");
	assert_has(served, "No sense stands out.");
	free(served);
	free(text);
}

/* SCORING 6, each side by itself. */
static void
a_side_that_is_hidden_follows_its_own_suppression(void **state)
{
	char *text, *served;

	(void)state;
	theirs.unit[U_T1].status = UNIT_HIDDEN;
	theirs.unit[U_T1].shown_instead = U_D1;
	text = text_part();
	served = between(text, "North, September 2026\n",
	    "A 20-minute team talk");
	assert_has(text, "How North is doing: October 2026\n\n"
	    "Answered: 14 of 18");
	assert_has(served, "Not shown, to protect people's answers. The "
	    "answers of the people served here are counted in: Care at home");
	assert_has(served, "Answered: 31 of 42");
	free(served);
	free(text);
	theirs.unit[U_T1].shown_instead = UNIT_NONE;
	text = text_part();
	served = between(text, "North, September 2026\n",
	    "A 20-minute team talk");
	assert_has(served, "Too few answers to count this time.");
	assert_lacks(served, "%");
	assert_has(text, "Tell your team");
	free(served);
	free(text);
	pub.unit[U_T1].status = UNIT_HIDDEN;
	pub.unit[U_T1].shown_instead = UNIT_NONE;
	text = text_part();
	assert_lacks(text, "%");
	assert_lacks(text, "Tell your team");
	free(text);
}

static void
no_table_holds_both_sides(void **state)
{
	char		*html = part("digest.html", ESCAPE_HTML);
	const char	*second = strstr(html, "How the people served");
	const char	*p;
	int		 depth = 0;

	(void)state;
	assert_non_null(second);
	for (p = strstr(html, "The six senses"); p < second; p++)
		depth += strncmp(p, "<table", 6) == 0 ? 1 :
		    strncmp(p, "</table", 7) == 0 ? -1 : 0;
	assert_int_equal(depth, 0);
	free(html);
}

static void
text_and_html_hold_the_same_numbers(void **state)
{
	uint32_t i, j;

	(void)state;
	digest.last = &last;
	for (i = 0; i < U__MAX; i++)
		for (j = 0; j < U__MAX; j += 3) {
			digest.unit = i;
			other.unit = j;
			check_equal_numbers(2 * SIDE_BYTES);
		}
	rendered_lang = "cy";
	check_equal_numbers(2 * SIDE_BYTES);
	rendered_lang = "en";
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, set_up_both, tear_down_both)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_side_has_a_part_of_its_own),
		CASE(nothing_of_one_side_is_shown_for_the_other),
		CASE(a_side_that_is_hidden_follows_its_own_suppression),
		CASE(no_table_holds_both_sides),
		CASE(text_and_html_hold_the_same_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
