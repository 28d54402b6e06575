/*
 * test_form.c - the fields of a form: STANDARDS H2 and H7.
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

#include "core/form.h"
#include "core/page.h"

/* tag "ab" is 1, box "aac" is 2 */
#define LINK	"abaacabcdefghijklmnopqrstuvwxye"
#define CODE	"abaac234567abcdefghijklmnopqrsu"

/* Two of the six senses, one of them with a second item. */
static struct question_set
questions(void)
{
	struct question_set q = { .n = 3 };

	q.item[0] = (struct item){ .key = "security", .core = true };
	q.item[1] = (struct item){ .key = "security_a" };
	q.item[2] = (struct item){ .key = "purpose", .core = true };
	return q;
}

#define BYTES(s)	(s), sizeof(s) - 1

static const struct {
	const char	*name;
	bool		 split, bound;
	const char	*body;
	size_t		 len;
} forms[] = {
	{ "an empty form", true, true, BYTES("") },
	{ "a code and two answers", true, true,
	    BYTES("code=" CODE "&security=5&purpose=1") },
	{ "'Prefer not to say' is an empty value", true, true,
	    BYTES("security=&purpose=3") },
	{ "a name alone has an empty value", true, true, BYTES("security") },
	{ "an encoded value is decoded", true, true, BYTES("security=%35") },
	{ "an encoded name is decoded", true, true,
	    BYTES("%73ecurity%5fa=4") },
	{ "small and capital hexadecimal", true, true,
	    BYTES("security%5Fa=4") },
	{ "6 is no answer", true, false, BYTES("security=6") },
	{ "0 is no answer", true, false, BYTES("security=0") },
	{ "two digits are no answer", true, false, BYTES("security=55") },
	{ "a space is no answer", true, false, BYTES("security=+") },
	{ "an answer and a space are no answer", true, false,
	    BYTES("security=5+") },
	{ "a second sign of equality belongs to the value", true, false,
	    BYTES("security=5=") },
	{ "a field that no question has", true, false, BYTES("colour=5") },
	{ "an item that this set has not", true, false,
	    BYTES("belonging=5") },
	{ "the start of an item's name", true, false, BYTES("secur=5") },
	{ "a comment, which is not configured", true, false,
	    BYTES("comment=x") },
	{ "a comment twice", false, false, BYTES("comment=x&comment=y") },
	{ "a comment with a NUL", false, false, BYTES("comment=a%00b") },
	{ "a comment that is not UTF-8", false, false,
	    BYTES("comment=a%ff") },
	{ "a field without a name", true, false, BYTES("=5") },
	{ "a form that ends in an ampersand", true, false,
	    BYTES("security=5&") },
	{ "an item twice", false, false, BYTES("security=5&security=5") },
	{ "an item twice, once encoded", false, false,
	    BYTES("security=5&securit%79=4") },
	{ "a code twice", false, false,
	    BYTES("code=" CODE "&code=" CODE) },
	{ "an unknown field twice", false, false, BYTES("x=1&x=2") },
	{ "a percent sign at the end", false, false, BYTES("security=%") },
	{ "half an escape at the end", false, false, BYTES("security=%3") },
	{ "an escape that is no number", false, false,
	    BYTES("security=%g5") },
	{ "an escape with a sign", false, false, BYTES("security=%+5") },
	{ "an escaped NUL in a value", false, false,
	    BYTES("security=5%00") },
	{ "an escaped NUL in a name", false, false,
	    BYTES("security%00=5") },
	{ "a bare NUL", false, false, BYTES("security=5\0&purpose=1") },
	{ "an unknown step", false, false, BYTES("step=delete") },
	{ "an empty step", false, false, BYTES("step=") },
	{ "a malformed old code", false, false, BYTES("from=abc") },
	{ "an old code in capitals", false, false,
	    BYTES("from=ABAACABCDEFGHIJKLMNOPQRSTUVWXYE") },
	{ "a language that is none", false, false, BYTES("lang=Welsh") },
	{ "an empty language", false, false, BYTES("lang=") },
	{ "what the link picked", true, true, BYTES("picked=1") },
	{ "the link picked 0", false, false, BYTES("picked=0") },
	{ "the link picked 6", false, false, BYTES("picked=6") },
	{ "the link picked two digits", false, false, BYTES("picked=11") },
	{ "the link picked nothing", false, false, BYTES("picked=") },
	{ "as many fields as there can be", true, false,
	    BYTES("a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t&u&v&w&x") },
	{ "a field too many", false, false,
	    BYTES("a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t&u&v&w&x&y") },
};

static void
test_forms(void **state)
{
	struct question_set	q = questions();
	struct form		f;
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		/* a copy of its own, so that a look behind it is noticed */
		char *body = test_malloc(forms[i].len);

		memcpy(body, forms[i].body, forms[i].len);
		print_message("  %s\n", forms[i].name);
		assert_int_equal(form_split(&f, body, forms[i].len),
		    forms[i].split);
		if (forms[i].split)
			assert_int_equal(form_bind(&f, &q, false),
			    forms[i].bound);
		form_wipe(&f);
		test_free(body);
	}
}

static void
test_form_values(void **state)
{
	static const char	 body[] = "code=" CODE "&from=" LINK
				    "&step=change&lang=cy&security=5"
				    "&security_a=&purpose=2";
	struct question_set	 q = questions();
	struct form		 f;

	(void)state;
	assert_true(form_split(&f, body, sizeof(body) - 1));
	assert_true(form_bind(&f, &q, false));
	assert_true(f.has_code && f.own_code && f.has_from);
	assert_int_equal(f.code.tag, 1);
	assert_int_equal(f.code.box, 2);
	assert_int_equal(f.step, STEP_CHANGE);
	assert_string_equal(f.lang, "cy");
	assert_int_equal(f.answer[0], 5);
	assert_int_equal(f.answer[1], 0);
	assert_int_equal(f.answer[2], 2);
	assert_int_equal(f.chosen[0], 5);
	assert_int_equal(f.chosen[1], ANSWER_SKIP);
	assert_int_equal(f.chosen[2], 2);
	form_wipe(&f);
}

/* A person types a code in groups; one that is wrong is no broken form. */
static void
test_typed_code(void **state)
{
	static const char	good[] = "step=ask&code=ABAA+C234+567a+bcde"
				    "+fghi+jklm+nopq+rsu";
	static const char	bad[] = "step=ask&code=I+lost+it";
	struct form		f;

	(void)state;
	assert_true(form_split(&f, good, sizeof(good) - 1));
	assert_int_equal(f.step, STEP_ASK);
	assert_true(f.has_code);
	assert_false(f.own_code);
	assert_int_equal(f.code.box, 2);
	assert_true(form_split(&f, bad, sizeof(bad) - 1));
	assert_false(f.has_code);
}

/* H7: only the six core questions count, and skipping one is no answer. */
static void
test_answered(void **state)
{
	struct question_set	q = questions();
	struct form		f;

	(void)state;
	assert_true(form_split(&f, BYTES("security_a=5&purpose=")));
	assert_true(form_bind(&f, &q, false));
	assert_false(form_answered(&f, &q));
	assert_true(form_split(&f, BYTES("purpose=1")));
	assert_true(form_bind(&f, &q, false));
	assert_true(form_answered(&f, &q));
}

static const struct {
	const char	*body;
	size_t		 len;
	bool		 taken_back, answered;
} picks[] = {
	{ BYTES("picked=4&security=4"), true, false },
	{ BYTES("picked=4&security=4&security_a=&purpose="), true, false },
	{ BYTES("picked=4&security=5"), false, true },
	{ BYTES("picked=4&security="), false, false },
	{ BYTES("picked=4&security=4&purpose=1"), false, true },
	{ BYTES("picked=4&security=4&security_a=1"), false, true },
	{ BYTES("picked=4&purpose=4"), false, true },
	{ BYTES("security=4"), false, true },
	{ BYTES("picked=4"), false, false },
};

/* H7: the answer that a link picked is none until a person gives another. */
static void
test_picked(void **state)
{
	struct question_set	q = questions();
	struct form		f;
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(picks) / sizeof(picks[0]); i++) {
		print_message("  %s\n", picks[i].body);
		assert_true(form_split(&f, picks[i].body, picks[i].len));
		assert_true(form_bind(&f, &q, false));
		assert_int_equal(form_unpick(&f), picks[i].taken_back);
		assert_int_equal(f.unpicked, picks[i].taken_back);
		assert_int_equal(form_answered(&f, &q), picks[i].answered);
		if (picks[i].taken_back)
			assert_int_equal(f.chosen[0] + f.picked, 0);
		form_wipe(&f);
	}
}

/* A body of the full length, and one byte more. */
static void
test_longest(void **state)
{
	char		body[REQUEST_BODY_MAX + 1];
	struct form	f;

	(void)state;
	memset(body, 'x', sizeof(body));
	assert_true(form_split(&f, body, REQUEST_BODY_MAX));
	assert_int_equal(f.n, 1);
	assert_int_equal(strlen(f.name[0]), REQUEST_BODY_MAX);
	assert_false(form_split(&f, body, REQUEST_BODY_MAX + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_form_values),
		cmocka_unit_test(test_typed_code),
		cmocka_unit_test(test_answered),
		cmocka_unit_test(test_picked),
		cmocka_unit_test(test_longest),
	};

	if (!crypt_init())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
