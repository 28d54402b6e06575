/*
 * test_question.c - items, their order, and what one ballot counts for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/question.h"

static const struct langs langs = { 2, { "en", "cy" } };

static void
add_item(struct question_set *q, const char *key, unsigned int version)
{
	struct item	*it = &q->item[q->n++];
	size_t		 j;

	memset(it, 0, sizeof(*it));
	memcpy(it->key, key, strlen(key) + 1);
	it->version = version;
	for (j = 0; j < langs.n; j++) {
		it->text[j] = mem_str("I feel safe.");
		it->hint[j] = mem_str("");
	}
}

/* The six core items, last sense first. */
static void
fill(struct question_set *q)
{
	int s;

	memset(q, 0, sizeof(*q));
	q->stem[0] = mem_str("How much do you agree?");
	q->stem[1] = mem_str("Faint?");
	for (s = SENSE__MAX; s-- > 0; )
		add_item(q, sense_key((enum sense)s), 1);
}

static void
test_langs(void **state)
{
	(void)state;
	assert_int_equal(langs_find(&langs, "cy"), 1);
	assert_int_equal(langs_find(&langs, "fr"), 2);
}

static const struct {
	const char	*key;
	bool		 good, core;
	enum sense	 sense;
} keys[] = {
	{ "security", true, true, SENSE_SECURITY },
	{ "security_a", true, false, SENSE_SECURITY },
	{ "significance_b", true, false, SENSE_SIGNIFICANCE },
	{ "security_c", false, false, 0 },
	{ "security_", false, false, 0 },
	{ "security_a_b", false, false, 0 },
	{ "secur", false, false, 0 },
	{ "_a", false, false, 0 },
	{ "", false, false, 0 },
};

/* CONTENT 2 */
static void
test_keys(void **state)
{
	struct item	it;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		memset(&it, 0, sizeof(it));
		memcpy(it.key, keys[i].key, strlen(keys[i].key) + 1);
		assert_int_equal(item_place(&it), keys[i].good);
		if (!keys[i].good)
			continue;
		assert_int_equal(it.sense, keys[i].sense);
		assert_int_equal(it.core, keys[i].core);
	}
}

/* SCORING 2: Q_s is the core item, then the others; D is 4, 8 or 24 */
static void
test_sets(void **state)
{
	struct question_set	q;
	struct err		e;
	char			wording[WORDING_MAX + 1];

	(void)state;
	fill(&q);
	add_item(&q, "security_b", 3);
	add_item(&q, "security_a", 12);
	add_item(&q, "purpose_b", 1);
	assert_int_equal(question_check(&q, &langs, &e), ERR_OK);
	assert_string_equal(q.item[0].key, "security");
	assert_string_equal(q.item[1].key, "security_a");
	assert_string_equal(q.item[2].key, "security_b");
	assert_string_equal(q.item[3].key, "continuity");
	assert_string_equal(q.item[8].key, "significance");
	assert_int_equal(question_find(&q, "purpose_bX", 9), 6);
	assert_int_equal(question_find(&q, "purpose_bX", 10), q.n);
	assert_int_equal(question_scale(&q, SENSE_SECURITY), 24);
	assert_int_equal(question_scale(&q, SENSE_PURPOSE), 8);
	assert_int_equal(question_scale(&q, SENSE_BELONGING), 4);
	question_wording(&q, SENSE_SECURITY, wording);
	assert_string_equal(wording, "security:1,security_a:12,security_b:3");
	question_wording(&q, SENSE_BELONGING, wording);
	assert_string_equal(wording, "belonging:1");
	question_wipe(&q);
}

enum fault {
	DOUBLED, NO_CORE, UNKNOWN, NO_TEXT, EMPTY_TEXT, LINE_BREAK, NO_STEM,
	NO_VERSION, FAULT__MAX
};

static const struct {
	const char	*name, *word;
} faults[FAULT__MAX] = {
	[DOUBLED] = { "a key twice", "security_a" },
	[NO_CORE] = { "no core item for a sense", "belonging" },
	[UNKNOWN] = { "an unknown key", "joy" },
	[NO_TEXT] = { "a text that is missing in Welsh", "cy" },
	[EMPTY_TEXT] = { "an empty text", "en" },
	[LINE_BREAK] = { "a line break in a text", "purpose" },
	[NO_STEM] = { "no stem", "stem" },
	[NO_VERSION] = { "version nought", "version" },
};

static void
plant(struct question_set *q, enum fault fault)
{
	struct item *it = &q->item[2];	/* purpose */

	if (fault == DOUBLED) {
		add_item(q, "security_a", 1);
		add_item(q, "security_a", 1);
	} else if (fault == NO_CORE)
		memcpy(q->item[3].key, "purpose_a", 10);	/* belonging */
	else if (fault == UNKNOWN)
		add_item(q, "joy", 1);
	else if (fault == NO_TEXT) {
		free(it->text[1]);
		it->text[1] = NULL;
	} else if (fault == EMPTY_TEXT)
		it->text[0][0] = '\0';
	else if (fault == LINE_BREAK)
		it->text[0][1] = '\n';
	else if (fault == NO_STEM) {
		free(q->stem[1]);
		q->stem[1] = NULL;
	} else
		it->version = 0;
}

/* SCORING 11, at opening */
static void
test_refused(void **state)
{
	struct question_set	q;
	struct err		e;
	int			i;

	(void)state;
	for (i = 0; i < FAULT__MAX; i++) {
		print_message("  %s\n", faults[i].name);
		fill(&q);
		plant(&q, (enum fault)i);
		assert_int_equal(question_check(&q, &langs, &e), ERR_INPUT);
		assert_non_null(strstr(e.msg, faults[i].word));
		question_wipe(&q);
	}
}

/* SCORING 2: y = L * sum(a - 1) / j, of those who answered the core item */
static void
test_count(void **state)
{
	static const unsigned char	full[ITEMS_MAX] = { 5, 4, 2, 3, 1 };
	static const unsigned char	two[ITEMS_MAX] = { 2, 0, 4 };
	static const unsigned char	no_core[ITEMS_MAX] = { 0, 5, 5 };
	static const unsigned char	other[ITEMS_MAX] = { 0, 5, 5, 0, 2 };
	struct question_set		q;
	struct counts			c;
	struct err			e;

	(void)state;
	memset(&c, 0, sizeof(c));
	fill(&q);
	add_item(&q, "security_a", 1);
	add_item(&q, "security_b", 1);
	assert_int_equal(question_check(&q, &langs, &e), ERR_OK);
	/* security 5, 4, 2: 6 * (4 + 3 + 1) / 3 = 16 of 24 */
	assert_true(question_count(&q, full, &c));
	/* 2 and 4: 6 * (1 + 3) / 2 = 12 */
	assert_true(question_count(&q, two, &c));
	assert_false(question_count(&q, no_core, &c));
	/* counts for belonging alone */
	assert_true(question_count(&q, other, &c));
	assert_int_equal(c.responses, 3);
	assert_int_equal(c.sense[SENSE_SECURITY].n, 2);
	assert_int_equal(c.sense[SENSE_SECURITY].sum, 28);
	assert_int_equal(c.sense[SENSE_SECURITY].square, 256 + 144);
	assert_int_equal(c.sense[SENSE_SECURITY].c[4], 1);
	assert_int_equal(c.sense[SENSE_SECURITY].c[1], 1);
	assert_int_equal(c.sense[SENSE_CONTINUITY].n, 1);
	assert_int_equal(c.sense[SENSE_CONTINUITY].sum, 2);
	assert_int_equal(c.sense[SENSE_BELONGING].n, 2);
	assert_int_equal(c.sense[SENSE_BELONGING].sum, 1);
	assert_int_equal(c.sense[SENSE_SIGNIFICANCE].n, 0);
	question_wipe(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_langs),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
