/*
 * test_mime.c - text in a form that mail can carry.
 *
 * STANDARDS M3, and M1 for bodies.  What was encoded is read back by a small
 * decoder of our own, which knows the RFCs and not the encoder.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "core/mime.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

#define TEN	"0123456789"
#define FIFTY	TEN TEN TEN TEN TEN
#define URL100	"https://pulse.taf.example/o/" \
		"abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwxyz" \
		"abcdefghij.-_~"

/* 75 letters of two bytes and 50 of three: 300 bytes. */
#define W5	"\xc5\xb5\xc5\xb5\xc5\xb5\xc5\xb5\xc5\xb5"
#define K5	"\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
#define LONG_300 W5 W5 W5 W5 W5 W5 W5 W5 W5 W5 W5 W5 W5 W5 W5 \
		K5 K5 K5 K5 K5 K5 K5 K5 K5 K5

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789ABCDEF";

	assert_true(c != '\0' && strchr(digits, c) != NULL);
	return (int)(strchr(digits, c) - digits);
}

/* One encoded-word at s decoded; its length.  RFC 2047 2 and 5. */
static size_t
decode_word(struct buf *out, const char *s)
{
	size_t		 n = 10, before = out->len;
	const char	*end = strstr(s + n, "?=");

	assert_non_null(end);
	assert_true(end + 2 - s <= 75);
	while (s + n < end)
		if (s[n] == '=') {
			buf_addc(out, (char)(hex_digit(s[n + 1]) * 16 +
			    hex_digit(s[n + 2])));
			n += 3;
		} else {
			assert_true(s[n] > ' ' && s[n] <= '~' && s[n] != '?');
			buf_addc(out, s[n] == '_' ? ' ' : s[n]);
			n++;
		}
	assert_true(utf8_valid(out->p + before, out->len - before));
	return n + 2;
}

/* RFC 2047 6.2: white space between adjacent encoded-words is dropped. */
static void
decode_words(struct buf *out, const char *s)
{
	bool after = false;

	while (*s != '\0')
		if (strncmp(s, "=?UTF-8?Q?", 10) == 0) {
			s += decode_word(out, s);
			after = true;
		} else if (after && strncmp(s, " =?", 3) == 0)
			s++;
		else {
			buf_addc(out, *s++);
			after = false;
		}
}

/* Lines of at most 76, with CRLF between and no space behind. */
static void
assert_lines(const char *s)
{
	size_t n;

	for (;; s += n + 2) {
		n = strcspn(s, "\r\n");
		assert_true(n <= 76);
		assert_true(n == 0 || (s[n - 1] != ' ' && s[n - 1] != '\t'));
		if (s[n] == '\0')
			break;
		assert_memory_equal(s + n, "\r\n", 2);
	}
}

/* A field unfolded (RFC 5322 2.2.3), less its name; every line is short. */
static void
unfold(struct buf *out, const char *field)
{
	const char	*p;
	size_t		 n;

	for (p = field;; p += n + 2) {
		n = strcspn(p, "\r\n");
		assert_true(n <= 76);
		assert_true(strspn(p, " ") < n || p == field);
		buf_add(out, p, n);
		if (p[n] == '\0')
			break;
		assert_memory_equal(p + n, "\r\n ", 3);
	}
	memmove(out->p, out->p + 9, out->len - 8);
	out->len -= 9;
}

static void
assert_decodes(const struct buf *field, const char *text)
{
	struct buf flat, got;

	buf_init(&flat, 8192);
	buf_init(&got, 8192);
	unfold(&flat, buf_str(field));
	decode_words(&got, buf_str(&flat));
	assert_string_equal(buf_str(&got), text);
	buf_wipe(&flat);
	buf_wipe(&got);
}

/* raw: the field by hand; NULL: it is only decoded. */
static const struct {
	const char	*name;		/* of the case */
	const char	*text, *raw;
} names[] = {
	{ "no name", "", "" },
	{ "a plain name stays plain", "Ann Lee", "Ann Lee" },
	{ "a comma is quoted", "Lee, Ann", "\"Lee, Ann\"" },
	{ "an initial is quoted", "J. Lee", "\"J. Lee\"" },
	{ "quotes are escaped", "Ann \"Nan\" Lee",
	    "\"Ann \\\"Nan\\\" Lee\"" },
	{ "a backslash at the end", "Ann\\", "\"Ann\\\\\"" },
	{ "an address in a name", "x@y.example <z>",
	    "\"x@y.example <z>\"" },
	{ "two spaces are kept", "Ann  Lee", "\"Ann  Lee\"" },
	{ "only a space", " ", "\" \"" },
	{ "Welsh is encoded", "Si\xc3\xa2n Lee",
	    "=?UTF-8?Q?Si=C3=A2n_Lee?=" },
	{ "specials in an encoded name", "\xc3\x89lo\xc3\xafse, \"E\".\\",
	    "=?UTF-8?Q?=C3=89lo=C3=AFse=2C_=22E=22=2E=5C?=" },
	{ "a name that looks encoded", "=?UTF-8?Q?x?=",
	    "=?UTF-8?Q?=3D=3FUTF-8=3FQ=3Fx=3F=3D?=" },
	{ "a combining mark", "Zoe\xcc\x88",
	    "=?UTF-8?Q?Zoe=CC=88?=" },
	{ "right to left", "\xd7\x93\xd7\xa0\xd7\x94 \xd7\x9b\xd7\x94\xd7\x9f",
	    NULL },
	{ "an emoji of several", "Ann \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f"
	    "\x92\xbb", NULL },
	{ "a long plain name", FIFTY " " FIFTY, NULL },
	{ "many quotes", "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""
	    "\"\"\"\"\"\"\"\"\"\"\"\"", NULL },
	{ "300 bytes", LONG_300, NULL },
};

static void
test_names(void **state)
{
	struct buf	out;
	size_t		i;

	(void)state;
	buf_init(&out, 8192);
	for (i = 0; i < N(names); i++) {
		print_message("  M3: %s\n", names[i].name);
		buf_adds(&out, "Subject: ");
		mime_phrase(&out, names[i].text);
		if (names[i].raw != NULL)
			assert_string_equal(buf_str(&out) + 9, names[i].raw);
		else
			assert_decodes(&out, names[i].text);
		buf_reset(&out);
	}
	buf_wipe(&out);
}

static const char *const subjects[] = {
	"How are you?",
	"",
	" ",
	" two  spaces and one behind ",
	"Lee, Ann: \"x\" <y@z.example> \\",
	"=?UTF-8?Q?x?=",
	"Sut wyt ti? T\xc3\xaem T\xc3\xa2" "f",
	"Zoe\xcc\x88 \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xf0\x9f\x98\x80",
	"a line of plain words that is far longer than one line of a header "
	    "may be and so is folded, which keeps every word and every space",
	FIFTY FIFTY FIFTY,
	LONG_300,
	"a\xc2\xa0no-break space",
};

static void
test_subjects(void **state)
{
	struct buf	out;
	size_t		i;

	(void)state;
	buf_init(&out, 8192);
	for (i = 0; i < N(subjects); i++) {
		print_message("  M3: %s\n", subjects[i]);
		buf_adds(&out, "Subject: ");
		mime_text(&out, subjects[i]);
		assert_decodes(&out, subjects[i]);
		buf_reset(&out);
	}
	buf_wipe(&out);
}

/* A plain subject stays readable, and folds before the word that is over. */
static void
test_fold(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 8192);
	buf_adds(&out, "Subject: ");
	mime_text(&out, FIFTY " " TEN "12345 x");
	assert_string_equal(buf_str(&out),
	    "Subject: " FIFTY " " TEN "12345\r\n x");
	buf_wipe(&out);
}

/* A word never ends inside a character, wherever the field begins. */
static void
test_borders(void **state)
{
	struct buf	 out, got;
	const char	*word;
	size_t		 i;

	(void)state;
	buf_init(&out, 8192);
	buf_init(&got, 8192);
	for (i = 0; i < 76; i++) {
		buf_add(&out, FIFTY FIFTY, i);
		mime_text(&out, LONG_300);
		word = strstr(buf_str(&out), "=?");
		decode_words(&got, word);
		assert_lines(buf_str(&out));
		buf_reset(&out);
		buf_reset(&got);
	}
	buf_wipe(&out);
	buf_wipe(&got);
}

static void
test_piece(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 8192);
	buf_adds(&out, "To: x");
	mime_piece(&out, "<", "a@b", ">");
	assert_string_equal(buf_str(&out), "To: x <a@b>");
	buf_reset(&out);
	buf_adds(&out, "To: " FIFTY);
	mime_piece(&out, "<", TEN TEN, ">");
	assert_string_equal(buf_str(&out),
	    "To: " FIFTY "\r\n <" TEN TEN ">");
	buf_reset(&out);
	buf_adds(&out, "Long:");
	mime_piece(&out, "<", FIFTY FIFTY, ">");
	assert_string_equal(buf_str(&out), "Long: <" FIFTY FIFTY ">");
	buf_wipe(&out);
}

/* coded by hand; NULL: only decoded. */
static const struct {
	const char	*name, *body, *coded, *decoded;
} bodies[] = {
	{ "plain text stays as it is", "Hello, you.\n", "Hello, you.\r\n",
	    "Hello, you.\r\n" },
	{ "an equals sign", "a=b", "a=3Db", "a=b" },
	{ "UTF-8", "\xc5\xb5!", "=C5=B5!", "\xc5\xb5!" },
	{ "a space at the end of a line", "a \nb ", "a=20\r\nb=20",
	    "a \r\nb " },
	{ "a tab within and at the end", "\ta\t\n", "\ta=09\r\n",
	    "\ta\t\r\n" },
	{ "M1: leading dots are left alone", ".\n..\n.a\n",
	    ".\r\n..\r\n.a\r\n", ".\r\n..\r\n.a\r\n" },
	{ "M1: every line end becomes CRLF", "a\nb\rc\r\nd\n\re\r\r",
	    "a\r\nb\r\nc\r\nd\r\n\r\ne\r\n\r\n",
	    "a\r\nb\r\nc\r\nd\r\n\r\ne\r\n\r\n" },
	{ "75 characters stay on their line", FIFTY TEN TEN "12345",
	    FIFTY TEN TEN "12345", FIFTY TEN TEN "12345" },
	{ "more needs a second line", FIFTY TEN TEN "1234567",
	    FIFTY TEN TEN "12345=\r\n67", FIFTY TEN TEN "1234567" },
	{ "a soft break before a coded byte", FIFTY TEN TEN "123=x",
	    FIFTY TEN TEN "123=\r\n=3Dx", FIFTY TEN TEN "123=x" },
	{ "M6: a long link alone on its line", "Hi\n" URL100 "?a=b\nBye\n",
	    NULL, "Hi\r\n" URL100 "?a=b\r\nBye\r\n" },
	{ "300 bytes of other scripts", LONG_300, NULL, LONG_300 },
	{ "nothing", "", "", "" },
};

static void
decode_body(struct buf *out, const char *s)
{
	while (*s != '\0')
		if (strncmp(s, "=\r\n", 3) == 0)
			s += 3;
		else if (*s == '=') {
			buf_addc(out, (char)(hex_digit(s[1]) * 16 +
			    hex_digit(s[2])));
			s += 3;
		} else
			buf_addc(out, *s++);
}

static void
test_bodies(void **state)
{
	struct buf	out, got;
	size_t		i;

	(void)state;
	buf_init(&out, 8192);
	buf_init(&got, 8192);
	for (i = 0; i < N(bodies); i++) {
		print_message("  %s\n", bodies[i].name);
		mime_body(&out, bodies[i].body);
		if (bodies[i].coded != NULL)
			assert_string_equal(buf_str(&out), bodies[i].coded);
		assert_lines(buf_str(&out));
		decode_body(&got, buf_str(&out));
		assert_string_equal(buf_str(&got), bodies[i].decoded);
		buf_reset(&out);
		buf_reset(&got);
	}
	buf_wipe(&out);
	buf_wipe(&got);
}

/* M1: a line of 2,000 characters. */
static void
test_long_line(void **state)
{
	struct buf	in, out, got;
	size_t		i;

	(void)state;
	buf_init(&in, 8192);
	buf_init(&out, 8192);
	buf_init(&got, 8192);
	for (i = 0; i < 2000; i++)
		buf_addc(&in, i % 7 == 0 ? ' ' : i % 11 == 0 ? '=' : '.');
	mime_body(&out, buf_str(&in));
	assert_lines(buf_str(&out));
	decode_body(&got, buf_str(&out));
	assert_string_equal(buf_str(&got), buf_str(&in));
	buf_wipe(&in);
	buf_wipe(&out);
	buf_wipe(&got);
}

static void
test_wire(void **state)
{
	static const struct {
		const char	*name, *data;
		bool		 fits;
	} cases[] = {
		{ "nothing", "", true },
		{ "a line", "a\r\n", true },
		{ "lines, empty ones too", "a\r\n\r\n.\r\nb", true },
		{ "a lone LF", "a\n", false },
		{ "a lone LF after a good line", "a\r\nb\n.\r\n", false },
		{ "a lone CR", "a\rb\r\n", false },
		{ "CR CR LF", "a\r\r\n", false },
		{ "a CR at the end", "a\r\nb\r", false },
		{ "LF CR", "a\n\r", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		print_message("  %s\n", cases[i].name);
		assert_int_equal(mime_is_wire(cases[i].data,
		    strlen(cases[i].data)), cases[i].fits);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_subjects),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_borders),
		cmocka_unit_test(test_piece),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
