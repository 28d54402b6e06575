/*
 * test_bounce.c - reports of mails that came back: STANDARDS 7.2 B2 to B4.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/bounce.h"

static const char *const names[BOUNCE__MAX] = {
	[BOUNCE_NONE] = "none",
	[BOUNCE_SOFT] = "soft",
	[BOUNCE_POLICY] = "policy",
	[BOUNCE_UNKNOWN] = "unknown",
	[BOUNCE_HARD] = "hard",
	[BOUNCE_COMPLAINT] = "complaint",
};

/* The table of B3, each row at its edges. */
static void
test_table(void **state)
{
	static const struct {
		const char *action, *status, *class;
	} cases[] = {
		{ "failed", "5.1.1", "hard" },
		{ "failed", "5.1.0", "hard" },
		{ "failed", "5.1.10", "hard" },
		{ "failed", "5.1.999", "hard" },
		/* the address was good, or it is the sender's: RFC 3463 */
		{ "failed", "5.1.5", "unknown" },
		{ "failed", "5.1.6", "hard" },
		{ "failed", "5.1.7", "policy" },
		{ "failed", "5.1.8", "policy" },
		{ "failed", "5.1.9", "unknown" },
		{ "failed", "5.7.27", "policy" },
		{ "failed", "5.2.1", "hard" },
		{ "failed", "5.2.0", "unknown" },
		{ "failed", "5.2.2", "soft" },
		{ "failed", "5.2.3", "soft" },
		{ "failed", "5.2.4", "unknown" },
		{ "failed", "5.2.10", "unknown" },
		{ "failed", "4.0.0", "soft" },
		{ "failed", "4.1.1", "soft" },
		{ "failed", "4.4.7", "soft" },
		{ "failed", "4.7.1", "soft" },
		{ "failed", "5.7.0", "policy" },
		{ "failed", "5.7.1", "policy" },
		{ "failed", "5.7.509", "policy" },
		{ "failed", "5.0.0", "unknown" },
		{ "failed", "5.3.4", "unknown" },
		{ "failed", "5.4.4", "unknown" },
		{ "failed", "5.6.3", "unknown" },
		{ "failed", "5.17.1", "unknown" },
		{ "failed", "5.11.1", "unknown" },
		/* what the status cannot tell is not guessed */
		{ "failed", "", "unknown" },
		{ "failed", "5", "unknown" },
		{ "failed", "5.1", "unknown" },
		{ "failed", "5..1", "unknown" },
		{ "failed", "5.1.", "unknown" },
		{ "failed", "5.1.1.1", "unknown" },
		{ "failed", "5.1.1234", "unknown" },
		{ "failed", "55.1.1", "unknown" },
		{ "failed", "550 5.1.1", "unknown" },
		{ "failed", "6.1.1", "unknown" },
		{ "failed", "2.1.5", "unknown" },
		/* as mail systems write it */
		{ "Failed", "5.1.1 (bad destination mailbox)", "hard" },
		{ "FAILED (permanently)", "5.1.1;", "hard" },
		/* B4 */
		{ "delayed", "4.4.1", "none" },
		{ "delayed", "5.1.1", "none" },
		{ "delivered", "2.0.0", "none" },
		{ "relayed", "2.0.0", "none" },
		{ "expanded", "2.0.0", "none" },
		{ "failed-not", "5.1.1", "none" },
		{ "failedly", "5.1.1", "none" },
		{ "", "5.1.1", "none" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s %s\n", cases[i].action, cases[i].status);
		assert_string_equal(names[bounce_classify(cases[i].action,
		    cases[i].status)], cases[i].class);
	}
}

/* The status part as a whole: B2. */
static void
test_status_part(void **state)
{
	static const struct {
		const char *name, *class, *text;
	} cases[] = {
		{ "one recipient", "hard",
		    "Reporting-MTA: dns; mx.example\r\n\r\n"
		    "Final-Recipient: rfc822; a@x.example\r\n"
		    "Action: failed\r\nStatus: 5.1.1\r\n" },
		{ "lines that end in LF, fields in any case and order", "soft",
		    "reporting-mta: dns; mx.example\n\n"
		    "STATUS:5.2.2\naction :\tFailed\n"
		    "final-recipient: rfc822;a@x.example" },
		{ "folded fields", "policy",
		    "\n\nFinal-Recipient:\n rfc822; a@x.example\n"
		    "Action:\n\tfailed\nStatus: \n 5.7.1\n (rejected)\n\n" },
		{ "a status before the recipients' groups is no one's", "none",
		    "Reporting-MTA: dns; x\nAction: failed\nStatus: 5.1.1\n" },
		{ "prose that names another code is not read", "soft",
		    "Final-Recipient: rfc822; a@x\nAction: failed\n"
		    "Status: 4.4.7\nDiagnostic-Code: smtp; 550 5.1.1 No such "
		    "user\n" },
		{ "the first of two equal fields counts", "soft",
		    "Final-Recipient: rfc822; a@x\nAction: failed\n"
		    "Status: 5.2.2\nStatus: 5.1.1\n" },
		{ "an empty field takes nothing of the next one", "unknown",
		    "Final-Recipient: rfc822; a@x\nAction: failed\n"
		    "Status:\nX-Other: a\n 5.1.1\n" },
		{ "a field's name is the whole name", "unknown",
		    "Final-Recipient: rfc822; a@x\nAction: failed\n"
		    "X-Status: 5.1.1\nStatus-Text: 5.1.1\n" },
		{ "passed on to two, one of whom has it", "none",
		    "Final-Recipient: rfc822; a@x\nAction: failed\n"
		    "Status: 5.1.1\n\nFinal-Recipient: rfc822; b@x\n"
		    "Action: delivered\nStatus: 2.0.0\n" },
		{ "passed on to two: the mildest", "soft",
		    "Final-Recipient: rfc822; a@x\nAction: failed\n"
		    "Status: 5.1.1\n\n\n\nFinal-Recipient: rfc822; b@x\n"
		    "Action: failed\nStatus: 5.2.2\n" },
		{ "nothing at all", "none", "" },
		{ "empty lines", "none", "\r\n\n\r\n" },
		{ "no field", "none", "hello\nworld" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		assert_string_equal(names[bounce_status(cases[i].text,
		    strlen(cases[i].text), "")], cases[i].class);
	}
}

static void
test_nul_and_length(void **state)
{
	static const char	text[] = "Final-Recipient: x\0y\nAction: failed"
				    "\nStatus: 5.1.1\0\n";
	char			longer[5000];

	(void)state;
	assert_int_equal(bounce_status(text, sizeof(text) - 1, ""),
	    BOUNCE_HARD);
	/* up to len and no further */
	assert_int_equal(bounce_status("Final-Recipient: x\nAction: failed\n"
	    "Status: 5.1.1", 37, ""), BOUNCE_UNKNOWN);
	memset(longer, 'x', sizeof(longer));
	memcpy(longer, "Status: ", 8);
	assert_int_equal(bounce_status(longer, sizeof(longer), ""),
	    BOUNCE_NONE);
}

/* B2: one line of the notice, where the status says nothing. */
static void
test_notice(void **state)
{
	static const struct {
		const char *name, *status, *notice, *class;
	} cases[] = {
		{ "the reply of the very recipient is the status", "5.0.0",
		    "Hi!\r\n\r\np1@taf.example: 550 5.1.1 No such user\r\n",
		    "hard" },
		{ "on the first line too", "5.0.0",
		    "p1@taf.example: 552 5.2.2 Full", "soft" },
		{ "a status that says something stands", "5.7.1",
		    "p1@taf.example: 550 5.1.1 No such user\n", "policy" },
		{ "a reply without an enhanced code is not guessed", "5.0.0",
		    "p1@taf.example: 550 No such user\n", "unknown" },
		{ "nor that of another recipient", "5.0.0",
		    "xp1@taf.example: 550 5.1.1 No\n"
		    "p1@taf.example.org: 550 5.1.1 No\n", "unknown" },
		{ "nor one further on in a line", "5.0.0",
		    "mail for p1@taf.example: 550 5.1.1 No\n", "unknown" },
		{ "nor a code in prose", "5.0.0",
		    "550 5.1.1 p1@taf.example: No such user\n", "unknown" },
		{ "nor one of another class", "5.0.0",
		    "p1@taf.example: 550 4.1.1 No\n"
		    "p1@taf.example: 450 4.1.1 No\n", "unknown" },
		{ "a delay stays one", "4.0.0",
		    "p1@taf.example: 550 5.1.1 No\n", "soft" },
	};
	char	text[200];
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		snprintf(text, sizeof(text), "Final-Recipient: rfc822; "
		    "p1@taf.example\nAction: failed\nStatus: %s\n",
		    cases[i].status);
		assert_string_equal(names[bounce_status(text, strlen(text),
		    cases[i].notice)], cases[i].class);
	}
	/* a recipient that is nobody's is no line's */
	assert_int_equal(bounce_status("Final-Recipient: rfc822;\n"
	    "Action: failed\nStatus: 5.0.0\n", 54, ": 550 5.1.1 No\n"),
	    BOUNCE_UNKNOWN);
}

/* B4: RFC 5965. */
static void
test_feedback(void **state)
{
	static const struct {
		const char *type, *class;
	} cases[] = {
		{ "abuse", "complaint" }, { "Abuse", "complaint" },
		{ "fraud", "complaint" }, { "other", "complaint" },
		{ "opt-out", "complaint" }, { "opt-out-list", "complaint" },
		{ "not-spam", "none" }, { "auth-failure", "none" },
		{ "abuses", "none" }, { "", "none" },
	};
	char	from[BOUNCE_FIELD], text[400];
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].type);
		snprintf(text, sizeof(text), "Feedback-Type: %s\r\n"
		    "User-Agent: x/1\r\nVersion: 1\r\n"
		    "Original-Mail-From: <p+i@taf.example>\r\n",
		    cases[i].type);
		assert_string_equal(names[bounce_feedback(text, strlen(text),
		    from)], cases[i].class);
		assert_string_equal(from, "<p+i@taf.example>");
	}
	assert_int_equal(bounce_feedback("Version: 1\n", 11, from),
	    BOUNCE_NONE);
	assert_string_equal(from, "");
}

#define ID	"abcdefghijklmnopqrstuvwxya"
#define ID2	"bbcdefghijklmnopqrstuvwxya"

/* M9: where an ID may stand, and where it may not. */
static void
test_find(void **state)
{
	static const struct {
		const char *text, *id;
	} cases[] = {
		{ "pulse-bounce+" ID "@taf.example", ID },
		{ "<pulse-bounce+" ID "@taf.example>", ID },
		{ "\"Pulse\" <Pulse-Bounce+" ID "@TAF.example>", ID },
		{ "pulse-bounce+ABCDEFGHIJKLMNOPQRSTUVWXYA@taf.example", ID },
		{ "a@b.c, pulse-bounce+x@t, pulse-bounce+" ID "@t", ID },
		{ "pulse-bounce+" ID, NULL },
		{ "pulse-bounce+" ID "a@taf.example", NULL },
		{ "pulse-bounce+bcdefghijklmnopqrstuvwxya@t", NULL },
		{ "pulse-bounce@taf.example", NULL },
		{ "pulse-bounce+@taf.example", NULL },
		{ "bounce+" ID "@taf.example", NULL },
		{ "", NULL },
	};
	static const char	two[] = "pulse-bounce+" ID "@t pulse-bounce+"
				    ID2 "@t";
	char			id[BOUNCE_LEN + 1];
	const char		*rest;
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].text);
		rest = bounce_find(cases[i].text, "pulse-bounce@taf.example",
		    id);
		assert_int_equal(rest != NULL, cases[i].id != NULL);
		if (rest != NULL)
			assert_string_equal(id, cases[i].id);
	}
	rest = bounce_find(two, "pulse-bounce@taf.example", id);
	assert_non_null(rest);
	rest = bounce_find(rest, "pulse-bounce@taf.example", id);
	assert_non_null(rest);
	assert_string_equal(id, ID2);
	assert_null(bounce_find(rest, "pulse-bounce@taf.example", id));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_status_part),
		cmocka_unit_test(test_nul_and_length),
		cmocka_unit_test(test_notice),
		cmocka_unit_test(test_feedback),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
