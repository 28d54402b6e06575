/*
 * test_reply.c - what a relay's answer means: STANDARDS 7.1, R1, R2 and R4.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/reply.h"

static const struct {
	const char		*name;
	enum reply_end		 end;
	enum reply_stage	 stage;
	int			 code;
	const char		*line;
	enum reply_class	 expect;
} cases[] = {
	/* sent */
	{ "result 0 is sent", REPLY_DONE, STAGE_BODY, 250,
	    "250 2.0.0 Ok: queued as 4X", CLASS_SENT },

	/* R1: result 0 and nothing else; a stale code counts for nothing */
	{ "R1: 250 with a lost connection is not sent", REPLY_LOST, STAGE_MAIL,
	    250, "250 2.1.0 Ok", CLASS_TEMPORARY },
	{ "R1: a stale 550 with a lost connection refuses nobody", REPLY_LOST,
	    STAGE_RCPT, 550, "550 5.1.1 unknown", CLASS_TEMPORARY },
	{ "R1: a stale 550 with a time-out refuses nobody", REPLY_TIMEOUT,
	    STAGE_RCPT, 550, "550 5.1.1 unknown", CLASS_TEMPORARY },
	{ "R1: an answer that is neither 4xx nor 5xx is tried again",
	    REPLY_ANSWERED, STAGE_DATA, 250, "250 Ok", CLASS_TEMPORARY },

	/* temporary */
	{ "a 421 greeting is temporary", REPLY_ANSWERED, STAGE_CONNECT, 421,
	    "421 busy", CLASS_TEMPORARY },
	{ "454 at AUTH is temporary", REPLY_ANSWERED, STAGE_AUTH, 454,
	    "454 4.7.0 Temporary failure", CLASS_TEMPORARY },
	{ "451 at MAIL is temporary", REPLY_ANSWERED, STAGE_MAIL, 451,
	    "451 4.3.0 Error", CLASS_TEMPORARY },
	{ "450 at RCPT, greylisted, is temporary", REPLY_ANSWERED, STAGE_RCPT,
	    450, "450 4.2.0 Greylisted", CLASS_TEMPORARY },
	{ "452 at DATA is temporary", REPLY_ANSWERED, STAGE_DATA, 452,
	    "452 4.3.1 Insufficient storage", CLASS_TEMPORARY },
	{ "452 after the final dot is temporary", REPLY_ANSWERED, STAGE_BODY,
	    452, "452 4.2.2 Over quota", CLASS_TEMPORARY },
	{ "421 after the final dot is temporary", REPLY_ANSWERED, STAGE_BODY,
	    421, "421 4.7.0 Try later", CLASS_TEMPORARY },
	{ "no connection is temporary", REPLY_UNREACHED, STAGE_CONNECT, 0, "",
	    CLASS_TEMPORARY },
	{ "a TLS failure before the body is temporary", REPLY_TLS, STAGE_TLS,
	    220, "220 Ready", CLASS_TEMPORARY },
	{ "a time-out before the body is temporary", REPLY_TIMEOUT, STAGE_DATA,
	    250, "250 Ok", CLASS_TEMPORARY },

	/* permanent, the person's: at RCPT only */
	{ "550 5.1.1 at RCPT is the person's", REPLY_ANSWERED, STAGE_RCPT, 550,
	    "550 5.1.1 User unknown", CLASS_REFUSED_PERSON },
	{ "554 5.1.2 at RCPT is the person's", REPLY_ANSWERED, STAGE_RCPT, 554,
	    "554 5.1.2 Host unknown", CLASS_REFUSED_PERSON },
	{ "556 5.1.10, a domain that takes no mail, is the person's",
	    REPLY_ANSWERED, STAGE_RCPT, 556,
	    "556 5.1.10 Recipient address has null MX", CLASS_REFUSED_PERSON },
	{ "550 5.2.1 at RCPT is the person's", REPLY_ANSWERED, STAGE_RCPT, 550,
	    "550 5.2.1 Mailbox disabled", CLASS_REFUSED_PERSON },
	{ "a bare 550 at RCPT is the person's", REPLY_ANSWERED, STAGE_RCPT, 550,
	    "550 No such user", CLASS_REFUSED_PERSON },
	{ "a bare 551 at RCPT is the person's", REPLY_ANSWERED, STAGE_RCPT, 551,
	    "551 User not local", CLASS_REFUSED_PERSON },
	{ "a bare 553 at RCPT is the person's", REPLY_ANSWERED, STAGE_RCPT, 553,
	    "553 Mailbox name not allowed", CLASS_REFUSED_PERSON },

	/* soft, the person's */
	{ "552 5.2.2 at RCPT is soft", REPLY_ANSWERED, STAGE_RCPT, 552,
	    "552 5.2.2 Mailbox full", CLASS_REFUSED_SOFT },
	{ "550 5.2.3 at RCPT is soft", REPLY_ANSWERED, STAGE_RCPT, 550,
	    "550 5.2.3 Too large", CLASS_REFUSED_SOFT },
	{ "a bare 552 after the final dot is soft", REPLY_ANSWERED, STAGE_BODY,
	    552, "552 Exceeded storage", CLASS_REFUSED_SOFT },

	/* permanent, ours */
	{ "554 as greeting is ours", REPLY_ANSWERED, STAGE_CONNECT, 554,
	    "554 5.7.1 No service", CLASS_OURS },
	{ "550 at EHLO is ours", REPLY_ANSWERED, STAGE_EHLO, 550,
	    "550 5.7.1 Bad name", CLASS_OURS },
	{ "535 at AUTH is ours", REPLY_ANSWERED, STAGE_AUTH, 535,
	    "535 5.7.8 Bad credentials", CLASS_OURS },
	{ "no way to log in that we know is ours, whatever the code",
	    REPLY_DENIED, STAGE_EHLO, 250, "250 AUTH GSSAPI", CLASS_OURS },
	{ "535 to a login is ours", REPLY_DENIED, STAGE_AUTH, 535,
	    "535 5.7.8 Bad credentials", CLASS_OURS },
	{ "454 to a login is temporary", REPLY_DENIED, STAGE_AUTH, 454,
	    "454 4.7.0 Temporary failure", CLASS_TEMPORARY },
	{ "530 at MAIL is ours", REPLY_ANSWERED, STAGE_MAIL, 530,
	    "530 5.7.0 Authentication required", CLASS_OURS },
	{ "550 5.1.1 at MAIL is ours, never the person's", REPLY_ANSWERED,
	    STAGE_MAIL, 550, "550 5.1.1 Sender unknown", CLASS_OURS },
	{ "552 at MAIL is ours", REPLY_ANSWERED, STAGE_MAIL, 552,
	    "552 5.3.4 Message too big", CLASS_OURS },
	{ "5.1.7 at RCPT is the sender's, so ours", REPLY_ANSWERED, STAGE_RCPT,
	    550, "550 5.1.7 Bad sender's mailbox address", CLASS_OURS },
	{ "5.1.8 at RCPT is the sender's, so ours", REPLY_ANSWERED, STAGE_RCPT,
	    550, "550 5.1.8 Sender address rejected", CLASS_OURS },
	{ "5.1.8 after the final dot is ours too", REPLY_ANSWERED, STAGE_BODY,
	    554, "554 5.1.8 Sender domain unknown", CLASS_OURS },
	{ "5.7.27, the sender's domain takes no mail, is ours", REPLY_ANSWERED,
	    STAGE_RCPT, 550, "550 5.7.27 Sender has null MX", CLASS_OURS },
	{ "554 at DATA is ours", REPLY_ANSWERED, STAGE_DATA, 554,
	    "554 5.5.1 No valid recipients", CLASS_OURS },
	{ "a fault of this machine is ours", REPLY_LOCAL, STAGE_CONNECT, 0, "",
	    CLASS_OURS },

	/* permanent, unclear */
	{ "554 5.7.1 at RCPT is unclear", REPLY_ANSWERED, STAGE_RCPT, 554,
	    "554 5.7.1 Relay access denied", CLASS_UNCLEAR },
	{ "550 5.4.1 at RCPT is unclear", REPLY_ANSWERED, STAGE_RCPT, 550,
	    "550 5.4.1 Access denied", CLASS_UNCLEAR },
	{ "550 5.1.5, a valid address, is unclear", REPLY_ANSWERED, STAGE_RCPT,
	    550, "550 5.1.5 Destination valid", CLASS_UNCLEAR },
	{ "a bare 554 at RCPT is unclear", REPLY_ANSWERED, STAGE_RCPT, 554,
	    "554 Transaction failed", CLASS_UNCLEAR },
	{ "a bare 550 after the final dot is unclear", REPLY_ANSWERED,
	    STAGE_BODY, 550, "550 Looks like spam", CLASS_UNCLEAR },
	{ "554 5.7.1 after the final dot is unclear", REPLY_ANSWERED,
	    STAGE_BODY, 554, "554 5.7.1 Rejected", CLASS_UNCLEAR },

	/* R2: the enhanced code decides before the basic one */
	{ "R2: 552 5.3.4 at RCPT is unclear, not soft", REPLY_ANSWERED,
	    STAGE_RCPT, 552, "552 5.3.4 Too big", CLASS_UNCLEAR },
	{ "R2: 550 5.7.1 at RCPT is unclear, not the person's", REPLY_ANSWERED,
	    STAGE_RCPT, 550, "550 5.7.1 Restricted", CLASS_UNCLEAR },
	{ "R2: an enhanced code of another class is none", REPLY_ANSWERED,
	    STAGE_RCPT, 550, "550 4.7.1 Odd", CLASS_REFUSED_PERSON },

	/* uncertain */
	{ "lost after 354 is uncertain", REPLY_LOST, STAGE_BODY, 354,
	    "354 Go ahead", CLASS_UNCERTAIN },
	{ "timed out after the final dot is uncertain", REPLY_TIMEOUT,
	    STAGE_BODY, 354, "354 Go ahead", CLASS_UNCERTAIN },
	{ "a send error with only 354 seen is uncertain", REPLY_ANSWERED,
	    STAGE_BODY, 354, "354 Go ahead", CLASS_UNCERTAIN },
	{ "a fault of this machine in the body is uncertain", REPLY_LOCAL,
	    STAGE_BODY, 354, "354 Go ahead", CLASS_UNCERTAIN },
};

static void
test_classes(void **state)
{
	struct reply	r;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		r.end = cases[i].end;
		r.stage = cases[i].stage;
		r.code = cases[i].code;
		r.line = cases[i].line;
		assert_int_equal(reply_classify(&r), cases[i].expect);
	}
}

static const struct {
	const char	*name, *line;
	int		 code;
} enhanced[] = {
	{ "5.1.1 is subject 1, detail 1", "550 5.1.1 unknown", 1001 },
	{ "three digits each are the most", "550 5.100.255 x", 100255 },
	{ "four digits are none", "550 5.1000.1 x", -1 },
	{ "a line of more lines has one too", "550-5.7.1 Not", 7001 },
	{ "an end of line may follow", "550 5.2.1\r\n", 2001 },
	{ "an IP address is none", "550 5.1.1.1 blocked", -1 },
	{ "a version number further on is none", "550 mailer 5.1.1", -1 },
	{ "nothing at all is none", "", -1 },
	{ "two digits of code are none", "55 5.1.1", -1 },
};

static void
test_enhanced(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(enhanced) / sizeof(enhanced[0]); i++) {
		print_message("  %s\n", enhanced[i].name);
		assert_int_equal(reply_enhanced(enhanced[i].line),
		    enhanced[i].code);
	}
}

static const struct {
	const char	*name, *line, *shown;
	const char	*address, *person;	/* NULL: Anna Rees */
} words[] = {
	{ "M19: an address is not shown",
	    "550 5.1.1 <anna.rees@taf.example>: unknown",
	    "550 5.1.1 ... unknown", NULL, NULL },
	{ "M19: nor anybody else's", "550 mail for bo@x.example is full",
	    "550 mail for ... is full", NULL, NULL },
	{ "M19: the name before the @ is not shown alone",
	    "550 5.1.1 user Anna.Rees: unknown", "550 5.1.1 user ... unknown",
	    NULL, NULL },
	{ "M19: however short it is", "550 <jo> unknown, user=jo",
	    "550 ... unknown, ...", "jo@taf.example", "" },
	{ "M19: one letter too", "550 5.1.1 k: no such user here",
	    "550 5.1.1 ... no such user here", "k@taf.example", "" },
	{ "a short one is not looked for inside of words",
	    "550 5.1.1 joints in a banjo", "550 5.1.1 joints in a banjo",
	    "jo@taf.example", "" },
	{ "M19: a word of the name before the @ is not shown",
	    "550 5.1.1 REES, Anna is no user", "550 5.1.1 ... ... is no user",
	    NULL, "" },
	{ "M19: a name that we know is not shown",
	    "550 5.1.1 \"Nia Ap-Rhys\" has left", "550 5.1.1 ... ... has left",
	    "u4711@taf.example", "Nia ap Rhys" },
	{ "M19: nor one that is not ASCII",
	    "550 5.1.1 Si\303\242n has left", "550 5.1.1 ... has left",
	    "u4711@taf.example", "" },
	{ "M19: a link is not shown",
	    "554 bad URL https://pulse.taf.example/a/aaa", "554 bad URL ...",
	    NULL, NULL },
	{ "M19: a token is not shown",
	    "554 saw abcdefghijklmnopqrstuvwxyz here", "554 saw ... here",
	    NULL, NULL },
	{ "R4: control characters and line ends are not shown",
	    "550 a\001b\177c\r\n", "550 a?b?c", NULL, NULL },
	{ "an ordinary queue id stays", "451 4.3.0 4XyZ12abC: try later",
	    "451 4.3.0 4XyZ12abC: try later", NULL, NULL },
};

static void
test_words(void **state)
{
	char	out[REPLY_WORDS + 1];
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		print_message("  %s\n", words[i].name);
		reply_words(out, words[i].line, words[i].address != NULL ?
		    words[i].address : "anna.rees@taf.example",
		    words[i].person != NULL ? words[i].person : "Anna Rees");
		assert_string_equal(out, words[i].shown);
	}
}

static const struct {
	const char	*name, *line[4], *text;
} replies[] = {
	{ "R4: one line is itself", { "550 5.1.1 No\r\n" }, "550 5.1.1 No" },
	{ "R4: of several lines the first tell most",
	    { "550-5.1.1 The account does not exist.\r\n",
	    "550-5.1.1 Look for typos,\r\n", "550 5.1.1  or ask\r\n" },
	    "550 5.1.1 The account does not exist. Look for typos, or ask" },
	{ "R4: without enhanced codes", { "554-Refused\r\n", "554 by us\r\n" },
	    "554 Refused by us" },
	{ "another enhanced code stays", { "550-5.1.1 No\r\n",
	    "550 5.7.1 Never\r\n" }, "550 5.1.1 No 5.7.1 Never" },
	{ "a reply does not go on in the next",
	    { "250-x\r\n", "250 y\r\n", "550 5.1.1 No\r\n" },
	    "550 5.1.1 No" },
	{ "a code alone ends a reply", { "554-No\r\n", "554\r\n" },
	    "554 No " },
	{ "what has no code is a line of its own", { "550-No\r\n", "x\r\n" },
	    "x" },
};

static void
test_lines(void **state)
{
	struct reply_text	t;
	const char		*last;
	size_t			 i, k;

	(void)state;
	for (i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		print_message("  %s\n", replies[i].name);
		memset(&t, 0, sizeof(t));
		for (k = 0; k < 4 && replies[i].line[k] != NULL; k++) {
			last = replies[i].line[k];
			reply_gather(&t, last, strlen(last));
			assert_string_equal(t.line, last);
		}
		assert_string_equal(t.text, replies[i].text);
	}
}

static void
test_lines_are_cut(void **state)
{
	struct reply_text	t = { .len = 0 };
	char			line[2 * REPLY_LINE_MAX];
	size_t			i;

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, "550-", 4);
	for (i = 0; i < 3; i++) {
		reply_gather(&t, line, sizeof(line));
		assert_int_equal(strlen(t.line), REPLY_LINE_MAX - 1);
		assert_int_equal(strlen(t.text), REPLY_LINE_MAX - 1);
	}
}

static void
test_words_are_cut(void **state)
{
	char	out[REPLY_WORDS + 1], line[1024];
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(line) - 1; i++)
		line[i] = i % 10 == 9 ? ' ' : 'x';
	line[i] = '\0';
	reply_words(out, line, "", "");
	assert_int_equal(strlen(out), 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_enhanced),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_words_are_cut),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_lines_are_cut),
	};

	return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
