/*
 * test_base.c - buffers, numbers, UTF-8, base32 and errors at their edges.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/b32.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/num.h"
#include "base/utf8.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

static void
test_buf_ceiling(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5);
	assert_string_equal(buf_str(&b), "");
	buf_adds(&b, "abc");
	buf_adds(&b, "de");
	assert_false(b.over);
	buf_add(&b, "", 0);
	assert_false(b.over);

	/* What does not fit is dropped whole, and all that follows. */
	buf_reset(&b);
	buf_adds(&b, "abcd");
	buf_adds(&b, "ef");
	assert_true(b.over);
	buf_addc(&b, 'g');
	assert_string_equal(buf_str(&b), "abcd");
	assert_int_equal(b.len, 4);

	buf_reset(&b);
	assert_false(b.over);
	assert_string_equal(buf_str(&b), "");
	buf_addf(&b, "%d-%s", 12, "xyz");
	assert_true(b.over);
	assert_int_equal(b.len, 0);
	buf_wipe(&b);
	assert_int_equal(b.max, 5);

	buf_init(&b, 0);
	buf_addc(&b, 'x');
	assert_true(b.over);
	assert_string_equal(buf_str(&b), "");
	buf_wipe(&b);
}

static void
test_buf_growth(void **state)
{
	struct buf	 b;
	char		*s;
	size_t		 i;

	(void)state;
	buf_init(&b, 100000);
	for (i = 0; i < 100000; i++)
		buf_addc(&b, (char)('a' + i % 26));
	assert_false(b.over);
	for (i = 0; i < 100000; i++)
		assert_int_equal(b.p[i], 'a' + (int)(i % 26));
	buf_addc(&b, 'x');
	assert_true(b.over);

	/* What formats to more than the small buffer of addf. */
	buf_reset(&b);
	buf_addf(&b, "%0300d", 7);
	assert_int_equal(b.len, 300);
	assert_string_equal(b.p + 298, "07");

	buf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 303);
	s = buf_take(&b);
	assert_memory_equal(s + 300, "a\0b", 4);
	free(s);
	assert_int_equal(b.len, 0);
	s = buf_take(&b);
	assert_string_equal(s, "");
	free(s);
	buf_wipe(&b);
}

static const struct {
	const char	*text;
	uint64_t	 min, max;
	bool		 ok;
	uint64_t	 value;
} numbers[] = {
	{ "0", 0, 9, true, 0 },
	{ "007", 0, 9, true, 7 },
	{ "5", 5, 5, true, 5 },
	{ "4", 5, 5, false, 0 },
	{ "6", 5, 5, false, 0 },
	{ "9999999999999999999", 0, UINT64_MAX, true,
	    9999999999999999999U },		/* 19 digits */
	{ "18446744073709551615", 0, UINT64_MAX, false, 0 },
	{ "18446744073709551616", 0, UINT64_MAX, false, 0 },
	{ "00000000000000000001", 0, 9, false, 0 },	/* 20 digits */
	{ "4294967296", 0, 4294967295U, false, 0 },
	{ "", 0, 9, false, 0 },
	{ "-1", 0, 9, false, 0 },
	{ "+1", 0, 9, false, 0 },
	{ " 1", 0, 9, false, 0 },
	{ "1 ", 0, 9, false, 0 },
	{ "1\n", 0, 9, false, 0 },
	{ "1a", 0, 9, false, 0 },
	{ "0x1", 0, 9, false, 0 },
	{ "1.0", 0, 9, false, 0 },
	{ "1e1", 0, 99, false, 0 },
	{ "\xd9\xa1", 0, 9, false, 0 },		/* an Arabic one */
};

static void
test_numbers(void **state)
{
	uint64_t	got;
	size_t		i;

	(void)state;
	for (i = 0; i < N(numbers); i++) {
		got = 77;
		assert_int_equal(num_parse(numbers[i].text,
		    strlen(numbers[i].text), numbers[i].min, numbers[i].max,
		    &got), numbers[i].ok);
		assert_true(got == (numbers[i].ok ? numbers[i].value : 77));
	}
	assert_true(num_parse("123", 2, 0, 99, &got));
	assert_true(got == 12);
	assert_false(num_parse("1\0", 2, 0, 99, &got));
}

/* RFC 3629 section 4: the edges of each form. */
static const struct {
	const char	*bytes;
	size_t		 len, want;
} characters[] = {
	{ "", 0, 0 },
	{ "\0", 1, 1 },
	{ "\x7f", 1, 1 },
	{ "\x80", 1, 0 },
	{ "\xbf", 1, 0 },
	{ "\xc0\x80", 2, 0 },
	{ "\xc1\xbf", 2, 0 },
	{ "\xc2\x80", 2, 2 },
	{ "\xc2", 1, 0 },
	{ "\xc2\x7f", 2, 0 },
	{ "\xc2\xc0", 2, 0 },
	{ "\xdf\xbf", 2, 2 },
	{ "\xe0\x9f\xbf", 3, 0 },
	{ "\xe0\xa0\x80", 3, 3 },
	{ "\xe0\xa0", 2, 0 },
	{ "\xed\x9f\xbf", 3, 3 },
	{ "\xed\xa0\x80", 3, 0 },
	{ "\xed\xbf\xbf", 3, 0 },
	{ "\xee\x80\x80", 3, 3 },
	{ "\xef\xbf\xbf", 3, 3 },
	{ "\xe1\x80\x41", 3, 0 },
	{ "\xf0\x8f\xbf\xbf", 4, 0 },
	{ "\xf0\x90\x80\x80", 4, 4 },
	{ "\xf0\x90\x80", 3, 0 },
	{ "\xf0\x90\x80\xc0", 4, 0 },
	{ "\xf4\x8f\xbf\xbf", 4, 4 },
	{ "\xf4\x90\x80\x80", 4, 0 },
	{ "\xf5\x80\x80\x80", 4, 0 },
	{ "\xff", 1, 0 },
};

static void
test_utf8(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < N(characters); i++) {
		assert_int_equal(utf8_char(characters[i].bytes,
		    characters[i].len), characters[i].want);
		assert_int_equal(utf8_valid(characters[i].bytes,
		    characters[i].len), characters[i].len == 0 ||
		    characters[i].want != 0);
	}
	assert_int_equal(utf8_char("\xc3\xa9x", 3), 2);
	assert_true(utf8_valid("a\0\xc3\xa9\xf0\x9f\x98\x80", 8));
	assert_false(utf8_valid("a\0\xc3\xa9\xf0\x9f\x98\x80", 7));
	assert_false(utf8_valid("a\xff" "b", 3));
}

static const struct {
	const char	*bytes;
	size_t		 len;
	bool		 control;
} controls[] = {
	{ "", 0, false },
	{ "abc ~", 5, false },
	{ "\0", 1, true },
	{ "a\x1f", 2, true },
	{ "a\n", 2, true },
	{ "a\t", 2, true },
	{ "\x7f", 1, true },
	{ "\xc2\x80", 2, true },
	{ "\xc2\x9f", 2, true },
	{ "\xc2\xa0", 2, false },		/* a no-break space */
	{ "\xc3\x9f", 2, false },		/* its last byte is like C1 */
	{ "\xe2\x80\xa7", 3, false },
	{ "\xe2\x80\xa8", 3, true },
	{ "\xe2\x80\xa9", 3, true },
	{ "\xe2\x80\xaa", 3, false },
	{ "a\xe2\x80\xa8", 4, true },
	{ "\xe2\x80", 2, false },		/* cut short: not our word */
	{ "\xc2", 1, false },
};

static void
test_control(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < N(controls); i++)
		assert_int_equal(utf8_has_control(controls[i].bytes,
		    controls[i].len), controls[i].control);
}

/* RFC 4648 section 10, in lower case and without padding. */
static const struct {
	const char *plain, *coded;
} vectors[] = {
	{ "", "" },
	{ "f", "my" },
	{ "fo", "mzxq" },
	{ "foo", "mzxw6" },
	{ "foob", "mzxw6yq" },
	{ "fooba", "mzxw6ytb" },
	{ "foobar", "mzxw6ytboi" },
};

static void
test_b32(void **state)
{
	char		coded[B32_LEN(16) + 1];
	unsigned char	plain[16];
	size_t		i, len;

	(void)state;
	for (i = 0; i < N(vectors); i++) {
		len = strlen(vectors[i].plain);
		assert_int_equal(B32_LEN(len), strlen(vectors[i].coded));
		b32_encode(coded, (const unsigned char *)vectors[i].plain,
		    len);
		assert_string_equal(coded, vectors[i].coded);
		assert_true(b32_decode(plain, len, vectors[i].coded));
		assert_memory_equal(plain, vectors[i].plain, len);
	}
	memset(plain, 0xff, sizeof(plain));
	b32_encode(coded, plain, sizeof(plain));
	assert_string_equal(coded, "77777777777777777777777774");
	assert_true(b32_decode(plain, sizeof(plain), coded));
	assert_int_equal(plain[15], 0xff);
}

/* One value has one spelling. */
static void
test_b32_refusals(void **state)
{
	static const char *const bad[] = {
		"MZXW6", "mzxw", "mzxw1", "mzxw0", "mzxw8", "mzxw=", "mzxw ",
		"mzx-6", "\xc5\xb5\xc5\xb5z", "",
	};
	unsigned char	plain[16];
	size_t		i;

	(void)state;
	for (i = 0; i < N(bad); i++)
		assert_false(b32_decode(plain, 3, bad[i]));
	assert_true(b32_decode(plain, 1, "my"));
	assert_false(b32_decode(plain, 1, "mz"));
	assert_false(b32_decode(plain, 2, "mzxr"));
	assert_false(b32_decode(plain, 3, "mzxw7"));
	assert_false(b32_decode(plain, 4, "mzxw6yr"));
	assert_false(b32_decode(plain, 16, "77777777777777777777777775"));
}

/* The record formats say: four bytes, most significant first. */
static void
test_bytes(void **state)
{
	static const unsigned char	known[] = { 0xf1, 0x02, 0x80, 0x00 };
	unsigned char			p[6] = { 7, 0, 0, 0, 0, 7 };

	(void)state;
	bytes_put32(p + 1, 0xf1028000u);
	assert_memory_equal(p + 1, known, sizeof(known));
	assert_int_equal(p[0], 7);
	assert_int_equal(p[5], 7);
	assert_int_equal(bytes_get32(known), 0xf1028000u);
}

static void
test_b32_numbers(void **state)
{
	char		s[8];
	unsigned int	value = 77;

	(void)state;
	b32_put(s, 3, 0);
	assert_string_equal(s, "aaa");
	b32_put(s, 3, 32767);
	assert_string_equal(s, "777");
	b32_put(s, 3, 1 * 1024 + 2 * 32 + 26);
	assert_string_equal(s, "bc2");
	assert_true(b32_get("bc2", 3, &value));
	assert_int_equal(value, 1 * 1024 + 2 * 32 + 26);
	assert_true(b32_get("7", 1, &value));
	assert_int_equal(value, 31);
	value = 77;
	assert_false(b32_get("a", 2, &value));
	assert_false(b32_get("A", 1, &value));
	assert_false(b32_get("", 1, &value));
	assert_int_equal(value, 77);
}

static void
test_err(void **state)
{
	struct err	e;
	char		longer[sizeof(e.msg) + 100];

	(void)state;
	assert_int_equal(err_set(&e, ERR_BUSY, "%s is %d", "box", 3),
	    ERR_BUSY);
	assert_int_equal(e.code, ERR_BUSY);
	assert_string_equal(e.msg, "box is 3");
	assert_int_equal(err_prefix(&e, "%s: ", "wave"), ERR_BUSY);
	assert_string_equal(e.msg, "wave: box is 3");

	errno = ENOENT;
	assert_int_equal(err_sys(&e, "open %s", "x"), ERR_SYS);
	assert_int_equal(e.code, ERR_SYS);
	assert_string_equal(e.msg, "open x: No such file or directory");

	/* Too long is cut, and the end is still there. */
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(err_set(&e, ERR_INPUT, "%s", longer), ERR_INPUT);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
	assert_int_equal(err_prefix(&e, "file:1: "), ERR_INPUT);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
	assert_memory_equal(e.msg, "file:1: aaa", 11);
	errno = ENOENT;
	assert_int_equal(err_sys(&e, "%s", longer), ERR_SYS);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
	assert_int_equal(err_prefix(&e, "%s", longer), ERR_SYS);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buf_ceiling),
		cmocka_unit_test(test_buf_growth),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_control),
		cmocka_unit_test(test_b32),
		cmocka_unit_test(test_b32_refusals),
		cmocka_unit_test(test_b32_numbers),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_err),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
