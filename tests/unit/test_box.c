/*
 * test_box.c - the only changes a box may go through.
 *
 * DESIGN 4, STANDARDS H10, H11 and section 4.  Every test looks at the records
 * themselves, as the attacker of that table does.
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

#include "core/box.h"

static unsigned char pub[CRYPT_KEY], secret[CRYPT_KEY];
static struct err err;

/* Secrets that differ in their first byte only. */
static const unsigned char *
secret_of(unsigned char n)
{
	static unsigned char s[4][TOKEN_LEN];
	static int	     next;

	next = (next + 1) % 4;
	memset(s[next], 0, TOKEN_LEN);
	s[next][0] = n;
	return s[next];
}

static const unsigned char all_four[ITEMS_MAX] = { 4, 4, 4, 4, 4, 4 };
static const unsigned char all_two[ITEMS_MAX] = { 2, 2, 2, 2, 2, 2 };

/* Three people: tokens 1 and 2 of unit 7, token 3 of unit 9. */
static void
fill(struct box *b)
{
	const struct seat seven = { .unit = 7, .lang = 0 };
	const struct seat nine = { .unit = 9, .lang = 1 };

	box_init(b);
	box_add_token(b, secret_of(1), &seven);
	box_add_token(b, secret_of(2), &seven);
	box_add_token(b, secret_of(3), &nine);
}

static enum box_verdict
answer(struct box *b, unsigned char token, unsigned char code,
    const unsigned char *answers)
{
	enum box_verdict v;

	assert_int_equal(box_answer(b, secret_of(token), secret_of(code),
	    &(struct box_given){ answers, NULL, pub }, &v, &err), ERR_OK);
	return v;
}

static enum box_verdict
change(struct box *b, unsigned char from, unsigned char code,
    const unsigned char *answers)
{
	enum box_verdict v;

	assert_int_equal(box_change(b, secret_of(from), secret_of(code),
	    &(struct box_given){ answers, NULL, pub }, &v, &err), ERR_OK);
	return v;
}

/* The only ballot of the box. */
static struct ballot
only_ballot(const struct box *b)
{
	struct ballot ballot;

	assert_int_equal(box_ballots(b), 1);
	assert_int_equal(box_open_ballot(b, 0, pub, secret, &ballot, &err),
	    ERR_OK);
	return ballot;
}

static void
test_record(void **state)
{
	struct box	b;
	struct ballot	ballot;

	(void)state;
	fill(&b);
	assert_int_equal(answer(&b, 3, 50, all_four), BOX_RECORDED);
	assert_int_equal(box_token(&b, secret_of(3)), TOKEN_USED);
	assert_int_equal(box_token(&b, secret_of(1)), TOKEN_UNUSED);
	assert_int_equal(box_used(&b), 1);
	ballot = only_ballot(&b);
	assert_int_equal(ballot.unit, 9);
	assert_memory_equal(ballot.answer, all_four, ITEMS_MAX);
	box_wipe(&b);
}

/* H11: the same form twice gives one ballot; the later answers stand. */
static void
test_same_form_twice(void **state)
{
	struct box b;

	(void)state;
	fill(&b);
	assert_int_equal(answer(&b, 1, 50, all_four), BOX_RECORDED);
	assert_int_equal(answer(&b, 1, 50, all_two), BOX_RECORDED);
	assert_memory_equal(only_ballot(&b).answer, all_two, ITEMS_MAX);
	assert_int_equal(box_used(&b), 1);
	box_wipe(&b);
}

/* H11: a different form with a used token changes nothing. */
static void
test_second_form_is_refused(void **state)
{
	struct box b;

	(void)state;
	fill(&b);
	answer(&b, 1, 50, all_four);
	assert_int_equal(answer(&b, 1, 51, all_two), BOX_ANSWERED);
	assert_memory_equal(only_ballot(&b).answer, all_four, ITEMS_MAX);
	box_wipe(&b);
}

/* H11: an unused token with a code that exists gets a fresh form. */
static void
test_unused_token_with_a_used_code(void **state)
{
	struct box b;

	(void)state;
	fill(&b);
	answer(&b, 1, 50, all_four);
	assert_int_equal(answer(&b, 2, 50, all_two), BOX_FRESH_FORM);
	assert_int_equal(box_token(&b, secret_of(2)), TOKEN_UNUSED);
	assert_memory_equal(only_ballot(&b).answer, all_four, ITEMS_MAX);
	box_wipe(&b);
}

static void
test_unknown_token(void **state)
{
	struct box b;

	(void)state;
	fill(&b);
	assert_int_equal(answer(&b, 99, 50, all_four), BOX_NO_TOKEN);
	assert_int_equal(box_ballots(&b), 0);
	box_wipe(&b);
}

/* A used token and another's code: the ballot keeps the other's unit. */
static void
test_unit_is_the_codes(void **state)
{
	struct box b;

	(void)state;
	fill(&b);
	answer(&b, 3, 50, all_four);
	answer(&b, 1, 51, all_four);
	assert_int_equal(answer(&b, 1, 50, all_two), BOX_RECORDED);
	assert_int_equal(box_ballots(&b), 2);
	assert_int_equal(change(&b, 51, 52, all_two), BOX_RECORDED);
	{
		struct ballot	x, y;

		assert_int_equal(box_open_ballot(&b, 0, pub, secret, &x, &err),
		    ERR_OK);
		assert_int_equal(box_open_ballot(&b, 1, pub, secret, &y, &err),
		    ERR_OK);
		assert_int_equal(x.unit + y.unit, 7 + 9);
	}
	box_wipe(&b);
}

/* H11: a change gives a new code and ends the old one. */
static void
test_change(void **state)
{
	struct box b;

	(void)state;
	fill(&b);
	answer(&b, 3, 50, all_four);
	assert_int_equal(change(&b, 50, 60, all_two), BOX_RECORDED);
	assert_int_equal(only_ballot(&b).unit, 9);
	assert_memory_equal(only_ballot(&b).answer, all_two, ITEMS_MAX);
	assert_false(box_has_code(&b, secret_of(50)));
	assert_int_equal(change(&b, 50, 61, all_four), BOX_NO_TOKEN);
	print_message("  the same change again is harmless\n");
	assert_int_equal(change(&b, 50, 60, all_two), BOX_RECORDED);
	print_message("  the first form, sent again, brings nothing back\n");
	assert_int_equal(answer(&b, 3, 50, all_four), BOX_ANSWERED);
	assert_memory_equal(only_ballot(&b).answer, all_two, ITEMS_MAX);
	box_wipe(&b);
}

static void
test_change_cannot_end_anothers_ballot(void **state)
{
	struct box b;

	(void)state;
	fill(&b);
	answer(&b, 1, 50, all_four);
	answer(&b, 2, 51, all_two);
	assert_int_equal(change(&b, 50, 51, all_two), BOX_FRESH_FORM);
	assert_int_equal(box_ballots(&b), 2);
	box_wipe(&b);
}

/* H13 and DESIGN 4: whatever is answered, every record has its one length. */
static void
test_nothing_of_the_token_in_the_ballot(void **state)
{
	struct box		 b;
	const struct box_record	*r;
	const unsigned char	*ballot;
	size_t			 i, k, n, len;

	(void)state;
	fill(&b);
	answer(&b, 1, 50, all_four);
	assert_int_equal(b.record[0].key[0], 'B');
	ballot = box_value(&b, 0, &len);
	assert_int_equal(len, BOX_B_VALUE);
	for (i = 1; i < b.n; i++) {
		r = &b.record[i];
		/* no eight bytes of a token's record stand in the ballot's */
		for (k = 1; k + 8 <= BOX_KEY; k++)
			for (n = 0; n + 8 <= BOX_B_VALUE; n++)
				assert_memory_not_equal(r->key + k,
				    ballot + n, 8);
	}
	for (i = 1; i < b.n; i++)
		assert_true(memcmp(b.record[i - 1].key, b.record[i].key,
		    BOX_KEY) < 0);
	box_wipe(&b);
}

static void
test_other_keys_open_nothing(void **state)
{
	unsigned char	other_pub[CRYPT_KEY], other[CRYPT_KEY];
	struct ballot	ballot;
	struct box	b;

	(void)state;
	crypt_keypair(other_pub, other);
	fill(&b);
	answer(&b, 1, 50, all_four);
	assert_int_equal(box_open_ballot(&b, 0, other_pub, other, &ballot,
	    &err), ERR_CORRUPT);
	box_wipe(&b);
}

static void
test_foreign_records_are_refused(void **state)
{
	unsigned char	key[BOX_KEY] = { 'T' }, value[BOX_B_VALUE] = { 0 };
	struct box	b;

	(void)state;
	box_init(&b);
	print_message("  wrong length of key\n");
	assert_int_equal(box_append(&b, key, BOX_KEY - 1, value, BOX_T_VALUE,
	    &err), ERR_CORRUPT);
	print_message("  wrong length of value\n");
	assert_int_equal(box_append(&b, key, BOX_KEY, value, BOX_B_VALUE,
	    &err), ERR_CORRUPT);
	print_message("  neither used nor unused\n");
	value[0] = 2;
	assert_int_equal(box_append(&b, key, BOX_KEY, value, BOX_T_VALUE,
	    &err), ERR_CORRUPT);
	print_message("  an unknown kind\n");
	key[0] = 'X';
	assert_int_equal(box_append(&b, key, BOX_KEY, value, BOX_T_VALUE,
	    &err), ERR_CORRUPT);
	print_message("  a key twice\n");
	key[0] = 'T';
	value[0] = 0;
	assert_int_equal(box_append(&b, key, BOX_KEY, value, BOX_T_VALUE,
	    &err), ERR_OK);
	assert_int_equal(box_append(&b, key, BOX_KEY, value, BOX_T_VALUE,
	    &err), ERR_OK);
	assert_int_equal(box_sort(&b, &err), ERR_CORRUPT);
	box_wipe(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_same_form_twice),
		cmocka_unit_test(test_second_form_is_refused),
		cmocka_unit_test(test_unused_token_with_a_used_code),
		cmocka_unit_test(test_unknown_token),
		cmocka_unit_test(test_unit_is_the_codes),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_change_cannot_end_anothers_ballot),
		cmocka_unit_test(test_nothing_of_the_token_in_the_ballot),
		cmocka_unit_test(test_other_keys_open_nothing),
		cmocka_unit_test(test_foreign_records_are_refused),
	};

	if (!crypt_init())
		return 1;
	crypt_keypair(pub, secret);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
