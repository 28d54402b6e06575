/*
 * test_conf_bad.c - what the configuration refuses.
 *
 * Each refusal is a small change to a configuration that is good, and must
 * name the file and the line of that change.
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

static const struct {
	const char	*name;
	unsigned int	 line;		/* replaced by: */
	const char	*text;
	const char	*words;		/* in the refusal */
} bad[] = {
	{ "a key that is unknown", 3, "  nmae = \"x\"; };",
	    "organisation.nmae is an unknown key" },
	{ "an unknown key at the top", 12, "privcay = { };",
	    "privcay is an unknown key" },
	{ "an unknown key of a calendar", 10, "calendar = { opend = \"\"; };",
	    "surveys.calendar.opend is an unknown key" },
	{ "a number for a text", 2, "name = 3;", "organisation.name is a" },
	{ "a text for a number", 12, "privacy = { min_group = \"10\"; };",
	    "privacy.min_group is a text" },
	{ "a fraction for a number", 12, "privacy = { min_group = 10.0; };",
	    "privacy.min_group is a number of another kind" },
	{ "a group for a text", 2, "name = { };", "is a group" },
	{ "a text for a group", 12, "privacy = \"\";", "privacy is a text" },
	{ "a text for a truth", 10, "staff_copy = \"no\";",
	    "surveys.staff_copy is a text" },
	{ "min_group below 5", 12, "privacy = { min_group = 4; };",
	    "privacy.min_group is 4, expected a whole number from 5 to 100" },
	{ "min_group above 100", 12, "privacy = { min_group = 101; };",
	    "privacy.min_group is 101" },
	{ "a number below zero", 12, "privacy = { min_group = -10; };",
	    "privacy.min_group is -10" },
	{ "a number of ten digits (FACTS 5)", 12,
	    "privacy = { min_group = 4294967306; };", "of 10 digits" },
	{ "one of ten digits with L", 12,
	    "privacy = { min_group = 4294967306L; };", "of 10 digits" },
	{ "a small number with L", 12, "privacy = { min_group = 10L; };",
	    "a number of another kind" },
	{ "a number in hexadecimal", 12, "privacy = { min_group = 0x0a; };",
	    "hexadecimal" },
	{ "no connection", 6, "connections = 0; };", "mail.connections is 0" },
	{ "sixty-five connections", 6, "connections = 65; };",
	    "mail.connections is 65" },
	{ "an unknown word", 12, "privacy = { protect = \"hide\"; };",
	    "privacy.protect is an unknown word, expected one of: suppress" },
	{ "an empty name of the organisation", 2, "name = \"\";", "is empty" },
	{ "a line break in a text (M4)", 2, "name = \"Taf\\nTrust\";",
	    "organisation.name holds a line break" },
	{ "a CR in a text (M4)", 2, "name = \"Taf\\rTrust\";",
	    "organisation.name holds a line break" },
	{ "a NUL in a text (M4)", 2, "name = \"Taf\\x00Trust\";", "a NUL" },
	{ "another control character (M4)", 5,
	    "from = \"Carys\\x1b <pulse@taf.example>\";", "mail.from holds" },
	{ "text that is not UTF-8", 2, "name = \"T\xe2" "f\";", "not UTF-8" },
	{ "an escape to a byte that is not UTF-8", 2, "name = \"T\\xe2f\";",
	    "organisation.name is not UTF-8" },
	{ "a sender without an address", 5, "from = \"Carys Morgan\";",
	    "mail.from is no mailbox" },
	{ "a reply_to that is no address", 6, "reply_to = \"pulse\"; };",
	    "mail.reply_to is no mail address" },
	{ "a return path without room for the ID (M9)", 6, "return_path = "
	    "\"a-name-that-has-thirty-eight-letters-x@taf.example\"; };",
	    "mail.return_path is too long" },
	{ "a relay that is none", 6, "relay = \"127.0.0.1:25\"; };",
	    "mail.relay is no relay" },
	{ "a relay with another protocol", 6, "relay = \"https://a/\"; };",
	    "mail.relay is no relay" },
	{ "an empty list of relays", 6, "relay = [ ]; };", "0 relays" },
	{ "no TLS to another machine (M10)", 6,
	    "relay = \"smtp://mail.taf.example\"; tls = \"none\"; };",
	    "mail.tls is \"none\" for a relay on another machine" },
	{ "nor to one that only looks like this one (M10)", 6,
	    "relay = \"smtp://127.0.0.1.taf.example\"; tls = \"none\"; };",
	    "mail.tls is \"none\"" },
	{ "nor if one relay of two is on another machine (M10)", 6, "relay = "
	    "[ \"smtp://[::1]\", \"smtp://192.0.2.1\" ]; tls = \"none\"; };",
	    "mail.tls is \"none\"" },
	{ "a user without TLS (M10)", 6, "user = \"pulse\"; tls = \"none\"; };",
	    "mail.user would send a password" },
	{ "http to another machine (C2)", 7,
	    "web = { base_url = \"http://pulse.taf.example/\"; };",
	    "web.base_url is http" },
	{ "a URL without a scheme", 7,
	    "web = { base_url = \"pulse.taf.example\"; };",
	    "web.base_url is no URL" },
	{ "a URL with a query", 7,
	    "web = { base_url = \"https://pulse.taf.example/?a=\"; };",
	    "web.base_url is no URL" },
	{ "a URL with a user", 7,
	    "web = { base_url = \"https://a@pulse.taf.example/\"; };",
	    "web.base_url is no URL" },
	{ "a URL of 68 characters: links of 101 (C2)", 7, "web = { base_url = "
	    "\"https://pulse.taf.example/a123456789b123456789c123456789d1234567"
	    "89e/\"; };", "makes links of 101 characters" },
	{ "a survey's name with a hyphen", 8, "surveys = ( { name = \"st-1\";",
	    "surveys.name is no name" },
	{ "a survey's name with a digit first", 8,
	    "surveys = ( { name = \"1st\";", "surveys.name is no name" },
	{ "a survey's name of 21 letters", 8,
	    "surveys = ( { name = \"abcdefghijklmnopqrstu\";", "21 bytes" },
	{ "two surveys of one name", 11,
	    "}, { name = \"staff\"; questions = \"questions.conf\"; } );",
	    "surveys.name is the name of an earlier survey" },
	{ "a question file that is not there", 9, "questions = \"none.conf\";",
	    "surveys.questions names a file that cannot be read" },
	{ "templates that are not there", 12, "templates = \"none\";",
	    "templates is " },
	{ "three reminders", 10, "calendar = { reminders = [ 2, 4, 6 ]; };",
	    "surveys.calendar.reminders names 3 days" },
	{ "reminders that fall", 10, "calendar = { reminders = [ 9, 4 ]; };",
	    "surveys.calendar.reminders names day 4" },
	{ "two reminders on a day", 10, "calendar = { reminders = [ 4, 4 ]; };",
	    "surveys.calendar.reminders names day 4" },
	{ "a reminder when the wave is over", 10,
	    "calendar = { open_days = 7; reminders = [ 4, 7 ]; };",
	    "surveys.calendar.reminders names day 7" },
	{ "a reminder at opening", 10, "calendar = { reminders = [ 0 ]; };",
	    "is 0, expected" },
	{ "a wave of 61 days", 10, "calendar = { open_days = 61; };",
	    "surveys.calendar.open_days is 61" },
	{ "comments that nobody reads first", 10, "comments = 2;",
	    "surveys.comments asks for comments" },
	{ "who reads comments is no person", 12, "privacy = { "
	    "comments_reader = \"e.rees@taf.example\"; };",
	    "privacy.comments_reader is no person's mailbox" },
	{ "comments at no level", 10, "comments = 0;",
	    "surveys.comments is 0" },
	{ "a language of three letters", 12, "languages = [ \"eng\" ];",
	    "languages has 3 bytes" },
	{ "a language twice", 12, "languages = [ \"en\", \"en\" ];",
	    "languages names a language twice" },
	{ "no language", 12, "languages = [ ];", "languages names 0" },
	{ "a contact without a date", 12,
	    "support = ( { name = \"S\"; contact = \"116 123\"; } );",
	    "support.checked is missing" },
	{ "a date that is none", 12, "support = ( { name = \"S\"; "
	    "contact = \"116 123\"; checked = \"1.11.2026\"; } );",
	    "support.checked is no date" },
	{ "a key twice", 12, "organisation = { };", "duplicate" },
	{ "broken syntax", 12, "privacy = {", "syntax error" },
};

static void
test_bad(void **state)
{
	unsigned int	line;
	struct conf	c;
	struct err	e;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		print_message("  %s is refused\n", bad[i].name);
		line = bad[i].line;
		/* libconfig sees what is missing at the end, a line late */
		if (strcmp(bad[i].words, "syntax error") == 0)
			line++;
		must_refuse(read_with(bad[i].line, bad[i].text, &c, &e),
		    "sensed.conf", line, bad[i].words, &e);
	}
}

/* DESIGN 6: five keys have no default. */
static const struct {
	unsigned int	 line, at;
	const char	*text, *words;
} missing[] = {
	{ 2, 1, "", "organisation.name is missing" },
	{ 5, 4, "", "mail.from is missing" },
	{ 7, 7, "web = { };", "web.base_url is missing" },
	{ 7, 1, "", "web.base_url is missing" },
	{ 8, 8, "surveys = ( {", "surveys.name is missing" },
	{ 9, 8, "", "surveys.questions is missing" },
};

static void
test_missing(void **state)
{
	struct conf	c;
	struct err	e;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
		must_refuse(read_with(missing[i].line, missing[i].text, &c,
		    &e), "sensed.conf", missing[i].at, missing[i].words, &e);
}

#define CASE(name, function)	{ name, function, NULL, NULL, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("what is wrong is refused with its line", test_bad),
		CASE("what has no default must be there", test_missing),
	};

	return cmocka_run_group_tests(tests, goodconf_make, scratch_remove);
}
