/*
 * test_templates.c - what holds for every page and template that is shipped.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <dirent.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "pagecase.h"

/* CONTENT 11.1, 11.6; H3: nothing from elsewhere. */
static void
check_document(const char *html)
{
	const char *begin = rendered_lang[0] == 'c' ?
	    "<!DOCTYPE html>\n<html lang=\"cy\">" :
	    "<!DOCTYPE html>\n<html lang=\"en\">";

	assert_memory_equal(html, begin, 32);
	assert_int_equal(count_of(html, "<h1"), 1);
	assert_int_equal(count_of(html, "<main>"), 1);
	assert_true(strlen(html) < 30 * 1000);
	assert_has(html, " - Taf Community Trust</title>");
	assert_has(html, site.survey[0] != '\0' ?
	    "href=\"https://pulse.taf.example/help/served\"" :
	    "href=\"https://pulse.taf.example/help\"");
	assert_has(html, site.survey[0] != '\0' ?
	    "href=\"https://pulse.taf.example/privacy/served\"" :
	    "href=\"https://pulse.taf.example/privacy\"");
	assert_int_equal(count_of(html, "http"),
	    count_of(html, "\"https://pulse.taf.example/"));
	assert_lacks(html, "<script");
	assert_lacks(html, "src=");
	assert_lacks(html, "url(");
	assert_lacks(html, " style=");
	assert_lacks(html, "{{");
}

static void
every_page_is_a_whole_document_of_its_own(void **state)
{
	struct page_input	 in;
	char			*html;
	int			 p, error;

	(void)state;
	for (p = 0; p < PAGE__MAX; p++)
		for (error = 0; error < 2; error++) {
			in = input((enum page)p);
			in.error = in.reading = error == 1;
			html = page(&in);
			check_document(html);
			free(html);
		}
}

/* CONTENT 12: not one byte of English markup or marker around the Welsh. */
static void
every_page_is_whole_in_welsh_too(void **state)
{
	rendered_lang = "cy";
	memcpy(site.langs.code[0], "cy", 3);
	every_page_is_a_whole_document_of_its_own(state);
}

static void
ask_those_served(void)
{
	site.served = true;
	memcpy(site.survey, "served", sizeof("served"));
}

/* CONTENT 3: their pages are whole too, in both languages. */
static void
every_page_for_people_served_is_whole(void **state)
{
	ask_those_served();
	every_page_is_a_whole_document_of_its_own(state);
	every_page_is_whole_in_welsh_too(state);
}

/* Nobody employs them: no word of work, of staff or of an employer. */
static void
people_served_do_not_read_of_work(void **state)
{
	static const char *const never[] = { "at work", "about work", "Staff",
	    "staff", "employer", "your team", "Your team", "Leaders" };
	struct page_input	 in;
	char			*html;
	size_t			 i;
	int			 p;

	(void)state;
	ask_those_served();
	site.staff_copy = true;
	for (i = 0; i < questions.n; i++)
		questions.item[i].text[0] = questions.item[i].hint[0] =
		    questions.stem[0] = TEXT("I feel part of things.");
	for (p = 0; p < PAGE__MAX; p++) {
		if (p == PAGE_OPTOUT)	/* before a survey is known */
			continue;
		in = input((enum page)p);
		html = page(&in);
		for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
			assert_lacks(html, never[i]);
		free(html);
	}
	in = input(PAGE_PRIVACY);
	html = page(&in);
	assert_has(html, "You get the same figures as they do.");
	assert_has(html, "The team that supports you, and your answers");
	free(html);
}

/* The CGI names the hash of the style in its CSP header (H3). */
static void
the_style_on_the_page_is_the_style_template(void **state)
{
	struct page_input	 in = input(PAGE_FORM);
	char			*html = page(&in);
	char			*css = template_text("style");
	char			*tag = mem_fmt("<style>%s</style>", css);

	(void)state;
	assert_int_equal(count_of(html, tag), 1);
	assert_has(css, "prefers-color-scheme:dark");
	assert_has(css, "forced-colors:active");
	assert_has(css, "outline:3px solid");
	free(tag);
	free(css);
	free(html);
}

/* H4. */
static void
markup_from_outside_is_escaped(void **state)
{
	struct support		 bad = { TEXT(EVIL), TEXT(EVIL), TEXT("") };
	struct page_input	 in;
	char			*html;
	int			 p;

	(void)state;
	site.organisation = site.contact = TEXT(EVIL);
	site.from.name = site.lawful_basis = TEXT(EVIL);
	site.support = &bad;
	site.n_support = 1;
	questions.stem[0] = questions.item[1].text[0] = TEXT(EVIL);
	for (p = 0; p < PAGE__MAX; p++) {
		in = input((enum page)p);
		in.code_shown = in.from = EVIL;
		html = page(&in);
		assert_lacks(html, "<script");
		assert_lacks(html, "'x'");
		assert_int_equal(count_of(html, "</title>"), 1);
		free(html);
	}
}

/* CONTENT 7: shown to everyone, whatever was answered. */
static void
support_is_on_every_page_for_people(void **state)
{
	struct page_input	in;
	char			*html;
	int			 p;

	(void)state;
	for (p = 0; p < PAGE__MAX; p++) {
		if (p == PAGE_HEALTH)
			continue;
		in = input((enum page)p);
		html = page(&in);
		assert_has(html, "not watched for people in danger.");
		assert_has(html, "<li>Samaritans: 116 123</li>");
		assert_has(html, "call 999.");
		free(html);
	}
	site.n_support = 0;
	html = page(&in);
	assert_lacks(html, "these people will listen");
	assert_has(html, "call 999.");
	free(html);
}

/* Staff are trained not to click. */
static void
the_help_page_says_how_to_tell_that_a_mail_is_real(void **state)
{
	struct page_input	 in = input(PAGE_HELP);
	char			*html = page(&in);

	(void)state;
	assert_has(html, "lead to pulse.taf.example, and no page\nthere asks "
	    "for a password. If in doubt, ask Carys Morgan\n");
	free(html);
}

static void
the_thanks_page_minds_shared_computers(void **state)
{
	struct page_input	 in = input(PAGE_THANKS);
	char			*html = page(&in);
	const char		*code = strstr(html, in.code_shown);

	(void)state;
	assert_non_null(code);
	assert_has(code, "If other people use this computer");
	free(html);
}

/* H5: one body for every cause. */
static void
a_dead_link_gets_one_page_for_every_cause(void **state)
{
	struct page_input	 in = input(PAGE_GONE), bare = { 0 };
	char			*a = page(&in), *b;

	(void)state;
	bare.page = PAGE_GONE;
	bare.site = &site;
	b = page(&bare);
	assert_string_equal(a, b);
	free(a);
	free(b);
}

/* CONTENT 5: only while true. */
static void
the_privacy_page_says_what_is_configured_and_no_more(void **state)
{
	struct page_input	 in = input(PAGE_PRIVACY);
	char			*html;

	(void)state;
	in.min_group = 0;
	html = page(&in);
	assert_has(html, "at least\n12 people");
	assert_has(html, "in\nyears: 6.");
	assert_lacks(html, "Lawful basis");
	assert_lacks(html, "We have limited");
	assert_lacks(html, "Staff get the same");
	free(html);
	site.lawful_basis = TEXT("public task");
	site.server_control = TEXT("Ann Lee");
	site.staff_copy = true;
	html = page(&in);
	assert_has(html, "Lawful basis: public task");
	assert_has(html, "We have limited who that is: Ann Lee.");
	assert_has(html, "Staff get the same figures");
	free(html);
}

/* Cuts tags of Mustache and HTML out of a template. */
static void
strip(char *s, const char *open, const char *close)
{
	char *from, *to;

	while ((from = strstr(s, open)) != NULL) {
		to = strstr(from, close);
		assert_non_null(to);
		to += strlen(close);
		memmove(from, to, strlen(to) + 1);
	}
}

static void
check_no_number(const char *name, char *text)
{
	static const char *const allowed[] = { "call 999.", "20-minute",
	    "ffoniwch 999.", "Sgwrs 20 munud",
	    "\n1. ", "\n2. ", "\n3. ", "\n4. ",
	    "\n5. " };
	char	*p;
	size_t	 i;

	strip(text, "{{", "}}");
	strip(text, "<", ">");
	for (i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		while ((p = strstr(text, allowed[i])) != NULL)
			memmove(p, p + strlen(allowed[i]),
			    strlen(p + strlen(allowed[i])) + 1);
	if (strpbrk(text, "0123456789") != NULL)
		fail_msg("a number is typed into %s", name);
}

/* CONTENT 1: k, days and dates are filled in, never typed. */
static void
check_no_numbers(const char *folder)
{
	char		*path = source_path(folder), *file, *text;
	DIR		*dir = opendir(path);
	struct dirent	*d;
	size_t		 n = 0;

	assert_non_null(dir);
	while ((d = readdir(dir)) != NULL) {
		if (strstr(d->d_name, ".mustache") == NULL ||
		    strstr(d->d_name, "style.mustache") != NULL ||
		    strcmp(d->d_name, "bar_colour.mustache") == 0)
			continue;
		file = mem_fmt("%s/%s", path, d->d_name);
		text = read_whole(file);
		check_no_number(d->d_name, text);
		free(text);
		free(file);
		n++;
	}
	closedir(dir);
	free(path);
	assert_true(n > 30);
}

static void
no_number_is_typed_into_a_template(void **state)
{
	(void)state;
	check_no_numbers("templates/en");
	check_no_numbers("templates/cy");
}

#define CASE(f)	cmocka_unit_test_setup(f, set_up)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_page_is_a_whole_document_of_its_own),
		CASE(every_page_is_whole_in_welsh_too),
		CASE(every_page_for_people_served_is_whole),
		CASE(people_served_do_not_read_of_work),
		CASE(the_style_on_the_page_is_the_style_template),
		CASE(markup_from_outside_is_escaped),
		CASE(support_is_on_every_page_for_people),
		CASE(the_help_page_says_how_to_tell_that_a_mail_is_real),
		CASE(the_thanks_page_minds_shared_computers),
		CASE(a_dead_link_gets_one_page_for_every_cause),
		CASE(the_privacy_page_says_what_is_configured_and_no_more),
		CASE(no_number_is_typed_into_a_template),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
