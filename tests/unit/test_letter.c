/*
 * test_letter.c - invitations and reminders, with the templates shipped.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/letter.h"
#include "organisation.h"
#include "rendered.h"
#include "mailhtml.h"

#define LINK	"https://pulse.taf.example/a/aaaaabcdefghijklmnopqrstuvwxyz2"
#define OPTOUT	"https://pulse.taf.example/o/abcdefghijklmnopqrstuvwxyz"

static const char *const kinds[] = { "invitation", "reminder" };

static struct site	site;
static struct wave	wave;
static struct letter	letter;

static int
set_up(void **state)
{
	(void)state;
	rendered_lang = "en";
	site = organisation();
	memset(&wave, 0, sizeof(wave));
	wave.k = 10;
	wave.langs.n = 1;
	memcpy(wave.langs.code[0], "en", 3);
	wave.questions = six_questions(1);
	letter = (struct letter){
		.site = &site,
		.wave = &wave,
		.closes = { 2026, 11, 10, 2, 9, 0, 0, 0 },
		.person_name = "Sam Price",
		.link = LINK,
		.optout = OPTOUT,
	};
	return 0;
}

static char *
part(const char *kind, const char *which, enum escape escape)
{
	struct view	*v = letter_view(&letter, 0);
	char		*name = mem_fmt("%s.%s", kind, which);
	char		*text = rendered(name, v, escape);

	free(name);
	view_free(v);
	return text;
}

static size_t
count_words(const char *s)
{
	size_t n = 0;

	while (*(s += strspn(s, " \n")) != '\0') {
		s += strcspn(s, " \n");
		n++;
	}
	return n;
}

/* The promise as the templates say it, filled in. */
static char *
promise(void)
{
	struct view	*v = letter_view(&letter, 0);
	char		*text = rendered("promise", v, ESCAPE_NONE);

	view_free(v);
	return text;
}

/* CONTENT 9. */
static void
subjects_are_one_line_with_the_date_in_words(void **state)
{
	char *s = part("invitation", "subject", ESCAPE_NONE);

	(void)state;
	assert_string_equal(s,
	    "Six questions about work, from Taf Community Trust");
	free(s);
	s = part("reminder", "subject", ESCAPE_NONE);
	assert_string_equal(s,
	    "Your link is still open until Tuesday 10 November");
	free(s);
}

/* M6: complete on its own, the link on a line of its own. */
static void
the_text_part_says_everything(void **state)
{
	char	*text, *kept = promise();
	size_t	 i;

	(void)state;
	for (i = 0; i < 2; i++) {
		text = part(kinds[i], "text", ESCAPE_NONE);
		assert_int_equal(count_of(text, "\n" LINK "\n"), 1);
		assert_int_equal(count_of(text, LINK), 1);
		assert_int_equal(count_of(text, OPTOUT "\n"), 1);
		assert_int_equal(count_of(text, "Hello Sam Price,"), 1);
		assert_int_equal(count_of(text, "I am Carys Morgan from Taf "
		    "Community Trust."), 1);
		assert_int_equal(count_of(text, kept), 1);
		assert_int_equal(count_of(text, "at least 10\npeople"), 1);
		assert_int_equal(count_of(text, "Samaritans: 116 123."), 1);
		assert_int_equal(count_of(text,
		    "https://pulse.taf.example/help\n"), 1);
		free(text);
	}
	text = part("invitation", "text", ESCAPE_NONE);
	assert_has(text, "Is this mail real?\nThe links in our mails lead to "
	    "pulse.taf.example, and no page\n");
	free(text);
	text = part("reminder", "text", ESCAPE_NONE);
	assert_int_equal(count_of(text, "Reminders go only to links that have "
	    "not been used. No leader sees who\nthat is."), 1);
	free(text);
	free(kept);
}

static void
check_lines(void)
{
	char	*text, *line;
	size_t	 i, len;

	for (i = 0; i < 2; i++) {
		text = part(kinds[i], "text", ESCAPE_NONE);
		for (line = text; *line != '\0'; line += len + 1) {
			len = strcspn(line, "\n");
			if (strstr(line, "https:") > line + len)
				assert_true(len < 76);
			if (line[len] == '\0')
				break;
		}
		free(text);
	}
}

static void
lines_of_the_text_part_are_short(void **state)
{
	(void)state;
	check_lines();
	rendered_lang = "cy";
	check_lines();
}

/* CONTENT 1: at most 150 and 90 words, the promise counted in neither. */
static void
mails_are_short(void **state)
{
	static const size_t	 most[] = { 150, 90 };
	char			*text, *kept = promise();
	size_t			 i, words;

	(void)state;
	site.n_support = 1;
	for (i = 0; i < 2; i++) {
		text = part(kinds[i], "text", ESCAPE_NONE);
		words = count_words(text) - count_words(kept);
		print_message("  %s: %zu words\n", kinds[i], words);
		assert_true(words <= most[i]);
		free(text);
	}
	free(kept);
}

/* M15, M16. */
static void
the_html_part_is_plain_and_small(void **state)
{
	char	*html;
	size_t	 i;

	(void)state;
	for (i = 0; i < 2; i++) {
		html = part(kinds[i], "html", ESCAPE_HTML);
		mail_html_check(html);
		assert_true(strlen(html) < 12 * 1024);
		assert_int_equal(count_of(html, LINK), 1);
		assert_int_equal(count_of(html, "<a href=\"" OPTOUT "\""), 1);
		assert_non_null(strstr(html, "<html lang=\"en\">"));
		free(html);
	}
}

static void
next_word(const char **p, size_t *len)
{
	*p += strspn(*p, " \n");
	*len = strcspn(*p, " \n");
}

/* M6: each sentence of the HTML stands in the text too. */
static void
assert_words_in_order(const char *html, const char *text)
{
	const char	*h = html, *t = text;
	size_t		 hl, tl;

	for (next_word(&h, &hl); hl > 0; h += hl, next_word(&h, &hl)) {
		for (next_word(&t, &tl); tl > 0; t += tl, next_word(&t, &tl))
			if (tl == hl && memcmp(h, t, hl) == 0)
				break;
		if (tl == 0)
			fail_msg("only in the HTML part: %.60s", h);
	}
}

static void
the_html_part_adds_nothing_to_the_text(void **state)
{
	char	*html, *text, *plain, *from;
	size_t	 i;

	(void)state;
	for (i = 0; i < 2; i++) {
		html = part(kinds[i], "html", ESCAPE_NONE);
		text = part(kinds[i], "text", ESCAPE_NONE);
		plain = without_tags(html);
		from = strstr(plain, "Your answers are confidential");
		assert_non_null(from);
		*strstr(from, "Help and support") = '\0';
		assert_words_in_order(from, text);
		free(plain);
		free(text);
		free(html);
	}
}

static void
a_person_without_a_name_is_greeted_all_the_same(void **state)
{
	char *text;

	(void)state;
	letter.person_name = "";
	text = part("invitation", "text", ESCAPE_NONE);
	assert_memory_equal(text, "Hello,\n", 7);
	free(text);
}

/* CONTENT 1: every sentence must be true. */
static void
the_number_of_questions_is_the_waves(void **state)
{
	char *text;

	(void)state;
	wave.questions.item[6] = wave.questions.item[0];
	wave.questions.n = 7;
	text = part("invitation", "subject", ESCAPE_NONE);
	assert_string_equal(text,
	    "7 questions about work, from Taf Community Trust");
	free(text);
	text = part("invitation", "text", ESCAPE_NONE);
	assert_non_null(strstr(text, "the same 7 questions"));
	assert_null(strstr(text, "two minutes"));
	free(text);
}

/* H4, M1: names may hold anything but controls. */
static void
markup_in_names_is_text(void **state)
{
	char *html, *text;

	(void)state;
	letter.person_name = "<b>Sam</b> & \"Co\"";
	html = part("invitation", "html", ESCAPE_HTML);
	assert_null(strstr(html, "<b>"));
	assert_non_null(strstr(html, "&lt;b&gt;Sam&lt;/b&gt; &amp; "));
	text = part("invitation", "text", ESCAPE_NONE);
	assert_non_null(strstr(text, "Hello <b>Sam</b> & \"Co\","));
	free(text);
	free(html);
}

static void
dates_are_words_of_the_template(void **state)
{
	static const struct {
		struct civil	 c;
		const char	*shown;
	} cases[] = {
		{ { 2027, 1, 3, 0, 9, 0, 0, 0 }, "Sunday 3 January" },
		{ { 2027, 2, 1, 1, 9, 0, 0, 0 }, "Monday 1 February" },
		{ { 2028, 2, 29, 2, 9, 0, 0, 0 }, "Tuesday 29 February" },
		{ { 2027, 12, 31, 5, 9, 0, 0, 0 }, "Friday 31 December" },
		{ { 2027, 10, 2, 6, 9, 0, 0, 0 }, "Saturday 2 October" },
	};
	char	*s, *want;
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		letter.closes = cases[i].c;
		s = part("reminder", "subject", ESCAPE_NONE);
		want = mem_fmt("Your link is still open until %s",
		    cases[i].shown);
		assert_string_equal(s, want);
		free(want);
		free(s);
	}
}

/* answer_links = "scale": five links in either part, each with a name. */
static void
the_scale_is_five_links_that_end_in_their_answer(void **state)
{
	static const char *const words[] = { "Strongly agree", "Agree",
	    "Neither agree nor disagree", "Disagree", "Strongly disagree" };
	char	*text, *html, *want;
	size_t	 i, n;

	(void)state;
	site.scale_links = true;
	for (i = 0; i < 2; i++) {
		text = part(kinds[i], "text", ESCAPE_NONE);
		html = part(kinds[i], "html", ESCAPE_HTML);
		mail_html_check(html);
		assert_true(strlen(html) < 12 * 1024);
		assert_int_equal(count_of(text, "\n" LINK "\n"), 1);
		assert_int_equal(count_of(text, LINK "/"), 5);
		assert_int_equal(count_of(html, "<a href=\"" LINK "\""), 1);
		assert_int_equal(count_of(html, "<a href=\"" LINK "/"), 5);
		assert_has(text, "\nI feel safe at work.\n");
		assert_has(text, "may record which link you opened");
		assert_has(html, "may record which link you opened");
		for (n = 0; n < 5; n++) {
			want = mem_fmt("\n%s:\n" LINK "/%zu\n", words[n],
			    5 - n);
			assert_int_equal(count_of(text, want), 1);
			free(want);
			want = mem_fmt("<a href=\"" LINK "/%zu\" "
			    "aria-label=\"%s: I feel safe at work.\" "
			    "style=\"color:#0b5563\">%s</a>", 5 - n, words[n],
			    words[n]);
			assert_int_equal(count_of(html, want), 1);
			free(want);
		}
		free(text);
		free(html);
	}
}

#define CASE(f)	cmocka_unit_test_setup(f, set_up)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(subjects_are_one_line_with_the_date_in_words),
		CASE(the_text_part_says_everything),
		CASE(lines_of_the_text_part_are_short),
		CASE(mails_are_short),
		CASE(the_html_part_is_plain_and_small),
		CASE(the_html_part_adds_nothing_to_the_text),
		CASE(a_person_without_a_name_is_greeted_all_the_same),
		CASE(the_number_of_questions_is_the_waves),
		CASE(markup_in_names_is_text),
		CASE(dates_are_words_of_the_template),
		CASE(the_scale_is_five_links_that_end_in_their_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
