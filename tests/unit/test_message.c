/*
 * test_message.c - one finished mail, every octet of it.
 *
 * STANDARDS M1, M2, M6, M7, and the core's half of M4.  How text is encoded is
 * test_mime.c's.
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

#include "core/message.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

#define URL	"https://pulse.taf.example/o/" \
		"abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwxyz" \
		"abcdefghij.-_~"

static char from_name[] = "Carys Morgan";
static char from_address[] = "pulse@taf.example";
static char to_address[] = "ann@taf.example";
static struct mailbox from = { from_name, from_address };
static struct mailbox to;

static struct message
plain(void)
{
	to.name = from_name;
	to.address = to_address;
	return (struct message){
		.from = &from,
		.to = &to,
		.subject = "How are you?",
		.message_id = "k7.invitation@taf.example",
		.date = "Tue, 13 Oct 2026 09:00:00 +0100",
		.list_id = "staff.pulse.taf.example",
		.list_name = "",
		.lang = "en",
		.text = "Hello\n",
		.html = "<p>Hello</p>\n",
	};
}

/* M1: CRLF only, no line over 998; and ours: 76, less the two long URLs. */
static void
assert_wire(const char *mail)
{
	const char	*p;
	size_t		 n;

	for (p = mail; *p != '\0'; p += n + 2) {
		n = strcspn(p, "\r\n");
		assert_memory_equal(p + n, "\r\n", 2);
		assert_true(n <= 76 || strncmp(p, "List-Uns", 8) == 0);
	}
}

static char *
build(const struct message *m)
{
	struct buf	out;
	struct err	e;

	buf_init(&out, 65536);
	assert_int_equal(message_build(&out, m, &e), ERR_OK);
	assert_wire(buf_str(&out));
	return buf_take(&out);
}

/* The value of the only field of this name, unfolded; "" if there is none. */
static void
field(struct buf *out, const char *mail, const char *name)
{
	const char	*p = mail, *end = strstr(mail, "\r\n\r\n");
	size_t		 n = strlen(name), found = 0;

	assert_non_null(end);
	for (; p < end; p = strstr(p, "\r\n") + 2) {
		if (strncmp(p, name, n) != 0 || p[n] != ':')
			continue;
		assert_int_equal(found++, 0);
		for (p += n + 1;; p += 2) {
			n = strcspn(p, "\r");
			buf_add(out, p, n);
			p += n;
			if (p[2] != ' ')
				break;
		}
		n = strlen(name);
	}
}

static void
assert_field(const char *mail, const char *name, const char *value)
{
	struct buf b;

	buf_init(&b, 4096);
	field(&b, mail, name);
	assert_string_equal(buf_str(&b), value);
	buf_wipe(&b);
}

/* M2 and M7, for a mail that has everything. */
static void
test_headers(void **state)
{
	struct message	 m = plain();
	char		*mail;

	(void)state;
	m.reply_to = "carys@taf.example";
	m.unsubscribe = URL;
	m.list_name = "Staff, pulse";
	m.lang = "cy, en";
	mail = build(&m);
	assert_field(mail, "Date", " Tue, 13 Oct 2026 09:00:00 +0100");
	assert_field(mail, "From", " Carys Morgan <pulse@taf.example>");
	assert_field(mail, "To", " Carys Morgan <ann@taf.example>");
	assert_field(mail, "Reply-To", " <carys@taf.example>");
	assert_field(mail, "Subject", " How are you?");
	assert_field(mail, "Message-ID", " <k7.invitation@taf.example>");
	assert_field(mail, "MIME-Version", " 1.0");
	assert_field(mail, "Auto-Submitted", " auto-generated");
	assert_field(mail, "X-Auto-Response-Suppress", " OOF, AutoReply");
	assert_field(mail, "Precedence", " bulk");
	assert_field(mail, "List-Id",
	    " \"Staff, pulse\" <staff.pulse.taf.example>");
	assert_field(mail, "List-Unsubscribe", " <" URL ">");
	assert_field(mail, "List-Unsubscribe-Post",
	    " List-Unsubscribe=One-Click");
	assert_field(mail, "Content-Language", " cy, en");
	assert_field(mail, "X-Mailer", "");
	assert_field(mail, "User-Agent", "");
	free(mail);
}

static void
test_headers_left_out(void **state)
{
	struct message	 m = plain();
	char		*mail;

	(void)state;
	m.reply_to = m.unsubscribe = "";
	mail = build(&m);
	assert_field(mail, "Reply-To", "");
	assert_field(mail, "List-Unsubscribe", "");
	assert_field(mail, "List-Unsubscribe-Post", "");
	assert_field(mail, "List-Id", " <staff.pulse.taf.example>");
	free(mail);
}

/* M6: text first, both complete; by hand from RFC 2046 5.1. */
static void
test_parts(void **state)
{
	struct message	 m = plain();
	struct buf	 want;
	char		*mail, *mark, *body;

	(void)state;
	m.text = "Dear Ann\n" "https://pulse.taf.example/a/abc\n.\n";
	m.html = "<p title='x'>a</p>";
	mail = build(&m);
	mark = strstr(mail, "boundary=\"") + 10;
	body = strstr(mark, "\"\r\n\r\n");
	assert_non_null(body);
	*body = '\0';
	assert_memory_equal(mark, "=_", 2);
	assert_true(strlen(mark) <= 70);

	buf_init(&want, 4096);
	buf_addf(&want, "\r\n--%s\r\n"
	    "Content-Type: text/plain; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	    "Dear Ann\r\nhttps://pulse.taf.example/a/abc\r\n.\r\n"
	    "\r\n--%s\r\n"
	    "Content-Type: text/html; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	    "<p title=3D'x'>a</p>"
	    "\r\n--%s--\r\n", mark, mark, mark);
	assert_string_equal(body + 3, buf_str(&want));
	buf_wipe(&want);
	free(mail);
}

/* M2: a retry is the same mail; another mail has another boundary. */
static void
test_same_again(void **state)
{
	struct message	 m = plain();
	char		*one = build(&m), *two = build(&m), *three;

	(void)state;
	assert_string_equal(one, two);
	m.message_id = "k8.invitation@taf.example";
	three = build(&m);
	assert_string_not_equal(strstr(one, "boundary="),
	    strstr(three, "boundary="));
	free(one);
	free(two);
	free(three);
}

static void
refused(const struct message *m, const char *field_name)
{
	struct buf	out;
	struct err	e;

	buf_init(&out, 65536);
	buf_adds(&out, "before");
	assert_int_equal(message_build(&out, m, &e), ERR_INPUT);
	assert_int_equal(e.code, ERR_INPUT);
	assert_non_null(strstr(e.msg, field_name));
	assert_null(strstr(e.msg, "victim"));
	assert_string_equal(buf_str(&out), "before");
	buf_wipe(&out);
}

static const char *const hostile[] = {
	"victim\r\nBcc: x@y.example",
	"victim\nBcc: x@y.example",
	"victim\rBcc: x@y.example",
	"victim\r\n\r\nbody",
	"victim\n",
	"victim\x01",
	"victim\tx",
	"victim\x1b[2J",
	"victim\x7f",
	"victim\xc2\x85" "x",			/* U+0085 */
	"victim\xe2\x80\xa8" "Bcc: x@y.example",	/* U+2028 */
	"victim\xe2\x80\xa9" "Bcc: x@y.example",	/* U+2029 */
	"victim\xc0\x80",			/* a long NUL */
	"victim\xc0\x8a" "Bcc: x@y.example",	/* a long LF */
	"victim\xed\xa0\x80",			/* a surrogate */
	"victim\xe2\x82",			/* cut short */
	"victim\xff",
};

/* M4: no field lets a header in, and the refusal does not repeat it. */
static void
test_injection(void **state)
{
	struct message	m;
	struct mailbox	bad = { NULL, NULL };
	size_t		i;
	char		*text;

	(void)state;
	for (i = 0; i < N(hostile); i++) {
		text = bad.name = strdup(hostile[i]);
		bad.address = to_address;
		m = plain(), m.from = &bad;
		refused(&m, "name of From");
		m = plain(), m.to = &bad;
		refused(&m, "name of To");
		bad.name = from_name;
		bad.address = text;
		m = plain(), m.from = &bad;
		refused(&m, "address of From");
		m = plain(), m.to = &bad;
		refused(&m, "address of To");
		m = plain(), m.reply_to = text;
		refused(&m, "Reply-To");
		m = plain(), m.subject = text;
		refused(&m, "Subject");
		m = plain(), m.message_id = text;
		refused(&m, "Message-ID");
		m = plain(), m.date = text;
		refused(&m, "Date");
		m = plain(), m.list_id = text;
		refused(&m, "List-Id");
		m = plain(), m.list_name = text;
		refused(&m, "List-Id");
		m = plain(), m.unsubscribe = text;
		refused(&m, "List-Unsubscribe");
		m = plain(), m.lang = text;
		refused(&m, "Content-Language");
		free(text);
	}
}

/* What a field of one piece cannot hold, and what must be there. */
static void
test_pieces(void **state)
{
	struct message m;

	(void)state;
	m = plain(), m.message_id = "a b@taf.example";
	refused(&m, "Message-ID");
	m = plain(), m.message_id = "a>@taf.example";
	refused(&m, "Message-ID");
	m = plain(), m.message_id = "";
	refused(&m, "Message-ID");
	m = plain(), m.unsubscribe = "https://x.example/ y";
	refused(&m, "List-Unsubscribe");
	m = plain(), m.unsubscribe = "https://x.example/\xc5\xb5";
	refused(&m, "List-Unsubscribe");
	m = plain(), m.date = "";
	refused(&m, "Date");
	m = plain(), m.list_id = NULL;
	refused(&m, "List-Id");
	m = plain(), m.text = NULL;
	refused(&m, "text part");
}

static void
test_bodies(void **state)
{
	struct message	 m = plain();
	char		*mail;

	(void)state;
	m.text = m.html = "a\n\tb\rc\r\n.\n\n";
	mail = build(&m);
	assert_non_null(strstr(mail, "\r\n\r\na\r\n\tb\r\nc\r\n.\r\n\r\n"));
	free(mail);
	m.text = "a\x1b[2J";
	refused(&m, "text part");
	m.text = "a\n\xff\n";
	refused(&m, "text part");
	m.text = "a";
	m.html = "\xe2\x80\xa8";
	refused(&m, "HTML part");
}

static void
test_ceiling(void **state)
{
	struct message	m = plain();
	struct buf	out;
	struct err	e;

	(void)state;
	buf_init(&out, 600);
	assert_int_equal(message_build(&out, &m, &e), ERR_INPUT);
	assert_int_equal(out.len, 0);
	buf_wipe(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_headers_left_out),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_same_again),
		cmocka_unit_test(test_injection),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
