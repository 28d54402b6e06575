/*
 * test_template.c - templates are found, kept, and blamed by file and line.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/template.h"
#include "scratch.h"

static int
setup(void **state)
{
	struct err	 e;
	char		*dir;

	if (scratch_make(state) != 0)
		return -1;
	dir = scratch_path("en");
	if (file_mkdir(dir, 0700, &e) != ERR_OK)
		return -1;
	free(dir);
	free(scratch_text("secret.mustache", "outside"));
	return 0;
}

/* What the text renders to as en/page.mustache. */
static enum err_code
render(const char *text, struct buf *out, struct err *e)
{
	struct templates	*t = templates_new(scratch_dir);
	struct view		*v = view_new();
	enum err_code		 rc;

	free(scratch_text("en/page.mustache", text));
	view_text(v, "name", "A & B");
	buf_init(out, 1000);
	rc = templates_render(t, "en", "page", v, ESCAPE_HTML, out, e);
	view_free(v);
	templates_free(t);
	return rc;
}

static void
test_partials(void **state)
{
	struct buf	out;
	struct err	e;

	(void)state;
	free(scratch_text("en/foot.mustache", "({{name}})"));
	free(scratch_text("en/foot.text.mustache", "{{name}}"));
	assert_int_equal(render("{{name}} {{>foot}}{{>foot.text}}", &out, &e),
	    ERR_OK);
	assert_string_equal(buf_str(&out),
	    "A &amp; B (A &amp; B)A &amp; B");
	buf_wipe(&out);
	print_message("  a promise must not go missing\n");
	assert_int_equal(render("[{{>none}}]", &out, &e), ERR_INPUT);
	assert_non_null(strstr(e.msg, "en/none.mustache"));
	buf_wipe(&out);
	print_message("  nor may a partial come from elsewhere\n");
	assert_int_equal(render("[{{>../secret}}]", &out, &e), ERR_INPUT);
	buf_wipe(&out);
}

static void
must_blame(const char *text, const char *place)
{
	char		*begin = mem_fmt("%s/en/%s", scratch_dir, place);
	struct buf	 out;
	struct err	 e;

	assert_int_equal(render(text, &out, &e), ERR_INPUT);
	if (strncmp(e.msg, begin, strlen(begin)) != 0)
		fail_msg("%s, expected %s", e.msg, begin);
	buf_wipe(&out);
	free(begin);
}

static void
test_faults(void **state)
{
	(void)state;
	must_blame("a\nb\n{{#name}}", "page.mustache:3: ");
	must_blame("\xff", "page.mustache: not UTF-8");
	free(scratch_text("en/foot.mustache", "\n{{/name}}"));
	must_blame("a\n{{>foot}}", "page.mustache: partial foot, line 2: ");
	free(scratch_text("en/foot.mustache", "\xff"));
	must_blame("a\n{{>foot}}", "foot.mustache: not UTF-8");
}

/* One wave is mailed with one wording: what was read is kept. */
static void
test_kept(void **state)
{
	struct templates	*t = templates_new(scratch_dir);
	struct view		*v = view_new();
	struct buf		 out;
	struct err		 e;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(templates_render(t, "en", "absent", v, ESCAPE_NONE,
	    &out, &e), ERR_ABSENT);
	free(scratch_text("en/page.mustache", "one"));
	assert_int_equal(templates_render(t, "en", "page", v, ESCAPE_NONE,
	    &out, &e), ERR_OK);
	free(scratch_text("en/page.mustache", "two"));
	assert_int_equal(templates_render(t, "en", "page", v, ESCAPE_NONE,
	    &out, &e), ERR_OK);
	assert_string_equal(buf_str(&out), "oneone");
	buf_wipe(&out);
	view_free(v);
	templates_free(t);
}

/* Checks "page" with this text; what is wrong must hold these words. */
static void
must_find(const char *text, const char *words)
{
	struct templates	*t = templates_new(scratch_dir);
	struct err		 e;
	enum err_code		 rc;

	free(scratch_text("en/page.mustache", text));
	rc = templates_check(t, "en", "page", &e);
	assert_int_equal(rc, words == NULL ? ERR_OK : ERR_INPUT);
	if (words != NULL && strstr(e.msg, words) == NULL)
		fail_msg("%s\nexpected ...%s", e.msg, words);
	templates_free(t);
}

/* CONTENT 12: half a language is found before anything is sent. */
static void
test_check(void **state)
{
	struct templates	*t = templates_new(scratch_dir);
	struct err		 e;

	(void)state;
	free(scratch_text("en/foot.mustache", "{{^x}}{{> page}}{{/x}}"));
	must_find("{{#never}}{{> foot}}{{/never}}", NULL);
	must_find("{{#never}}{{> nowhere}}{{/never}}", "en/nowhere.mustache");
	free(scratch_text("en/foot.mustache", "{{^x}}{{> nowhere}}{{/x}}"));
	must_find("{{#never}}{{> foot}}{{/never}}", "en/nowhere.mustache");
	free(scratch_text("en/foot.mustache", "a\n{{#open}}"));
	must_find("{{#never}}{{> foot}}{{/never}}", "foot.mustache:2: ");
	must_find("{{> ../../etc/passwd}}", "a partial's name is");
	assert_int_equal(templates_check(t, "en", "nowhere", &e), ERR_INPUT);
	templates_free(t);
}

static void
test_marked(void **state)
{
	struct templates	*t = templates_new(scratch_dir);
	struct err		 e;

	(void)state;
	free(scratch_text("en/foot.mustache", "{{! MARK }}\nfoot"));
	free(scratch_text("en/other.mustache", "{{! MARK }}\nno part of it"));
	free(scratch_text("en/page.mustache", "page {{> foot}}"));
	assert_int_equal(templates_check(t, "en", "page", &e), ERR_OK);
	assert_int_equal(templates_marked(t, "en", "MARK"), 1);
	assert_int_equal(templates_marked(t, "cy", "MARK"), 0);
	templates_free(t);
}

#define CASE(name, function)	{ name, function, NULL, NULL, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("partials come from the language's own folder",
		    test_partials),
		CASE("faults are told by file and line", test_faults),
		CASE("a template is read once", test_kept),
		CASE("a partial that is missing is found where nothing shows "
		    "it", test_check),
		CASE("templates that say they need review are counted",
		    test_marked),
	};

	return cmocka_run_group_tests(tests, setup, scratch_remove);
}
