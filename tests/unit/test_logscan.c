/*
 * test_logscan.c - links and change codes in the bytes of a log.
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

#include "base/b32.h"
#include "core/logscan.h"

#define LINK	"acabbaaaaaaaaaaaaaaaaaaaaaaaaae"
#define OPTOUT	"aaaaaaaaaaaaaaaaaaaaaaaaae"

/* What is told, as "LINE KIND" words: c canary, a link, o opt-out, = code. */
static const struct {
	const char	*name, *log, *told;
} cases[] = {
	{ "nothing", "", "" },
	{ "a link in an access log (H14)",
	    "\"GET /a/" LINK " HTTP/1.1\" 200\n", "1a" },
	{ "in the third line", "x\n\n/a/" LINK "\n", "3a" },
	{ "at the very end", "/a/" LINK, "1a" },
	{ "behind a folder of base_url", "/pulse/a/" LINK "?x", "1a" },
	{ "with its slashes escaped", "u=%2Fa%2f" LINK "&", "1a" },
	{ "in a sentence of an error log",
	    "\"/a/" LINK "\" failed (2: No such file)", "1a" },
	{ "in capitals", "/A/ACABBAAAAAAAAAAAAAAAAAAAAAAAAAE ", "1a" },
	{ "an opt-out link", "GET /o/" OPTOUT " ", "1o" },
	{ "a code in a body", "code=" LINK "&lang=cy", "1=" },
	{ "a code as people type it",
	    "code=acab-baaa-aaaa-aaaa-aaaa-aaaa-aaaa-aae&", "1=" },
	{ "and with plus signs for its spaces",
	    "code=ACAB+baaa+aaaa+aaaa+aaaa+aaaa+aaaa+aae&", "1=" },
	{ "each line once", "/a/" LINK " /a/" LINK "\n/a/" LINK "\n", "1a2a" },
	{ "one letter short", "/a/acabbaaaaaaaaaaaaaaaaaaaaaaaaa ", "" },
	{ "one letter long", "/a/" LINK "a ", "" },
	{ "followed by a digit that no link has", "/a/" LINK "9 ", "" },
	{ "a last letter that no link ends in",
	    "/a/acabbaaaaaaaaaaaaaaaaaaaaaaaaaf ", "" },
	{ "another folder", "/b/" LINK " ", "" },
	{ "a folder that only ends in a", "/data/" LINK " ", "" },
	{ "over the end of a line", "/a/acabbaaaaaaaa\naaaaaaaaaaaaaaaae\n",
	    "" },
	{ "a percent sign that escapes nothing", "%/a/" LINK "% ", "1a" },
	{ "an escaped end of line does not count", "%0a/a/" LINK "\n", "1a" },
	{ "the canary", "x\n/a/" LOGSCAN_CANARY " HTTP", "2c" },
	{ "the canary in an opt-out link",
	    "/o/sbutacanaryanditisnotalink ", "1c" },
	{ "with other characters between its letters",
	    "canary-and IT is.not a-link", "1c" },
	{ "not enough of it", "narY and it is not a link", "" },
	{ "half a canary, then a whole one",
	    "anaryandit anaryanditisnotalink", "1c" },
	{ "one that begins inside another",
	    "anaryanaryanditisnotalink", "1c" },
	{ "its tail escaped", "anaryanditisnotalin%6B", "1c" },
	{ "over the end of a line", "anaryandit\nisnotalink", "" },
};

struct told {
	char	text[256];
};

static void
found(void *arg, uint64_t line, enum logscan_kind kind)
{
	static const char	letters[] = "cao=";
	struct told		*t = arg;
	size_t			 len = strlen(t->text);

	assert_true(line < 10 && len + 3 < sizeof(t->text));
	t->text[len] = (char)('0' + line);
	t->text[len + 1] = letters[kind];
	t->text[len + 2] = '\0';
}

/* In pieces of every size from 1 byte to all: the same is found. */
static void
test_cases(void **state)
{
	struct logscan	s;
	struct told	t;
	size_t		i, at, len, piece, n;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		len = strlen(cases[i].log);
		for (piece = 1; piece <= len + 1; piece++) {
			memset(&t, 0, sizeof(t));
			logscan_init(&s, found, &t);
			for (at = 0; at < len; at += n) {
				n = len - at < piece ? len - at : piece;
				logscan_feed(&s, cases[i].log + at, n);
			}
			logscan_end(&s);
			assert_string_equal(t.text, cases[i].told);
		}
	}
}

/* Whoever opens it has opened no link, whatever key a wave has. */
static void
test_canary_is_no_link(void **state)
{
	unsigned char	secret[TOKEN_LEN];
	struct link	l;
	char		hash[OPTOUT_HASH_LEN + 1];
	const char	*tail = LOGSCAN_CANARY + LINK_LEN - OPTOUT_LEN;

	(void)state;
	assert_int_equal(strlen(LOGSCAN_CANARY), LINK_LEN);
	assert_int_equal(strspn(LOGSCAN_CANARY,
	    "abcdefghijklmnopqrstuvwxyz234567"), LINK_LEN);
	assert_false(link_parse(LOGSCAN_CANARY, LINK_LEN, &l));
	assert_false(code_parse(LOGSCAN_CANARY, LINK_LEN, &l));
	assert_false(b32_decode(secret, sizeof(secret), tail));
	assert_false(optout_hash(hash, tail, OPTOUT_LEN));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_canary_is_no_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
