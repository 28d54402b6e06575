/*
 * test_suppress.c - nobody's group is ever small: SCORING 3, 4 and 5.
 *
 * Worked example 2, the choices of S3, and the deepest tree.  Random trees are
 * in test_suppress_literal.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/suppress.h"

#define SMALL	24

/* One unit with the same number of answers to every sense but the last. */
struct line {
	const char	*id, *parent;
	uint64_t	 n, last;
};

static struct answers *
plant(struct tree *t, const struct line *line, size_t n)
{
	struct answers	*cell = calloc(n, sizeof(*cell));
	struct err	 e;
	unsigned int	 at;
	size_t		 i;
	uint32_t	 u;
	int		 s;

	assert_non_null(cell);
	tree_init(t);
	for (i = 0; i < n; i++)
		assert_int_equal(tree_add(t, line[i].id, line[i].parent, "",
		    0, 0, &e), ERR_OK);
	assert_int_equal(tree_finish(t, &at, &e), ERR_OK);
	for (i = 0; i < n; i++) {
		u = tree_find(t, line[i].id);
		for (s = 0; s < SENSE__MAX; s++)
			cell[u].n[s] = line[i].n;
		cell[u].n[SENSE__MAX - 1] = line[i].last;
	}
	return cell;
}

/* One letter a unit, in pre-order: Published, primary (.), secondary (x). */
static void
expect(const struct line *line, size_t n, enum protect protect,
    const char *letters, const char *home)
{
	struct suppression	s;
	struct answers		*cell;
	struct tree		t;
	struct err		e;
	char			got[SMALL + 1] = "", in[SMALL + 1] = "";
	uint32_t		i;

	cell = plant(&t, line, n);
	assert_int_equal(suppress_run(&s, &t, cell, 10, protect, &e), ERR_OK);
	for (i = 0; i < n; i++) {
		got[i] = "P.x?"[s.status[i]];
		in[i] = s.home[i] == UNIT_NONE ? '-' :
		    (char)('a' + (char)s.home[i]);
	}
	assert_string_equal(got, letters);
	assert_string_equal(in, home);
	suppress_wipe(&s);
	tree_wipe(&t);
	free(cell);
}

/* a ORG, b D1, c T1, d T2, e T3, f D2, g T4, h T5, i T6, j D3, k T7, l T8 */
static const struct line example2[] = {
	{ "ORG", "", 2, 2 }, { "D1", "ORG", 0, 0 }, { "T1", "D1", 14, 13 },
	{ "T2", "D1", 11, 11 }, { "T3", "D1", 6, 6 }, { "D2", "ORG", 0, 0 },
	{ "T4", "D2", 12, 12 }, { "T5", "D2", 4, 4 }, { "T6", "D2", 7, 7 },
	{ "D3", "ORG", 3, 3 }, { "T7", "D3", 10, 10 }, { "T8", "D3", 5, 5 },
};

/* SCORING 12, example 2 */
static void
test_example(void **state)
{
	(void)state;
	expect(example2, 12, PROTECT_SUPPRESS, "PPPx.PP..xP.",
	    "abcbbfgffaka");
	expect(example2, 12, PROTECT_CARRY, "PPPP.PP..PP.", "aacdafgffaka");
}

/* SCORING 12, example 2b: T7 has 9 of one sense */
static void
test_example_b(void **state)
{
	struct line line[12];

	(void)state;
	memcpy(line, example2, sizeof(line));
	line[10].last = 9;
	expect(line, 12, PROTECT_SUPPRESS, "PPPx.PP..x..", "abcbbfgffaaa");
	expect(line, 12, PROTECT_CARRY, "PPPP.PP..P..", "--cd-fgffjjj");
}

/* SCORING 3 and S1: k itself is enough, and every sense counts */
static void
test_threshold(void **state)
{
	static const struct line	ten[] = { { "A", "", 10, 10 } };
	static const struct line	nine[] = { { "A", "", 10, 9 } };
	static const struct line	none[] = { { "A", "", 0, 0 } };

	(void)state;
	expect(ten, 1, PROTECT_SUPPRESS, "P", "a");
	expect(ten, 1, PROTECT_CARRY, "P", "a");
	expect(nine, 1, PROTECT_SUPPRESS, ".", "-");
	expect(nine, 1, PROTECT_CARRY, ".", "-");
	expect(none, 1, PROTECT_SUPPRESS, ".", "-");
	expect(none, 1, PROTECT_CARRY, ".", "-");
}

/* S3: which of several goes */
static void
test_choice(void **state)
{
	/* C and B are as small: B has the smaller id */
	static const struct line	tie[] = {
		{ "A", "", 3, 3 }, { "B", "A", 12, 12 }, { "C", "A", 12, 12 },
		{ "D", "A", 40, 40 },
	};
	/* the smaller B has an empty atom: hiding it alone would not help */
	static const struct line	hollow[] = {
		{ "A", "", 3, 3 }, { "B", "A", 0, 0 }, { "B1", "B", 12, 12 },
		{ "C", "A", 30, 30 },
	};
	/* only an empty atom is there to hide, then what is below it */
	static const struct line	empty[] = {
		{ "A", "", 3, 3 }, { "B", "A", 0, 0 }, { "B1", "B", 12, 12 },
	};
	/* an atom without any answer is safe (SCORING 14) */
	static const struct line	silent[] = {
		{ "A", "", 0, 0 }, { "B", "A", 12, 12 }, { "C", "A", 0, 0 },
	};

	(void)state;
	expect(tie, 4, PROTECT_SUPPRESS, "PxPP", "aacd");
	expect(hollow, 4, PROTECT_SUPPRESS, "PPPx", "abca");
	expect(empty, 3, PROTECT_SUPPRESS, "Pxx", "aaa");
	expect(silent, 3, PROTECT_SUPPRESS, "PP.", "aba");
	expect(silent, 3, PROTECT_CARRY, "PP.", "-b-");
}

/*
 * The deepest chain with one answer at the top, ten at the bottom and none
 * between: each step of S3 and S4 looks past all units between.
 */
static void
test_long_chain(void **state)
{
	struct suppression	s;
	struct answers		*cell = calloc(UNITS_MAX, sizeof(*cell));
	char			id[16], parent[16] = "";
	struct tree		t;
	struct err		e;
	uint32_t		i;
	unsigned int		line;
	int			c;

	(void)state;
	tree_init(&t);
	for (i = 0; i < UNITS_MAX; i++) {
		snprintf(id, sizeof(id), "%u", i);
		assert_int_equal(tree_add(&t, id, parent, "", 0, 0, &e),
		    ERR_OK);
		memcpy(parent, id, sizeof(id));
	}
	assert_int_equal(tree_finish(&t, &line, &e), ERR_OK);
	for (c = 0; c < SENSE__MAX; c++) {
		cell[0].n[c] = 1;
		cell[UNITS_MAX - 1].n[c] = 10;
	}
	assert_int_equal(suppress_run(&s, &t, cell, 10, PROTECT_SUPPRESS, &e),
	    ERR_OK);
	assert_int_equal(s.status[0], UNIT_PUBLISHED);
	assert_int_equal(s.atom_min[0], 11);
	for (i = 1; i < UNITS_MAX; i++)
		assert_int_equal(s.status[i], UNIT_SECONDARY);
	suppress_wipe(&s);
	tree_wipe(&t);
	free(cell);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_example_b),
		cmocka_unit_test(test_threshold),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_long_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
