/*
 * test_compose.c - one mail in one language, or in all of them.
 *
 * CONTENT 12: both languages in full, the first first, one subject, and one
 * HTML document in which each passage says what language it is in.
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
#include "io/compose.h"
#include "organisation.h"
#include "rendered.h"
#include "mailhtml.h"

#define LINK	"https://pulse.taf.example/a/aaaaabcdefghijklmnopqrstuvwxyz2"
#define OPTOUT	"https://pulse.taf.example/o/abcdefghijklmnopqrstuvwxyz"

static const unsigned char key[CRYPT_KEY];
static struct site	site;
static struct wave	wave;
static struct compose	c;

static int
set_up(void **state)
{
	(void)state;
	site = organisation();
	memset(&wave, 0, sizeof(wave));
	wave.k = 10;
	wave.langs = (struct langs){ 2, { "cy", "en" } };
	wave.questions = six_questions(2);
	compose_init(&c);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	compose_wipe(&c);
	return 0;
}

static struct view *
view(const void *letter, size_t lang)
{
	return letter_view(letter, lang);
}

/* Composes a letter in this language, or in both: 2. */
static void
compose(const char *name, size_t lang)
{
	const struct letter	 l = {
		.site = &site, .wave = &wave,
		.closes = { 2026, 11, 10, 2, 9, 0, 0, 0 },
		.person_name = "Siân <Llŷr>", .link = LINK, .optout = OPTOUT
	};
	struct compose_words	 words = { name, &wave.langs, view, &l };
	struct templates	*t;
	struct err		 e;
	char			*dir = source_path("templates");

	t = templates_new(dir);
	compose_begin(&c, &site, key, "p1 0");
	if (compose_render(&c, t, &words, lang, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	templates_free(t);
	free(dir);
}

/* Every element that opens closes, innermost first; void ones aside. */
static void
check_nesting(const char *html)
{
	static const char	 closed[] = " !DOCTYPE meta br ";
	const char		*open[40];
	size_t			 len[40], n = 0, l;
	char			*word;

	for (; (html = strchr(html, '<')) != NULL; html += l) {
		bool end = *++html == '/';

		html += end;
		l = strcspn(html, " >\n");
		word = mem_fmt(" %.*s ", (int)l, html);
		if (end) {
			assert_true(n > 0 && len[n - 1] == l &&
			    memcmp(open[n - 1], html, l) == 0);
			n--;
		} else if (strstr(closed, word) == NULL) {
			assert_true(n < 40);
			open[n] = html;
			len[n++] = l;
		}
		free(word);
	}
	assert_int_equal(n, 0);
}

static void
a_mail_in_both_languages_is_one_document(void **state)
{
	static const char *const names[] = { "invitation", "reminder" };
	const char	*html, *cy, *en;
	size_t		 i;

	(void)state;
	for (i = 0; i < 2; i++) {
		compose(names[i], 2);
		html = buf_str(&c.html);
		assert_memory_equal(html, "<!DOCTYPE html>\n"
		    "<html lang=\"cy\">\n", 33);
		assert_int_equal(count_of(html, "<!DOCTYPE"), 1);
		assert_int_equal(count_of(html, "</html>"), 1);
		assert_int_equal(count_of(html, "<title>"), 1);
		cy = strstr(html, "<td lang=\"cy\"");
		en = strstr(html, "<td lang=\"en\"");
		assert_true(cy != NULL && en > cy);
		assert_int_equal(count_of(html, "<h1"), 2);
		assert_true(strstr(cy, "<h1") < en);
		assert_int_equal(count_of(html, "<a href=\"" LINK "\""), 2);
		assert_int_equal(count_of(html, "Siân &lt;Llŷr&gt;"), 2);
		assert_has(html, "<p lang=\"en\"");
		assert_int_equal(count_of(html, "in English below."), 1);
		check_nesting(html);
		mail_html_check_all(html);
		assert_true(strlen(html) < 12 * 1024);
	}
}

static void
its_text_is_the_first_language_and_then_the_other(void **state)
{
	const char *text, *cy, *en;

	(void)state;
	compose("invitation", 2);
	text = buf_str(&c.text);
	cy = strstr(text, "Mae eich atebion yn gyfrinachol.");
	en = strstr(text, "Your answers are confidential.");
	assert_true(cy != NULL && en > cy);
	assert_memory_equal(text, "This mail is in English below.\n\nHelo", 35);
	assert_int_equal(count_of(text, "\n" LINK "\n"), 2);
	assert_has(text, "o leiaf 10 o bobl");
	assert_has(text, "dydd Mawrth 10 Tachwedd");
	assert_has(text, "Tuesday 10 November");
	assert_string_equal(buf_str(&c.lang), "cy, en");
}

static void
its_subject_and_title_carry_both(void **state)
{
	static const char want[] = "Chwe chwestiwn am waith, Taf Community "
	    "Trust / Six questions about work, from Taf Community Trust";
	char *title = mem_fmt("<title>%s</title>", want);

	(void)state;
	compose("invitation", 2);
	assert_string_equal(buf_str(&c.subject), want);
	assert_has(buf_str(&c.html), title);
	free(title);
}

static void
a_mail_in_one_language_has_nothing_of_the_other(void **state)
{
	(void)state;
	compose("invitation", 1);
	assert_string_equal(buf_str(&c.lang), "en");
	assert_int_equal(count_of(buf_str(&c.html), "lang=\"cy\""), 0);
	assert_lacks(buf_str(&c.text), "below");
	check_nesting(buf_str(&c.html));
	mail_html_check(buf_str(&c.html));
	compose("invitation", 0);
	assert_string_equal(buf_str(&c.lang), "cy");
	assert_int_equal(count_of(buf_str(&c.html), "lang=\"en\""), 0);
	assert_lacks(buf_str(&c.text), "isod");
	check_nesting(buf_str(&c.html));
	mail_html_check(buf_str(&c.html));
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_mail_in_both_languages_is_one_document),
		CASE(its_text_is_the_first_language_and_then_the_other),
		CASE(its_subject_and_title_carry_both),
		CASE(a_mail_in_one_language_has_nothing_of_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
