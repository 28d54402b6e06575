/*
 * test_stencil.c - a letter made from a stencil is the letter rendered whole.
 *
 * The other way, in which templates are rendered with the values and then
 * encoded, says what each stencil must give.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/mime.h"
#include "core/stencil.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))
#define SEED		20261130
#define ROUNDS		3000
#define TEXT_MAX	100000

static const char *const names[] = { "name", "link", "optout" };

static const struct {
	const char	*name, *template;
} cases[] = {
	{ "no value at all", "Hello\n\nto you\n" },
	{ "nothing", "" },
	{ "a value alone", "{{link}}" },
	{ "a value in the midst", "Hello {{name}},\nyou\n" },
	{ "a value at the end, without a line end", "a\nb {{optout}}" },
	{ "two values on one line", "<a href=\"{{link}}\">{{name}}</a>\n" },
	{ "as it is in HTML", "<p>{{{name}}} {{&link}}</p>\n" },
	{ "what looks like the end of a mark", "{{{name}}}lt;\n{{name}}<\n" },
	{ "a value that is asked for", "{{#name}}Dear {{name}}{{/name}}\nx" },
	{ "values on lines that follow each other",
	    "{{name}}\n{{link}}\n\nx\n" },
	{ "spaces at the end of a line", "a \n{{name}} \n b\t\n" },
	{ "line ends of all kinds", "a\r\nb\r{{name}}\r\nc\n" },
	{ "a long line", "{{name}} aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa={{link}}= \xc5\xb5\n" },
};

/* The values of two people, and of one whose name is not known. */
static const char *const values[][STENCIL_SLOTS] = {
	{ "Ann", "https://a.example/a/b2", "https://a.example/o/c3" },
	{ "\xc5\xb4yn & <Si\xc3\xa2n> \"x\" 'y' {{link}} \\ =", "l", "o=" },
	{ "", "https://a.example/a/b2", "" },
};

static char *
render(const char *template, const char *const *value, enum escape escape)
{
	struct view	*v = view_new();
	struct buf	 out;
	struct err	 e;
	size_t		 i;

	for (i = 0; i < N(names); i++)
		view_text(v, names[i], value[i]);
	buf_init(&out, TEXT_MAX);
	assert_int_equal(mustache_render(&out, template, v, escape, NULL, NULL,
	    &e), ERR_OK);
	view_free(v);
	return buf_take(&out);
}

/* A stencil asks whether a name is known before it is made. */
static struct stencil *
stencil_of(const char *template, bool named, bool optout,
    enum escape escape)
{
	const char	*value[STENCIL_SLOTS];
	struct stencil	*s;
	char		*text;
	size_t		 i;

	for (i = 0; i < STENCIL_SLOTS; i++)
		value[i] = stencil_mark((unsigned int)i);
	if (!named)
		value[0] = "";
	if (!optout)
		value[2] = "";
	text = render(template, value, escape);
	s = stencil_new(text, escape);
	free(text);
	assert_non_null(s);
	return s;
}

/* The text and the body of a template, by both ways. */
static void
check(const char *template, const char *const *value, enum escape escape)
{
	struct stencil	*s = stencil_of(template, value[0][0] != '\0',
			    value[2][0] != '\0', escape);
	char		*text = render(template, value, escape);
	struct buf	 body, got;

	buf_init(&body, TEXT_MAX);
	mime_body(&body, text);
	buf_init(&got, TEXT_MAX);
	stencil_text(s, value, &got);
	assert_string_equal(buf_str(&got), text);
	buf_reset(&got);
	stencil_body(s, value, &got);
	assert_string_equal(buf_str(&got), buf_str(&body));
	assert_false(got.over);
	buf_wipe(&got);
	buf_wipe(&body);
	free(text);
	stencil_free(s);
}

static void
check_all(const char *template)
{
	size_t i;

	for (i = 0; i < N(values); i++) {
		check(template, values[i], ESCAPE_HTML);
		check(template, values[i], ESCAPE_NONE);
	}
}

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		print_message("  %s\n", cases[i].name);
		check_all(cases[i].template);
	}
}

static unsigned int
draw(unsigned int n)
{
	return (unsigned int)rand() % n;
}

static void
test_random(void **state)
{
	static const char *const parts[] = {
		"{{name}}", "{{{link}}}", "{{optout}}", "\n", "\n", "\r\n",
		" ", "\t", "=", "Hello", "&lt;", "<", "\xe2\x82\xac", ".",
		"{{#name}}", "a line that is rather long for one line of mail"
	};
	struct buf	 t;
	const char	*part;
	unsigned int	 round, n;
	bool		 open;

	(void)state;
	print_message("  %d random templates, seed %d\n", ROUNDS, SEED);
	srand(SEED);
	for (round = 0; round < ROUNDS; round++) {
		buf_init(&t, TEXT_MAX);
		open = false;
		for (n = draw(40); n > 0; n--) {
			part = parts[draw(N(parts))];
			if (strcmp(part, "{{#name}}") == 0) {
				part = open ? "{{/name}}" : part;
				open = !open;
			}
			buf_adds(&t, part);
		}
		if (open)
			buf_adds(&t, "{{/name}}");
		check_all(buf_str(&t));
		buf_wipe(&t);
	}
}

static void
test_refused(void **state)
{
	static const struct {
		const char	*name, *text;
	} bad[] = {
		{ "a control character", "a\n\x1b[2J\n" },
		{ "half of a mark", "a\n\1<\n" },
		{ "a mark of a fifth slot", "\5<\5" },
		{ "not UTF-8", "a\n\xff\n" },
		{ "a line separator", "\xe2\x80\xa8" },
		{ "an escaped mark where nothing is escaped", "\1&lt;\1" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < N(bad); i++) {
		print_message("  refused: %s\n", bad[i].name);
		assert_null(stencil_new(bad[i].text, ESCAPE_NONE));
	}
	stencil_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
