/*
 * test_tree.c - units in order, and the trees that are refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/tree.h"

struct line {
	const char *id, *parent;
};

static void
fill(struct tree *t, const struct line *line, size_t n)
{
	struct err	e;
	size_t		i;

	tree_init(t);
	for (i = 0; i < n; i++)
		assert_int_equal(tree_add(t, line[i].id, line[i].parent, "N",
		    (uint32_t)i, (unsigned int)i + 2, &e), ERR_OK);
}

/* SCORING 2: children by id, bytewise: '-' 'A' 'Z' '_' 'a', and T10 < T2. */
static void
test_order(void **state)
{
	static const struct line lines[] = {
		{ "T2", "D" }, { "a", "ORG" }, { "_", "ORG" }, { "D", "ORG" },
		{ "T10", "D" }, { "-", "ORG" }, { "ORG", "" }, { "Z", "ORG" },
		{ "T10x", "T10" },
	};
	static const char *const order[] = {
		"ORG", "-", "D", "T10", "T10x", "T2", "Z", "_", "a"
	};
	static const uint32_t	parent[] = {
		UNIT_NONE, 0, 0, 2, 3, 2, 0, 0, 0
	};
	static const uint32_t	end[] = { 9, 2, 6, 5, 5, 6, 7, 8, 9 };
	struct tree		t;
	struct err		e;
	unsigned int		line;
	uint32_t		i;

	(void)state;
	fill(&t, lines, 9);
	assert_int_equal(tree_finish(&t, &line, &e), ERR_OK);
	assert_int_equal(t.n, 9);
	for (i = 0; i < 9; i++) {
		assert_string_equal(t.unit[i].id, order[i]);
		assert_int_equal(t.unit[i].parent, parent[i]);
		assert_int_equal(t.unit[i].end, end[i]);
		assert_int_equal(tree_find(&t, order[i]), i);
	}
	assert_int_equal(t.unit[5].invited, 0);	/* T2 came first */
	assert_int_equal(t.unit[0].line, 8);
	assert_int_equal(tree_find(&t, "T1"), UNIT_NONE);
	assert_int_equal(tree_find(&t, ""), UNIT_NONE);
	assert_true(tree_above(&t, 0, 8));
	assert_true(tree_above(&t, 2, 2));
	assert_true(tree_above(&t, 2, 4));
	assert_false(tree_above(&t, 2, 6));
	assert_false(tree_above(&t, 4, 3));
	for (i = 1; i < 9; i++)		/* by_id is in byte order */
		assert_true(strcmp(t.unit[t.by_id[i - 1]].id,
		    t.unit[t.by_id[i]].id) < 0);
	tree_wipe(&t);
}

static const struct {
	const char	*name;
	struct line	 line[4];
	size_t		 n;
	unsigned int	 at;	/* first line is 2 */
	const char	*word;
} refused[] = {
	{ "no unit at all", { { "", "" } }, 0, 0, "no root" },
	{ "two roots", { { "A", "" }, { "B", "A" }, { "C", "" } }, 3, 4,
	    "second root" },
	{ "an id twice", { { "A", "" }, { "B", "A" }, { "B", "A" } }, 3, 4,
	    "twice" },
	{ "the root's id twice", { { "A", "" }, { "A", "" } }, 2, 3, "twice" },
	{ "an unknown parent", { { "A", "" }, { "B", "X" } }, 2, 3,
	    "unknown parent" },
	{ "a unit below itself", { { "A", "" }, { "B", "B" } }, 2, 3,
	    "cycle" },
	{ "a cycle of two, and one that hangs on it",
	    { { "A", "" }, { "X", "B" }, { "B", "C" }, { "C", "B" } }, 4, 4,
	    "cycle" },
	{ "no root, since all are in a cycle", { { "A", "B" }, { "B", "A" } },
	    2, 2, "no root" },
};

/* SCORING 11 */
static void
test_refused(void **state)
{
	struct tree	t;
	struct err	e;
	unsigned int	line;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		print_message("  %s\n", refused[i].name);
		fill(&t, refused[i].line, refused[i].n);
		line = 99;
		assert_int_equal(tree_finish(&t, &line, &e), ERR_INPUT);
		assert_non_null(strstr(e.msg, refused[i].word));
		assert_non_null(strstr(e.msg, "expected"));
		if (strstr(refused[i].name, "cycle of two") != NULL)
			assert_true(line == 4 || line == 5);
		else
			assert_int_equal(line, refused[i].at);
		tree_wipe(&t);
	}
}

static void
test_ids(void **state)
{
	static const char	*good[] = { "A", "-", "_", "a-Z_09",
				    "abcdefghijklmnopqrstuvwxyz012345" };
	static const char	*bad[] = { "", " ", "a b", "a.b", "\xc3\xa9",
				    "a\n",
				    "abcdefghijklmnopqrstuvwxyz0123456" };
	struct tree		t;
	struct err		e;
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(unit_id_valid(good[i], strlen(good[i])));
	tree_init(&t);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(unit_id_valid(bad[i], strlen(bad[i])));
		assert_int_equal(tree_add(&t, bad[i], "", "", 0, 1, &e),
		    ERR_INPUT);
	}
	assert_int_equal(t.n, 0);
	tree_wipe(&t);
}

/* One chain as deep as may be: no recursion, no quadratic step. */
static void
test_deepest(void **state)
{
	char		id[16], parent[16] = "";
	struct tree	t;
	struct err	e;
	unsigned int	line, i;

	(void)state;
	tree_init(&t);
	for (i = 0; i < UNITS_MAX; i++) {
		snprintf(id, sizeof(id), "%u", i);
		assert_int_equal(tree_add(&t, id, parent, "", 0, 0, &e),
		    ERR_OK);
		memcpy(parent, id, sizeof(id));
	}
	assert_int_equal(tree_add(&t, "more", "0", "", 0, 0, &e), ERR_INPUT);
	assert_int_equal(tree_finish(&t, &line, &e), ERR_OK);
	assert_int_equal(t.n, UNITS_MAX);
	assert_int_equal(t.unit[1000].end, UNITS_MAX);
	assert_string_equal(t.unit[199999].id, "199999");
	assert_string_equal(t.unit[0].name, "");
	tree_wipe(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_deepest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
