/*
 * test_headsup.c - the mail to leaders before a wave, as it is shipped.
 *
 * CONTENT 9.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/headsup.h"
#include "organisation.h"
#include "rendered.h"
#include "mailhtml.h"

/* Each language has the three days, and says what no leader sees. */
static const struct {
	const char	*lang, *opens, *closes, *digest, *promise;
} languages[] = {
	{ "en", "Tuesday 13 October", "Tuesday 27 October",
	    "Wednesday 28 October", "No leader sees who has answered" },
	{ "cy", "13 Hydref", "27 Hydref", "28 Hydref",
	    "Nid oes yr un arweinydd yn gweld" },
};
static const char *const parts[] = { "text", "html" };

static struct site	site;
static struct headsup	headsup = {
	.site = &site, .name = "Non Hughes",
	.opens = { 2026, 10, 13, 2, 9, 0, 0, 60 },
	.closes = { 2026, 10, 27, 2, 9, 0, 0, 0 },
	.digest = { 2026, 10, 28, 3, 9, 0, 0, 0 },
};

static char *
part(const char *which, const char *lang, enum escape escape)
{
	struct view	*v = headsup_view(&headsup, lang);
	char		*name = mem_fmt("heads_up.%s", which), *text;

	rendered_lang = lang;
	text = rendered(name, v, escape);
	free(name);
	view_free(v);
	return text;
}

/* Line ends stand for spaces. */
static void
unwrap(char *s)
{
	for (; (s = strchr(s, '\n')) != NULL; s++)
		*s = ' ';
}

static void
both_parts_say_all(void **state)
{
	char	*text;
	size_t	 i, k;

	(void)state;
	for (i = 0; i < 2 * 2; i++) {
		k = i / 2;
		text = part(parts[i % 2], languages[k].lang, i % 2 == 0 ?
		    ESCAPE_NONE : ESCAPE_HTML);
		if (i % 2 == 1)
			mail_html_check(text);
		unwrap(text);
		assert_has(text, "Non Hughes");
		assert_has(text, languages[k].opens);
		assert_has(text, languages[k].closes);
		assert_has(text, languages[k].digest);
		assert_has(text, languages[k].promise);
		assert_has(text, "Samaritans: 116 123");
		assert_lacks(text, "/a/");
		assert_lacks(text, "/o/");
		free(text);
	}
}

static void
people_served_have_no_working_time(void **state)
{
	char *text;

	(void)state;
	site.served = true;
	text = part("text", "en", ESCAPE_NONE);
	assert_has(text, "the people we support");
	assert_lacks(text, "working time");
	free(text);
	site.served = false;
	text = part("text", "en", ESCAPE_NONE);
	assert_has(text, "working time");
	free(text);
}

static void
the_subject_is_one_line(void **state)
{
	char *text = part("subject", "en", ESCAPE_NONE);

	(void)state;
	assert_string_equal(text, "The survey opens on Tuesday 13 October");
	free(text);
}

static int
set_up(void **state)
{
	(void)state;
	site = organisation();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_parts_say_all),
		cmocka_unit_test(people_served_have_no_working_time),
		cmocka_unit_test(the_subject_is_one_line),
	};

	return cmocka_run_group_tests_name("headsup", tests, set_up, NULL);
}
