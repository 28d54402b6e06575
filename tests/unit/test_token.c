/*
 * test_token.c - links, change codes and opt-out tokens.
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

#include "core/token.h"

static const unsigned char wave_key[CRYPT_KEY] = { 1, 2, 3 };
static const unsigned char other_key[CRYPT_KEY] = { 1, 2, 4 };

/* tag 2 ("ac"), box 33 ("abb"), secret all zero but its last byte. */
static const char plain[] = "acabbaaaaaaaaaaaaaaaaaaaaaaaaae";

static const struct {
	const char	*name, *in;
	int		 link, code;	/* accepted as a link, as a code */
} cases[] = {
	{ "as it was made", "acabbaaaaaaaaaaaaaaaaaaaaaaaaae", 1, 1 },
	{ "a full stop of the sentence is cut off (M15)",
	    "acabbaaaaaaaaaaaaaaaaaaaaaaaaae.", 1, 0 },
	{ "a bracket and a comma are cut off (M15)",
	    "acabbaaaaaaaaaaaaaaaaaaaaaaaaae),", 1, 0 },
	{ "an angle bracket is cut off (M15)",
	    "acabbaaaaaaaaaaaaaaaaaaaaaaaaae>", 1, 0 },
	{ "a code in groups and capitals",
	    "ACAB baaa aaaa-aaaa aaaa aaaa aaaa aae", 0, 1 },
	{ "one character short", "acabbaaaaaaaaaaaaaaaaaaaaaaaaa", 0, 0 },
	{ "one character long", "acabbaaaaaaaaaaaaaaaaaaaaaaaaaea", 0, 0 },
	{ "a digit that base32 has not", "1cabbaaaaaaaaaaaaaaaaaaaaaaaaae",
	    0, 0 },
	{ "spare bits of the last character set: another spelling",
	    "acabbaaaaaaaaaaaaaaaaaaaaaaaaaf", 0, 0 },
	{ "empty", "", 0, 0 },
	{ "punctuation alone", "...............................", 0, 0 },
};

static void
test_parse(void **state)
{
	struct link	l;
	size_t		i, len;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		len = strlen(cases[i].in);
		assert_int_equal(link_parse(cases[i].in, len, &l),
		    cases[i].link);
		if (cases[i].link) {
			assert_int_equal(l.tag, 2);
			assert_int_equal(l.box, 33);
			assert_int_equal(l.secret[15], 1);
		}
		assert_int_equal(code_parse(cases[i].in, len, &l),
		    cases[i].code);
		if (cases[i].code)
			assert_int_equal(l.box, 33);
	}
}

static void
test_format(void **state)
{
	struct link	l = { .tag = 2, .box = 33 }, back;
	char		out[LINK_LEN + 1], shown[CODE_SHOWN];

	(void)state;
	l.secret[15] = 1;
	link_format(out, &l);
	assert_string_equal(out, plain);
	code_show(shown, &l);
	assert_string_equal(shown,
	    "acab baaa aaaa aaaa aaaa aaaa aaaa aae");
	assert_true(code_parse(shown, strlen(shown), &back));
	assert_memory_equal(back.secret, l.secret, TOKEN_LEN);
}

static void
test_limits(void **state)
{
	struct link	l = { .tag = TAG_MAX - 1, .box = BOXES_MAX - 1 }, back;
	char		out[LINK_LEN + 1];

	(void)state;
	memset(l.secret, 0xff, sizeof(l.secret));
	link_format(out, &l);
	assert_int_equal(strlen(out), LINK_LEN);
	assert_true(link_parse(out, LINK_LEN, &back));
	assert_int_equal(back.tag, TAG_MAX - 1);
	assert_int_equal(back.box, BOXES_MAX - 1);
}

static void
test_token_is_made_again(void **state)
{
	unsigned char a[TOKEN_LEN], b[TOKEN_LEN], h[CRYPT_HASH];

	(void)state;
	token_make(a, wave_key, "p1");
	token_make(b, wave_key, "p1");
	assert_memory_equal(a, b, TOKEN_LEN);
	token_make(b, wave_key, "p2");
	assert_memory_not_equal(a, b, TOKEN_LEN);
	token_make(b, other_key, "p1");
	assert_memory_not_equal(a, b, TOKEN_LEN);
	secret_hash(h, a);
	assert_memory_not_equal(h, a, TOKEN_LEN);
}

/* M9, DESIGN 4: no id of a person's mail can be worked out from another. */
static void
test_purposes_differ(void **state)
{
	char	optout[OPTOUT_LEN + 1], bounce[BOUNCE_LEN + 1];
	char	hash[OPTOUT_HASH_LEN + 1];
	unsigned char	who[BOUNCE_WHO];

	(void)state;
	optout_make(optout, wave_key, "x");
	bounce_who(who, wave_key, "", "", "x");
	bounce_id(bounce, wave_key, "w", who);
	assert_int_equal(strlen(optout), OPTOUT_LEN);
	assert_string_not_equal(optout, bounce);
	assert_true(optout_hash(hash, optout, OPTOUT_LEN));
	assert_int_equal(strlen(hash), OPTOUT_HASH_LEN);
	assert_false(optout_hash(hash, optout, OPTOUT_LEN - 1));
	assert_false(optout_hash(hash, "../../../../etc/passwd4567", 26));
}

/* M9: only an ID that we issued counts, and only for its wave. */
static void
test_bounce_ids(void **state)
{
	unsigned char	a[BOUNCE_WHO], b[BOUNCE_WHO];
	char		id[BOUNCE_LEN + 1], other[BOUNCE_LEN + 1];
	size_t		i;

	(void)state;
	bounce_who(a, wave_key, "staff", "p1", "Carys@Taf.example");
	bounce_who(b, wave_key, "staff", "p1", "carys@taf.example");
	assert_memory_equal(a, b, BOUNCE_WHO);
	bounce_id(id, wave_key, "staff-2026q4", a);
	assert_int_equal(strlen(id), BOUNCE_LEN);
	assert_int_equal(strspn(id, "abcdefghijklmnopqrstuvwxyz234567"),
	    BOUNCE_LEN);
	memset(b, 0, sizeof(b));
	assert_true(bounce_check(id, wave_key, "staff-2026q4", b));
	assert_memory_equal(a, b, BOUNCE_WHO);
	assert_false(bounce_check(id, wave_key, "staff-2027q1", b));
	assert_false(bounce_check(id, other_key, "staff-2026q4", b));
	for (i = 0; i < BOUNCE_LEN; i++) {
		memcpy(other, id, sizeof(id));
		other[i] = other[i] == 'a' ? 'b' : 'a';
		assert_false(bounce_check(other, wave_key, "staff-2026q4", b));
	}
	assert_false(bounce_check("", wave_key, "staff-2026q4", b));
}

/* A bounce of one survey, person or address blames no other. */
static void
test_bounce_whom(void **state)
{
	static const char *const	other[][3] = {
		{ "served", "p1", "a@taf.example" },
		{ "staff", "p2", "a@taf.example" },
		{ "staff", "p1", "b@taf.example" },
		{ "staff", "", "a@taf.example" },
	};
	unsigned char			a[BOUNCE_WHO], b[BOUNCE_WHO];
	size_t				i;

	(void)state;
	bounce_who(a, wave_key, "staff", "p1", "a@taf.example");
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		bounce_who(b, wave_key, other[i][0], other[i][1], other[i][2]);
		assert_memory_not_equal(a, b, BOUNCE_WHO);
	}
	bounce_who(b, other_key, "staff", "p1", "a@taf.example");
	assert_memory_not_equal(a, b, BOUNCE_WHO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_token_is_made_again),
		cmocka_unit_test(test_purposes_differ),
		cmocka_unit_test(test_bounce_ids),
		cmocka_unit_test(test_bounce_whom),
	};

	if (!crypt_init())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
