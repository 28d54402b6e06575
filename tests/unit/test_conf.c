/*
 * test_conf.c - the configuration: defaults, values, files that it names.
 *
 * What it refuses is in test_conf_bad.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "goodconf.h"

/* DESIGN 6, and the defaults that etc/sensed.conf states */
static void
test_defaults(void **state)
{
	struct conf c;

	(void)state;
	must_read(0, "", &c);
	assert_string_equal(c.site.organisation, "Taf Community Trust");
	assert_string_equal(c.site.from.name, "Carys Morgan");
	assert_string_equal(c.site.from.address, "pulse@taf.example");
	assert_string_equal(c.site.return_path, "pulse@taf.example");
	assert_string_equal(c.site.reply_to, "");
	assert_string_equal(c.site.base_url, "https://pulse.taf.example/");
	assert_string_equal(c.operator_address, "");
	assert_string_equal(c.state_dir, "/var/lib/sensed");
	assert_string_equal(c.templates, SENSED_TEMPLATES);
	assert_string_equal(c.timezone, "Europe/London");
	assert_int_equal(c.site.langs.n, 1);
	assert_string_equal(c.site.langs.code[0], "en");
	assert_int_equal(c.mail.n_relays, 1);
	assert_string_equal(c.mail.relay[0], "smtp://127.0.0.1:25");
	assert_int_equal(c.mail.tls, TLS_AUTO);
	assert_string_equal(c.mail.user, "");
	assert_string_equal(c.mail.password_file, "");
	assert_int_equal(c.mail.connections, 4);
	assert_int_equal(c.mail.per_minute, 0);
	assert_int_equal(c.mail.per_domain, 0);
	assert_false(c.site.scale_links);
	assert_int_equal(c.workers, 0);
	assert_int_equal(c.min_group, 10);
	assert_int_equal(c.site.min_group, 10);
	assert_int_equal(c.protect, PROTECT_SUPPRESS);
	assert_int_equal(c.site.keep_years, 5);
	assert_string_equal(c.site.lawful_basis, "");
	assert_int_equal(c.site.n_support, 0);
	assert_true(c.survey[0].site.staff_copy);
	conf_wipe(&c);
}

/* Of later surveys: what they say themselves, and what is common. */
static void
test_survey_sites(void **state)
{
	static const char	text[] =
	    "organisation = { name = \"Taf\"; };\n"
	    "mail = { from = \"pulse@taf.example\"; };\n"
	    "web = { base_url = \"https://taf.example/\"; };\n"
	    "privacy = { lawful_basis = \"common\"; contact = \"Al\"; };\n"
	    "support = ( { name = \"A\"; contact = \"1\";\n"
	    "  checked = \"2026-11-01\"; } );\n"
	    "surveys = ( { name = \"one\"; questions = \"questions.conf\"; },"
	    "\n{ name = \"two\"; questions = \"questions.conf\";\n"
	    "  staff_copy = false; },\n"
	    "{ name = \"three\"; kind = \"served\";\n"
	    "  questions = \"questions.conf\"; },\n"
	    "{ name = \"four\"; kind = \"served\";\n"
	    "  questions = \"questions.conf\";\n"
	    "  privacy = { lawful_basis = \"own\"; contact = \"Bo\"; };\n"
	    "  support = ( { name = \"B\"; contact = \"2\";\n"
	    "    checked = \"2026-11-01\"; } ); } );\n";
	static const struct {
		const char	*name, *in_url, *basis, *contact, *support;
		bool		 served, copy;
	} want[] = {
		{ "one", "", "common", "Al", "A", false, true },
		{ "two", "two", "common", "Al", "A", false, false },
		{ "three", "three", "", "Al", "A", true, true },
		{ "four", "four", "own", "Bo", "B", true, true },
		{ "gone", "", "common", "Al", "A", false, true },
	};
	char			*path = scratch_text("sites.conf", text);
	const struct site	*s;
	struct conf		 c;
	struct err		 e;
	size_t			 i;

	(void)state;
	if (conf_read(path, &c, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		s = conf_site(&c, want[i].name);
		assert_string_equal(s->organisation, "Taf");
		assert_string_equal(s->survey, want[i].in_url);
		assert_string_equal(s->lawful_basis, want[i].basis);
		assert_string_equal(s->contact, want[i].contact);
		assert_string_equal(s->support[0].name, want[i].support);
		assert_int_equal(s->served, want[i].served);
		assert_int_equal(s->staff_copy, want[i].copy);
	}
	conf_wipe(&c);
	free(path);
}

static void
test_survey_defaults(void **state)
{
	const struct conf_survey	*s;
	struct conf			 c;

	(void)state;
	must_read(0, "", &c);
	assert_int_equal(c.n_surveys, 1);
	assert_null(conf_survey(&c, "served"));
	s = conf_survey(&c, "staff");
	assert_non_null(s);
	assert_string_equal(s->opens, "");
	assert_int_equal(s->open_days, 14);
	assert_int_equal(s->n_reminders, 2);
	assert_int_equal(s->reminder[0], 4);
	assert_int_equal(s->reminder[1], 9);
	assert_false(s->weekends);
	assert_int_equal(s->comments, 0);
	assert_string_equal(s->prompt_file, "");
	conf_wipe(&c);
}

/* Items stand in the order of senses, whatever the file's. */
static void
test_questions(void **state)
{
	const struct question_set	*q;
	struct conf			 c;

	(void)state;
	must_read(0, "", &c);
	q = &c.survey[0].questions;
	assert_int_equal(q->n, 6);
	assert_string_equal(q->stem[0], "Think.");
	assert_string_equal(q->item[0].key, "security");
	assert_int_equal(q->item[0].version, 1);
	assert_string_equal(q->item[0].hint[0], "");
	assert_string_equal(q->item[4].key, "fulfilment");
	assert_int_equal(q->item[4].version, 3);
	assert_string_equal(q->item[4].text[0], "Good.");
	assert_string_equal(q->item[4].hint[0], "A hint.");
	assert_string_equal(q->item[5].key, "significance");
	conf_wipe(&c);
}

static const struct {
	const char	*name;
	unsigned int	 line;
	const char	*text;
} good[] = {
	{ "no TLS to this machine", 6, "tls = \"none\"; };" },
	{ "no TLS to this machine by its IPv6 address", 6,
	    "relay = \"smtp://[::1]:2525\"; tls = \"none\"; };" },
	{ "http to this machine", 7,
	    "web = { base_url = \"http://127.0.0.1:8080/x/\"; };" },
	{ "a URL of 67 characters: links of 100", 7, "web = { base_url = "
	    "\"https://pulse.taf.example/a123456789b123456789c123456789d1234567"
	    "89/\"; };" },
	{ "a return path of 37 bytes before the @", 6, "return_path = "
	    "\"a-name-that-has-thirty-seven-letters-@taf.example\"; };" },
	{ "min_group 5", 12, "privacy = { min_group = 5; };" },
	{ "min_group 100", 12, "privacy = { min_group = 100; };" },
	{ "a number of ten digits in a comment", 12, "# 4294967306" },
	{ "a number of ten digits in a text", 2, "name = \"0123456789\";" },
	{ "a comment at the end without a line feed", 12, "// end" },
	{ "no reminder", 10, "calendar = { reminders = [ ]; };" },
	{ "no prompts and no password", 6, "password_file = \"\"; };" },
	{ "comments at a level", 8, "privacy = { comments_reader = "
	    "\"Eleri Rees <e.rees@taf.example>\"; }; surveys = ( { "
	    "name = \"staff\"; comments = 2;" },
	{ "who reads comments, where there are none", 12, "privacy = { "
	    "comments_reader = \"Eleri Rees <e.rees@taf.example>\"; };" },
	{ "comments off", 10, "comments = \"off\";" },
};

static void
test_good(void **state)
{
	struct conf	c;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		print_message("  %s\n", good[i].name);
		must_read(good[i].line, good[i].text, &c);
		conf_wipe(&c);
	}
}

static void
test_values(void **state)
{
	struct conf	 c;
	char		*path;

	(void)state;
	must_read(7, "web = { base_url = \"https://pulse.taf.example/p\"; };",
	    &c);
	assert_string_equal(c.site.base_url, "https://pulse.taf.example/p/");
	conf_wipe(&c);
	must_read(10, "calendar = { open_days = 6; };", &c);
	assert_int_equal(c.survey[0].n_reminders, 1);
	assert_int_equal(c.survey[0].reminder[0], 4);
	conf_wipe(&c);
	must_read(12, "state_dir = \"state\";", &c);
	path = scratch_path("state");
	assert_string_equal(c.state_dir, path);
	free(path);
	conf_wipe(&c);
	must_read(6, "relay = [ \"smtp://a\", \"smtps://b:465\" ]; "
	    "answer_links = \"scale\"; };", &c);
	assert_int_equal(c.mail.n_relays, 2);
	assert_string_equal(c.mail.relay[1], "smtps://b:465");
	assert_true(c.site.scale_links);
	conf_wipe(&c);
	assert_true(conf_relay_loopback("smtp://localhost:25"));
	assert_false(conf_relay_loopback("smtp://127.a:25"));
}

/* Names in an included file are relative to that file. */
static void
test_include(void **state)
{
	struct conf	 c;
	struct err	 e;
	char		*dir = scratch_path("more");

	(void)state;
	assert_int_equal(file_mkdir(dir, 0700, &e), ERR_OK);
	free(scratch_text("more/state.conf", "state_dir = \"state\";\n"));
	must_read(12, "@include \"more/state.conf\"", &c);
	assert_string_equal(c.state_dir + strlen(scratch_dir), "/more/state");
	conf_wipe(&c);
	free(scratch_text("more/state.conf", "\nstate_dir = 1234567890;\n"));
	must_refuse(read_with(12, "@include \"more/state.conf\"", &c, &e),
	    "more/state.conf", 2, "of 10 digits", &e);
	free(scratch_text("more/state.conf", "\nstate_dri = \"x\";\n"));
	must_refuse(read_with(12, "@include \"more/state.conf\"", &c, &e),
	    "more/state.conf", 2, "state_dri is an unknown key", &e);
	free(dir);
}

static const struct {
	const char	*name, *from, *to;	/* in the good question file */
	unsigned int	 line;
	const char	*words;
} bad_questions[] = {
	{ "no stem", "stem = { en = \"Think.\"; };", "", 1, "stem is missing" },
	{ "no core item", CORE("purpose") ",", "", 2, "purpose" },
	{ "an item twice", CORE("purpose"), CORE("security"), 7,
	    "items.key is there a second time" },
	{ "an item of no sense", CORE("purpose"), CORE("joy"), 7,
	    "items.key names no sense" },
	{ "a third optional item", CORE("purpose"), CORE("purpose_c"), 7,
	    "items.key names no sense" },
	{ "an unknown key", "version = 3", "verison = 3", 8,
	    "items.verison is an unknown key" },
	{ "version 0", "version = 3", "version = 0", 8, "items.version is 0" },
	{ "a text that is missing", "en = \"Good.\"; cy", "cy", 9,
	    "items.text.en is missing" },
	{ "a text that is empty", "en = \"Good.\"; cy", "en = \"\"; cy", 9,
	    "items.text.en is empty" },
	{ "a text with a line break", "A hint.", "A\\nhint.", 10,
	    "items.hint.en holds a line break" },
	{ "a language that is none", "cy = ", "welsh = ", 9,
	    "items.text.welsh is an unknown key" },
};

static void
test_bad_questions(void **state)
{
	struct buf	 b;
	struct conf	 c;
	struct err	 e;
	const char	*at;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(bad_questions) / sizeof(bad_questions[0]);
	    i++) {
		print_message("  %s is refused\n", bad_questions[i].name);
		at = strstr(good_questions, bad_questions[i].from);
		assert_non_null(at);
		buf_init(&b, 100000);
		buf_add(&b, good_questions, (size_t)(at - good_questions));
		buf_adds(&b, bad_questions[i].to);
		buf_adds(&b, at + strlen(bad_questions[i].from));
		free(scratch_text("questions.conf", buf_str(&b)));
		buf_wipe(&b);
		must_refuse(read_with(0, "", &c, &e), "questions.conf",
		    bad_questions[i].line, bad_questions[i].words, &e);
	}
	free(scratch_text("questions.conf", good_questions));
	must_refuse(read_with(12, "languages = [ \"en\", \"cy\" ];", &c, &e),
	    "questions.conf", 1, "stem.cy is missing", &e);
}

#define BOTH	" = { leader = ( { en = \"L\"; } ); " \
		"member = ( { en = \"M\"; } ); };\n"

static void
test_prompts(void **state)
{
	static const char	five[] = "security" BOTH "continuity" BOTH
				    "belonging" BOTH "purpose" BOTH
				    "fulfilment" BOTH;
	static const char	sixth[] = "significance = {\nleader = ( { en = "
				    "\"L1\"; }, { en = \"L2\"; } );\n";
	static const char	use[] = "prompts = \"prompts.conf\";";
	struct conf		c;
	struct err		e;
	char			*text;

	(void)state;
	text = mem_fmt("%s%smember = ( { en = \"M1\"; } ); };\n", five, sixth);
	free(scratch_text("prompts.conf", text));
	free(text);
	must_read(10, use, &c);
	assert_string_equal(
	    c.survey[0].prompts.leader[SENSE_SIGNIFICANCE][0][1], "L2");
	assert_string_equal(
	    c.survey[0].prompts.member[SENSE_SIGNIFICANCE][0][0], "M1");
	assert_null(c.survey[0].prompts.member[SENSE_SIGNIFICANCE][0][1]);
	conf_wipe(&c);

	text = mem_fmt("%s%s};\n", five, sixth);
	free(scratch_text("prompts.conf", text));
	free(text);
	must_refuse(read_with(10, use, &c, &e), "prompts.conf", 6,
	    "significance.member is missing", &e);
	free(scratch_text("prompts.conf", five));
	must_refuse(read_with(10, use, &c, &e), "prompts.conf", 1,
	    "significance is missing", &e);
	must_refuse(read_with(10, "prompts = \"none.conf\";", &c, &e),
	    "sensed.conf", 10, "surveys.prompts names a file", &e);
}

/* C1: what is shipped is good, and so are the defaults it states. */
static void
test_shipped(void **state)
{
	const char	*top = getenv("srcdir");	/* Automake's */
	struct conf	 c;
	struct err	 e;
	char		*path;

	(void)state;
	path = mem_fmt("%s/etc/sensed.conf", top != NULL ? top : ".");
	if (conf_read(path, &c, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	conf_wipe(&c);
	free(path);
}

static void
test_absent(void **state)
{
	char		*path = scratch_path("absent.conf");
	struct conf	 c;
	struct err	 e;

	(void)state;
	assert_int_equal(conf_read(path, &c, &e), ERR_ABSENT);
	assert_int_equal(conf_read(scratch_dir, &c, &e), ERR_INPUT);
	free(path);
}

#define CASE(name, function)	{ name, function, NULL, NULL, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("every key but five has its default", test_defaults),
		CASE("a survey has its defaults too", test_survey_defaults),
		CASE("what a survey says stands in place of the common",
		    test_survey_sites),
		CASE("questions come in the order of senses", test_questions),
		CASE("what is at the edge is taken", test_good),
		CASE("values are taken as DESIGN 6 says", test_values),
		CASE("included files have their own folder", test_include),
		CASE("question files are refused with their line",
		    test_bad_questions),
		CASE("each sense has prompts for both", test_prompts),
		CASE("the configuration that is shipped is good",
		    test_shipped),
		CASE("a file that is not there is told as such", test_absent),
	};

	return cmocka_run_group_tests(tests, goodconf_make, scratch_remove);
}
