/*
 * test_page.c - the form and the replies to it, with the templates shipped.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "pagecase.h"

/* H7, CONTENT 4 and 11.2, 11.3. */
static void
the_form_asks_six_questions_and_chooses_nothing(void **state)
{
	static const char *const	order[] = { "Strongly agree", "Agree",
	    "Neither agree nor disagree", "Disagree", "Strongly disagree",
	    "Prefer not to say" };
	struct page_input		in = input(PAGE_FORM);
	char				*html = page(&in), *p;
	size_t				i;

	(void)state;
	assert_int_equal(count_of(html, "<fieldset "), 6);
	assert_int_equal(count_of(html, "<legend>"), 6);
	assert_int_equal(count_of(html, "type=\"radio\""), 36);
	assert_int_equal(count_of(html, " checked>"), 0);
	for (p = strstr(html, "<fieldset"), i = 0; i < 6; i++) {
		p = strstr(p, "<span>");
		assert_non_null(p);
		p += strlen("<span>");
		assert_memory_equal(p, order[i], strlen(order[i]));
	}
	assert_has(html, "<fieldset aria-describedby=\"security-hint\">");
	assert_has(html, "id=\"security-hint\">For example: safe from harm");
	assert_has(html, "name=\"purpose\" id=\"purpose-4\" value=\"4\"");
	assert_has(html, "name=\"purpose\" id=\"purpose-0\" value=\"\"");
	assert_has(html, "at least 10\npeople answered");
	assert_has(html, "closes on Tuesday 10 November at 09:00.");
	assert_has(html, "<button>Send my answers</button>");
	assert_int_equal(count_of(html, "<button"), 1);
	free(html);
}

static void
the_form_posts_its_code_to_its_link(void **state)
{
	struct page_input	 in = input(PAGE_FORM);
	char			*html = page(&in);

	(void)state;
	assert_has(html, "<form method=\"post\" "
	    "action=\"https://pulse.taf.example/a/" FROM "\"");
	assert_has(html, "name=\"code\" value=\"" CODE "\"");
	assert_lacks(html, "name=\"from\"");
	assert_lacks(html, "name=\"step\"");
	free(html);
	in.action = "c";
	in.from = FROM;
	html = page(&in);
	assert_has(html, "action=\"https://pulse.taf.example/c\"");
	assert_has(html, "name=\"from\" value=\"" FROM "\"");
	assert_has(html, "name=\"step\" value=\"change\"");
	assert_has(html, "<h1>Change your answers</h1>");
	free(html);
}

/* H12, H13: what was chosen stays chosen, and the length tells nothing. */
static void
chosen_answers_come_back_in_pages_of_one_length(void **state)
{
	unsigned char		 answer[ITEMS_MAX] = { 5, 0, ANSWER_SKIP, 1 };
	struct page_input	 in = input(PAGE_FORM);
	char			*none = page(&in), *html;

	(void)state;
	in.answer = answer;
	html = page(&in);
	assert_int_equal(count_of(html, " checked>"), 3);
	assert_has(html, "id=\"security-5\" value=\"5\" checked>");
	assert_has(html, "id=\"belonging-0\" value=\"\" checked>");
	assert_has(html, "id=\"purpose-1\" value=\"1\" checked>");
	assert_true(strlen(html) - strlen(none) == 0);
	free(html);
	free(none);
}

/* H7, H13: marked, and said not to be sent. */
static void
a_picked_answer_is_marked_and_said_not_to_be_sent(void **state)
{
	unsigned char		 answer[ITEMS_MAX] = { 0 };
	struct page_input	 in = input(PAGE_FORM);
	char			*html, *id;
	size_t			 len = 0;

	(void)state;
	in.answer = answer;
	for (in.picked = 1; in.picked <= 5; in.picked++) {
		answer[0] = in.picked;
		html = page(&in);
		id = mem_fmt("id=\"security-%d\" value=\"%d\" checked>",
		    in.picked, in.picked);
		assert_has(html, id);
		free(id);
		assert_int_equal(count_of(html, " checked>"), 1);
		id = mem_fmt("name=\"picked\" value=\"%d\"", in.picked);
		assert_has(html, id);
		free(id);
		assert_has(html, "Nothing has\nbeen sent yet.");
		assert_has(html, "aria-describedby=\"security-hint "
		    "security-picked\"");
		assert_int_equal(count_of(html, "id=\"security-picked\""), 1);
		assert_true(len == 0 || len == strlen(html));
		len = strlen(html);
		free(html);
	}
}

/* H7: posted alone, it comes back as no answer. */
static void
a_picked_answer_alone_is_asked_again(void **state)
{
	struct page_input	 in = input(PAGE_FORM);
	char			*html;

	(void)state;
	in.error = in.unpicked = true;
	html = page(&in);
	assert_int_equal(count_of(html, "does not count on its own"), 2);
	assert_lacks(html, "Choose an answer to at least");
	assert_lacks(html, "\"picked\"");
	assert_lacks(html, " checked>");
	free(html);
	in = input(PAGE_BUSY);
	in.picked = 3;
	in.answer = (const unsigned char[ITEMS_MAX]){ 3 };
	html = page(&in);
	assert_has(html, "name=\"picked\" value=\"3\"");
	free(html);
}

/* The privacy page says what links of the scale show, where there are any. */
static void
the_privacy_page_tells_of_links_that_show_an_answer(void **state)
{
	struct page_input	 in = input(PAGE_PRIVACY);
	char			*html = page(&in);

	(void)state;
	assert_has(html, "None of this shows an answer.");
	assert_lacks(html, "one link for each answer");
	free(html);
	site.scale_links = true;
	html = page(&in);
	assert_lacks(html, "None of this shows an answer.");
	assert_has(html, "one link for each answer");
	free(html);
}

/* CONTENT 11.4. */
static void
the_error_stands_in_title_summary_and_first_question(void **state)
{
	struct page_input	 in = input(PAGE_FORM);
	char			*html;

	(void)state;
	in.error = true;
	html = page(&in);
	assert_has(html, "<title>Error: ");
	assert_has(html, "role=\"alert\" tabindex=\"-1\"");
	assert_has(html, ">There is a problem</h2>");
	assert_has(html, "<a href=\"#security-5\">");
	assert_int_equal(count_of(html, "<a href=\"#"), 1);
	assert_has(html, "<fieldset class=\"wrong\" "
	    "aria-describedby=\"security-hint security-error\">");
	assert_int_equal(count_of(html, "Error:</span>"), 1);
	assert_int_equal(count_of(html, "Choose an answer to at least one "
	    "question. If you would rather not answer,\nyou can close this "
	    "page."), 2);
	free(html);
}

static void
a_question_without_hint_describes_nothing(void **state)
{
	struct page_input	 in = input(PAGE_FORM);
	char			*html;

	(void)state;
	questions.item[0].hint[0] = TEXT("");
	html = page(&in);
	assert_has(html, "<fieldset>\n<legend>I feel safe at work.</legend>");
	assert_lacks(html, "security-hint");
	free(html);
}

/* CONTENT 11.5: buttons inside the form, plain links elsewhere. */
static void
languages_are_offered_only_where_there_are_two(void **state)
{
	struct page_input	 in = input(PAGE_FORM);
	char			*html = page(&in);

	(void)state;
	assert_lacks(html, "Cymraeg");
	free(html);
	site.langs = both;
	in.langs = &both;
	html = page(&in);
	assert_has(html, "<button name=\"lang\" value=\"cy\" lang=\"cy\">"
	    "Cymraeg</button>");
	assert_has(html, "action=\"https://pulse.taf.example/a/" FROM
	    "?lang=en\"");
	assert_lacks(html, "value=\"en\"");
	free(html);
	in = input(PAGE_PRIVACY);
	in.action = NULL;
	in.lang = 1;
	html = page(&in);
	assert_has(html, "<html lang=\"cy\">");
	assert_has(html, "<a href=\"?lang=en\" lang=\"en\" hreflang=\"en\">"
	    "English</a>");
	free(html);
	in = input(PAGE_GONE);		/* nobody knows whose link it was */
	html = page(&in);
	assert_has(html, "<a href=\"?lang=cy\" lang=\"cy\" hreflang=\"cy\">"
	    "Cymraeg</a>");
	assert_lacks(html, FROM);	/* H5 */
	free(html);
}

static void
questions_are_shown_in_the_language_of_the_page(void **state)
{
	static const struct langs	welsh_first = { 2, { "cy", "en" } };
	struct page_input		in = input(PAGE_FORM);
	char				*html;

	(void)state;
	questions.item[3].text[0] = TEXT("Mae pwrpas clir i fy ngwaith.");
	in.langs = &welsh_first;
	html = page(&in);
	assert_has(html, "<legend>My work has a clear purpose.</legend>");
	assert_lacks(html, "pwrpas");
	free(html);
}

/* H13: neither thanks nor busy can tell what was answered. */
static void
no_answer_shows_in_the_reply(void **state)
{
	static const enum page	pages[] = { PAGE_THANKS, PAGE_BUSY };
	unsigned char		some[ITEMS_MAX] = { 5, 1, 0, ANSWER_SKIP, 2 };
	unsigned char		all[ITEMS_MAX] = { 1, 1, 1, 1, 1, 1 };
	struct page_input	in;
	char			*a, *b;
	size_t			i;

	(void)state;
	for (i = 0; i < 2; i++) {
		in = input(pages[i]);
		in.answer = some;
		a = page(&in);
		in.answer = all;
		b = page(&in);
		assert_true(strlen(a) - strlen(b) == 0);
		if (pages[i] == PAGE_THANKS)
			assert_string_equal(a, b);
		free(a);
		free(b);
	}
}

static void
the_thanks_page_shows_the_code_and_the_day(void **state)
{
	struct page_input	 in = input(PAGE_THANKS);
	char			*html = page(&in);

	(void)state;
	assert_has(html, "Thank you. Your answers have been saved.");
	assert_has(html, "You can change them until Tuesday 10 November with "
	    "this code:");
	assert_has(html, ">aaaa abcd efgh<");
	assert_has(html, "You can close this page.");
	free(html);
}

static void
the_busy_page_posts_the_same_answers_again(void **state)
{
	unsigned char		 answer[ITEMS_MAX] = { 5, ANSWER_SKIP, 0, 2 };
	struct page_input	 in = input(PAGE_BUSY);
	char			*html;

	(void)state;
	in.answer = answer;
	html = page(&in);
	assert_has(html, "name=\"code\" value=\"" CODE "\"");
	assert_has(html, "name=\"security\" value=\"5\"");
	assert_has(html, "name=\"continuity\" value=\"\"");
	assert_has(html, "name=\"purpose\" value=\"2\"");
	free(html);
	in.code = NULL;
	html = page(&in);
	assert_lacks(html, "<form");
	assert_has(html, "Nothing was lost. Please press the\nbutton again.");
	free(html);
	in.reading = true;
	html = page(&in);
	assert_lacks(html, "save");
	free(html);
}

static void
the_change_page_asks_for_the_code(void **state)
{
	struct page_input	 in = input(PAGE_CHANGE);
	char			*html;

	(void)state;
	in.action = NULL;
	html = page(&in);
	assert_has(html, "action=\"https://pulse.taf.example/c\"");
	assert_has(html, "name=\"step\" value=\"ask\"");
	assert_has(html, "<label for=\"code\">");
	assert_has(html, "name=\"code\" autocomplete=\"off\"");
	assert_lacks(html, CODE);
	assert_lacks(html, "Error:");
	free(html);
	in.error = true;
	html = page(&in);
	assert_has(html, "<title>Error: ");
	assert_has(html, "aria-describedby=\"code-hint code-error\" "
	    "aria-invalid=\"true\"");
	free(html);
}

#define CASE(f)	cmocka_unit_test_setup(f, set_up)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_form_asks_six_questions_and_chooses_nothing),
		CASE(the_form_posts_its_code_to_its_link),
		CASE(chosen_answers_come_back_in_pages_of_one_length),
		CASE(the_error_stands_in_title_summary_and_first_question),
		CASE(a_picked_answer_is_marked_and_said_not_to_be_sent),
		CASE(a_picked_answer_alone_is_asked_again),
		CASE(the_privacy_page_tells_of_links_that_show_an_answer),
		CASE(a_question_without_hint_describes_nothing),
		CASE(languages_are_offered_only_where_there_are_two),
		CASE(questions_are_shown_in_the_language_of_the_page),
		CASE(no_answer_shows_in_the_reply),
		CASE(the_thanks_page_shows_the_code_and_the_day),
		CASE(the_busy_page_posts_the_same_answers_again),
		CASE(the_change_page_asks_for_the_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
