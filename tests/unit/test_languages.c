/*
 * test_languages.c - every language is there whole, or not at all.
 *
 * CONTENT 12.  A key, a section or a partial that stands in one language only
 * is a sentence that somebody does not get.
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

#include "goodconf.h"
#include "io/wording.h"
#include "rendered.h"

#define NAMES_MAX	200

/* The tags of a template, each once: "#six", ">date", " link". */
struct names {
	size_t	 n;
	char	*name[NAMES_MAX];
};

static bool
holds(const struct names *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->name[i], name) == 0)
			return true;
	return false;
}

static void
keep(void *arg, char kind, const char *name)
{
	struct names	*s = arg;
	char		*one = mem_fmt("%c%s", kind != '\0' ? kind : ' ', name);

	if (holds(s, one)) {
		free(one);
		return;
	}
	assert_true(s->n < NAMES_MAX);
	s->name[s->n++] = one;
}

static void
names_wipe(struct names *s)
{
	while (s->n > 0)
		free(s->name[--s->n]);
}

/* What one of two templates has and the other lacks, for the caller to free;
 * NULL: they show the same. */
static char *
difference(const char *a, const char *b)
{
	struct names	 in_a = { 0 }, in_b = { 0 };
	struct err	 e;
	char		*found = NULL;
	size_t		 i;

	assert_int_equal(mustache_names(a, keep, &in_a, &e), ERR_OK);
	assert_int_equal(mustache_names(b, keep, &in_b, &e), ERR_OK);
	for (i = 0; i < in_a.n && found == NULL; i++)
		if (!holds(&in_b, in_a.name[i]))
			found = mem_str(in_a.name[i]);
	for (i = 0; i < in_b.n && found == NULL; i++)
		if (!holds(&in_a, in_b.name[i]))
			found = mem_str(in_b.name[i]);
	names_wipe(&in_a);
	names_wipe(&in_b);
	return found;
}

static void
a_difference_is_found(void **state)
{
	static const struct {
		const char	*a, *b, *found;
	} cases[] = {
		{ "{{a}} {{#b}}x{{/b}}", "{{#b}}y{{/b}}{{a}}{{a}}", NULL },
		{ "{{a}}", "none", " a" },
		{ "none", "{{a}}", " a" },
		{ "{{#a}}x{{/a}}", "{{^a}}x{{/a}}", "#a" },
		{ "{{> a}}", "{{a}}", ">a" },
		{ "{{! a }}b", "{{! c }}d", NULL },
		{ "{{^x}}{{#a}}{{> p}}{{/a}}{{/x}}",
		    "{{^x}}{{#a}}p{{/a}}{{/x}}", ">p" },
	};
	char	*found;
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		found = difference(cases[i].a, cases[i].b);
		if (cases[i].found == NULL)
			assert_null(found);
		else
			assert_string_equal(found, cases[i].found);
		free(found);
	}
}

/* Each file of one language against the other's; how many there are. */
static size_t
compare(const char *lang, const char *other)
{
	char		*here = mem_fmt("templates/%s", lang);
	char		*dir = source_path(here), *a, *b, *name, *found;
	DIR		*d = opendir(dir);
	struct dirent	*entry;
	size_t		 n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		if ((name = strstr(entry->d_name, ".mustache")) == NULL)
			continue;
		name = mem_dup(entry->d_name, (size_t)(name - entry->d_name));
		rendered_lang = lang;
		a = template_text(name);
		rendered_lang = other;
		if ((b = template_text(name)) == NULL)
			fail_msg("%s: not there in %s", name, other);
		if ((found = difference(a, b)) != NULL)
			fail_msg("%s: %s is in %s or %s only", name, found,
			    lang, other);
		free(a);
		free(b);
		free(name);
		n++;
	}
	closedir(d);
	free(dir);
	free(here);
	return n;
}

/* All folders, so that a language that is added is held to it too. */
static void
every_template_has_the_same_tags_in_every_language(void **state)
{
	char		*dir = source_path("templates");
	DIR		*d = opendir(dir);
	struct dirent	*entry;
	size_t		 langs = 0;

	(void)state;
	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		if (strlen(entry->d_name) != LANG_LEN ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		assert_true(compare(entry->d_name, "en") > 60);
		assert_int_equal(compare("en", entry->d_name),
		    compare(entry->d_name, "en"));
		langs++;
	}
	closedir(d);
	free(dir);
	assert_true(langs >= 2);
}

/* A configuration of both languages with the folder and files shipped. */
static enum err_code
read_shipped(const char *templates, struct conf *c, struct err *e)
{
	char		*top = source_path(""), *text, *path;
	enum err_code	 rc;

	text = mem_fmt("organisation = { name = \"Taf\"; };\n"
	    "mail = { from = \"Carys <pulse@taf.example>\"; };\n"
	    "web = { base_url = \"https://pulse.taf.example/\"; };\n"
	    "languages = [ \"cy\", \"en\" ];\n"
	    "templates = \"%s\";\n"
	    "surveys = ( { name = \"staff\";\n"
	    "questions = \"%s/etc/questions-staff.conf\";\n"
	    "prompts = \"%s/etc/prompts-staff.conf\";\n"
	    "calendar = { }; },\n"
	    "{ name = \"served\"; kind = \"served\";\n"
	    "questions = \"%s/etc/questions-served.conf\";\n"
	    "prompts = \"%s/etc/prompts-served.conf\"; } );\n",
	    templates, top, top, top, top);
	path = scratch_text("shipped.conf", text);
	rc = conf_read(path, c, e);
	free(path);
	free(text);
	free(top);
	return rc;
}

static void
add(void *arg, const char *path, size_t n)
{
	(void)path;
	*(size_t *)arg += n;
}

/* conf_read refuses a text that one language lacks: see test_conf_bad.c. */
static void
the_shipped_questions_prompts_and_templates_are_whole(void **state)
{
	char		*path = source_path("templates"), *real;
	size_t		 marks = 0;
	struct conf	 c;
	struct err	 e;

	(void)state;
	real = realpath(path, NULL);
	assert_non_null(real);
	if (read_shipped(real, &c, &e) != ERR_OK ||
	    wording_check(&c, &e) != ERR_OK ||
	    wording_unreviewed(&c, 1, add, &marks, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	assert_int_equal(marks, 0);	/* English needs no review */
	assert_int_equal(c.survey[1].questions.n, SENSE__MAX);
	assert_string_equal(c.survey[1].questions.item[0].text[1],
	    "I feel safe with the people who support me.");
	conf_wipe(&c);
	free(real);
	free(path);
}

#define CASE(f)	cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_difference_is_found),
		CASE(every_template_has_the_same_tags_in_every_language),
		CASE(the_shipped_questions_prompts_and_templates_are_whole),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
