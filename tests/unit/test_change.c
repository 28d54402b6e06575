/*
 * test_change.c - what two waves may be compared, and the check from outside.
 *
 * SCORING 8, the conditions, and SCORING 5, publication_safe.
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

#include "core/publication.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* Two units, A above B, 12 answers each, 15 invited each. */
struct wave {
	struct tree			tree;
	struct counts			cell[2];
	struct publication_input	in;
};

static void
wave_init(struct wave *w, const char *below)
{
	struct tally	*t;
	struct err	 e;
	unsigned int	 line;
	int		 i, s;

	memset(w, 0, sizeof(*w));
	tree_init(&w->tree);
	assert_int_equal(tree_add(&w->tree, "A", "", "", 15, 0, &e), ERR_OK);
	assert_int_equal(tree_add(&w->tree, below, "A", "", 15, 0, &e),
	    ERR_OK);
	assert_int_equal(tree_finish(&w->tree, &line, &e), ERR_OK);
	for (i = 0; i < 2; i++) {
		w->cell[i].responses = 12;
		for (s = 0; s < SENSE__MAX; s++) {
			t = &w->cell[i].sense[s];
			*t = (struct tally){ 12, 28, 82, { 1, 2, 3, 4, 2 } };
		}
	}
	w->in.tree = &w->tree;
	w->in.cell = w->cell;
	w->in.k = 10;
	for (s = 0; s < SENSE__MAX; s++) {
		w->in.scale[s] = 4;
		memcpy(w->in.wording[s], "x:1", 4);
	}
}

static void
make(struct publication *p, struct wave *w)
{
	struct err e;

	assert_int_equal(publication_make(p, &w->in, &e), ERR_OK);
}

enum twist {
	AS_IT_IS, STAYED_JUST, STAYED_TOO_FEW, STAYED_UNKNOWN, OTHER_PROTECT,
	OTHER_WORDING, OTHER_SCALE, NEW_UNIT, HIDDEN_BEFORE, NO_LAST, TWIST__MAX
};

static const struct {
	const char		*name;
	enum change_word	 a, b;	/* of security */
} twists[TWIST__MAX] = {
	[AS_IT_IS] = { "the same again", CHANGE_NO_CLEAR, CHANGE_NO_CLEAR },
	[STAYED_JUST] = { "two thirds stayed", CHANGE_NO_CLEAR,
	    CHANGE_NO_CLEAR },
	[STAYED_TOO_FEW] = { "one fewer stayed in A", CHANGE_INCOMPARABLE,
	    CHANGE_NO_CLEAR },
	[STAYED_UNKNOWN] = { "nobody counted who stayed", CHANGE_NO_CLEAR,
	    CHANGE_NO_CLEAR },
	[OTHER_PROTECT] = { "another way of protection", CHANGE_INCOMPARABLE,
	    CHANGE_INCOMPARABLE },
	[OTHER_WORDING] = { "another wording", CHANGE_INCOMPARABLE,
	    CHANGE_INCOMPARABLE },
	[OTHER_SCALE] = { "another scale", CHANGE_INCOMPARABLE,
	    CHANGE_INCOMPARABLE },
	[NEW_UNIT] = { "B is new", CHANGE_NO_CLEAR, CHANGE_INCOMPARABLE },
	[HIDDEN_BEFORE] = { "B was hidden", CHANGE_NO_CLEAR,
	    CHANGE_INCOMPARABLE },
	[NO_LAST] = { "the first wave", CHANGE_ABSENT, CHANGE_ABSENT },
};

static void
twist(struct wave *last, struct wave *now, enum twist how)
{
	/* N(A) is 30, N(B) 15: two thirds are 20 and 10 */
	now->in.know_stayed = how != STAYED_UNKNOWN;
	now->tree.unit[0].stayed = how == STAYED_TOO_FEW ? 19 : 20;
	now->tree.unit[1].stayed = 10;
	if (how == STAYED_UNKNOWN)
		now->tree.unit[0].stayed = now->tree.unit[1].stayed = 0;
	if (how == OTHER_PROTECT)
		last->in.protect = PROTECT_CARRY;
	if (how == OTHER_WORDING)
		last->in.wording[SENSE_SECURITY][2] = '2';
	if (how == OTHER_SCALE)
		last->in.scale[SENSE_SECURITY] = 8;
}

/* SCORING 8 */
static void
test_conditions(void **state)
{
	struct publication	before, p;
	struct wave		last, now;
	int			i;

	(void)state;
	for (i = 0; i < TWIST__MAX; i++) {
		print_message("  %s\n", twists[i].name);
		wave_init(&last, i == NEW_UNIT ? "C" : "B");
		wave_init(&now, "B");
		twist(&last, &now, (enum twist)i);
		make(&before, &last);
		if (i == HIDDEN_BEFORE)
			before.unit[1].status = UNIT_HIDDEN;
		now.in.last = i == NO_LAST ? NULL : &before;
		make(&p, &now);
		assert_int_equal(p.unit[0].sense[0].change, twists[i].a);
		assert_int_equal(p.unit[1].sense[0].change, twists[i].b);
		assert_int_equal(p.unit[0].sense[0].has_change_figure,
		    twists[i].a == CHANGE_NO_CLEAR);
		assert_int_equal(p.unit[1].sense[0].has_change_figure,
		    twists[i].b == CHANGE_NO_CLEAR);
		/* another sense does not mind what security was asked */
		if (i == OTHER_WORDING || i == OTHER_SCALE)
			assert_int_equal(p.unit[0].sense[1].change,
			    CHANGE_NO_CLEAR);
		publication_wipe(&before);
		publication_wipe(&p);
		tree_wipe(&last.tree);
		tree_wipe(&now.tree);
	}
}

static const struct {
	const char	*name;
	uint64_t	 n[3];		/* ORG, D, T, one below the other */
	const char	*shown;		/* P or . */
	uint64_t	 less;		/* taken off T's last sense */
	bool		 safe;
} audits[] = {
	{ "k left at every step", { 30, 20, 10 }, "PPP", 0, true },
	{ "nothing left is safe", { 10, 10, 10 }, "PPP", 0, true },
	{ "one left", { 21, 20, 10 }, "PPP", 0, false },
	{ "k less one left below", { 40, 19, 10 }, "PPP", 0, false },
	{ "a hidden unit between is passed over", { 19, 15, 10 }, "P.P", 0,
	    false },
	{ "and safe if enough is left", { 20, 15, 10 }, "P.P", 0, true },
	{ "too few for one sense", { 30, 20, 10 }, "PPP", 1, false },
	{ "nothing left but one answer to one sense", { 11, 11, 11 }, "PPP", 1,
	    false },
	{ "more below than above", { 10, 20, 10 }, "PP.", 0, false },
	{ "nothing published", { 1, 1, 1 }, "...", 0, true },
	{ "nobody at all", { 0, 0, 0 }, "PPP", 0, true },
};

/* SCORING 5: from the published numbers alone */
static void
test_audit(void **state)
{
	struct pub_unit		unit[3];
	struct publication	p;
	size_t			i, j;
	int			s;

	(void)state;
	for (i = 0; i < COUNT(audits); i++) {
		print_message("  %s\n", audits[i].name);
		memset(&p, 0, sizeof(p));
		memset(unit, 0, sizeof(unit));
		p.k = 10;
		p.n = 3;
		p.unit = unit;
		for (j = 0; j < 3; j++) {
			unit[j].parent = j == 0 ? UNIT_NONE :
			    (uint32_t)(j - 1);
			unit[j].status = audits[i].shown[j] == 'P' ?
			    UNIT_PUBLISHED : UNIT_HIDDEN;
			for (s = 0; s < SENSE__MAX; s++)
				unit[j].sense[s].n = audits[i].n[j];
		}
		unit[2].sense[SENSE__MAX - 1].n -= audits[i].less;
		assert_int_equal(publication_safe(&p), audits[i].safe);
	}
	/* a store that never was ours: parents must stand before children */
	unit[1].parent = 2;
	assert_false(publication_safe(&p));
	unit[1].parent = 0;
	p.k = 0;
	assert_false(publication_safe(&p));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_audit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
