/*
 * test_publication.c - a whole tree published: SCORING 4 to 8, 11 and 12.
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

#include "core/publication.h"
#include "io/scoreinput.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static void
vector_path(char *out, size_t size, const char *name)
{
	const char *dir = getenv("SRCDIR");

	snprintf(out, size, "%s/tests/vectors/%s", dir != NULL ? dir : ".",
	    name);
}

static void
publish(struct publication *p, const char *answers, enum protect protect)
{
	struct publication_input	in;
	struct scoreinput		read;
	char				u[512], a[512];
	struct err			e;

	vector_path(u, sizeof(u), "ex2_tree.csv");
	vector_path(a, sizeof(a), answers);
	assert_int_equal(scoreinput_read(&read, u, a, &e), ERR_OK);
	memset(&in, 0, sizeof(in));
	scoreinput_fill(&in, &read);
	in.k = 10;
	in.protect = protect;
	assert_int_equal(publication_make(p, &in, &e), ERR_OK);
	scoreinput_wipe(&read);
}

struct expected {
	const char		*id, *instead;	/* "": published */
	uint64_t		 n;
	bool			 partial;
	enum detail		 detail;
	uint64_t		 atom;		/* `suppress` only */
	const char		*cells;
};

static void
compare(const struct publication *p, const struct expected *x, size_t n)
{
	const struct pub_unit	*u;
	size_t			 i;

	assert_true(p->safe);
	for (i = 0; i < n; i++) {
		print_message("  %s\n", x[i].id);
		u = &p->unit[i];
		assert_string_equal(u->id, x[i].id);
		if (x[i].n == 0) {
			assert_int_not_equal(u->status, UNIT_PUBLISHED);
			assert_string_equal(u->shown_instead == UNIT_NONE ?
			    "none" : p->unit[u->shown_instead].id,
			    x[i].instead);
			continue;
		}
		assert_int_equal(u->status, UNIT_PUBLISHED);
		assert_int_equal(u->responses, x[i].n);
		assert_int_equal(u->partial, x[i].partial);
		assert_int_equal(u->detail, x[i].detail);
		if (p->protect == PROTECT_CARRY)
			continue;
		assert_int_equal(u->atom_min, x[i].atom);
		assert_string_equal(p->cells[i], x[i].cells);
	}
}

/* SCORING 12, example 2, `suppress`; T1's 14 are 13 for significance */
static void
test_suppress(void **state)
{
	static const struct expected x[] = {
		{ "ORG", "", 74, false, DETAIL_FIVE, 10, "D3 ORG T8" },
		{ "D1", "", 31, false, DETAIL_THREE, 17, "T2 T3" },
		{ "T1", "", 14, false, DETAIL_BASIC, 13, "T1" },
		{ .id = "T2", .instead = "D1" },
		{ .id = "T3", .instead = "D1" },
		{ "D2", "", 23, false, DETAIL_THREE, 11, "T5 T6" },
		{ "T4", "", 12, false, DETAIL_BASIC, 12, "T4" },
		{ .id = "T5", .instead = "D2" },
		{ .id = "T6", .instead = "D2" },
		{ .id = "D3", .instead = "ORG" },
		{ "T7", "", 10, false, DETAIL_BASIC, 10, "T7" },
		{ .id = "T8", .instead = "ORG" },
	};
	struct publication p;

	(void)state;
	publish(&p, "ex2_answers.csv", PROTECT_SUPPRESS);
	compare(&p, x, COUNT(x));
	assert_int_equal(p.unit[3].status, UNIT_SECONDARY);
	assert_int_equal(p.unit[4].status, UNIT_PRIMARY);
	assert_int_equal(p.unit[1].rate, 74);
	assert_int_equal(p.unit[1].invited, 42);
	assert_false(p.unit[1].low_rate);
	assert_int_equal(p.unit[0].sense[SENSE_BELONGING].sum, 182);
	assert_int_equal(p.unit[1].sense[SENSE_BELONGING].sum, 73);
	assert_int_equal(p.unit[2].sense[SENSE_SIGNIFICANCE].n, 13);
	assert_int_equal(p.unit[0].sense[SENSE_SECURITY].vs_org, ORG_NONE);
	assert_int_equal(p.unit[1].sense[SENSE_SECURITY].vs_org, ORG_SAME);
	assert_int_equal(p.unit[0].sense[SENSE_SECURITY].change,
	    CHANGE_ABSENT);
	publication_wipe(&p);
}

/* SCORING 12, example 2, `carry` */
static void
test_carry(void **state)
{
	static const struct expected x[] = {
		{ "ORG", "", 74, false, DETAIL_THREE, 0, "" },
		{ "D1", "", 25, true, DETAIL_BASIC, 0, "" },
		{ "T1", "", 14, false, DETAIL_BASIC, 0, "" },
		{ "T2", "", 11, false, DETAIL_BASIC, 0, "" },
		{ .id = "T3", .instead = "ORG" },
		{ "D2", "", 23, false, DETAIL_BASIC, 0, "" },
		{ "T4", "", 12, false, DETAIL_BASIC, 0, "" },
		{ .id = "T5", .instead = "D2" },
		{ .id = "T6", .instead = "D2" },
		{ "D3", "", 10, true, DETAIL_BASIC, 0, "" },
		{ "T7", "", 10, false, DETAIL_BASIC, 0, "" },
		{ .id = "T8", .instead = "ORG" },
	};
	struct publication p;

	(void)state;
	publish(&p, "ex2_answers.csv", PROTECT_CARRY);
	compare(&p, x, COUNT(x));
	assert_int_equal(p.unit[1].invited, 42);	/* whole subtree */
	assert_int_equal(p.unit[1].rate, 74);		/* 31 of 42, 7.9 */
	publication_wipe(&p);
}

/* SCORING 12, example 2b: nine answers to one sense are too few */
static void
test_one_missing(void **state)
{
	static const struct expected x[] = {
		{ "ORG", "", 74, false, DETAIL_FIVE, 19, "D3 ORG T7 T8" },
		{ "D1", "", 31, false, DETAIL_THREE, 17, "T2 T3" },
		{ "T1", "", 14, false, DETAIL_BASIC, 13, "T1" },
		{ .id = "T2", .instead = "D1" },
		{ .id = "T3", .instead = "D1" },
		{ "D2", "", 23, false, DETAIL_BASIC, 11, "T5 T6" },
		{ "T4", "", 12, false, DETAIL_BASIC, 12, "T4" },
		{ .id = "T5", .instead = "D2" },
		{ .id = "T6", .instead = "D2" },
		{ .id = "D3", .instead = "ORG" },
		{ .id = "T7", .instead = "ORG" },
		{ .id = "T8", .instead = "ORG" },
	};
	static const struct expected carry[] = {
		{ "ORG", "", 66, true, DETAIL_THREE, 0, "" },
		{ "D1", "", 25, true, DETAIL_BASIC, 0, "" },
		{ "T1", "", 14, false, DETAIL_BASIC, 0, "" },
		{ "T2", "", 11, false, DETAIL_BASIC, 0, "" },
		{ .id = "T3", .instead = "none" },
		{ "D2", "", 23, false, DETAIL_BASIC, 0, "" },
		{ "T4", "", 12, false, DETAIL_BASIC, 0, "" },
		{ .id = "T5", .instead = "D2" },
		{ .id = "T6", .instead = "D2" },
		{ "D3", "", 18, false, DETAIL_BASIC, 0, "" },
		{ .id = "T7", .instead = "D3" },
		{ .id = "T8", .instead = "D3" },
	};
	struct publication p;

	(void)state;
	publish(&p, "ex2b_answers.csv", PROTECT_SUPPRESS);
	compare(&p, x, COUNT(x));
	publication_wipe(&p);
	publish(&p, "ex2b_answers.csv", PROTECT_CARRY);
	compare(&p, carry, COUNT(carry));
	publication_wipe(&p);
}

/* A above B, B above C and D; 15 invited each, n answers, half 2 and half 4. */
#define FAMILY	4

struct family {
	struct tree			tree;
	struct counts			cell[FAMILY];
	struct publication_input	in;
};

static void
family_init(struct family *c, const uint64_t n[FAMILY])
{
	static const char	*const id[] = { "A", "B", "C", "D" };
	static const char	*const parent[] = { "", "A", "B", "B" };
	struct tally		*t;
	struct err		 e;
	unsigned int		 line;
	int			 i, s;

	memset(c, 0, sizeof(*c));
	tree_init(&c->tree);
	for (i = 0; i < FAMILY; i++) {
		assert_int_equal(tree_add(&c->tree, id[i], parent[i], "", 15,
		    0, &e), ERR_OK);
		c->cell[i].responses = n[i];
		for (s = 0; s < SENSE__MAX; s++) {
			t = &c->cell[i].sense[s];
			t->n = n[i];
			t->c[1] = n[i] / 2;
			t->c[3] = n[i] - t->c[1];
			t->sum = t->c[1] + 3 * t->c[3];
			t->square = t->c[1] + 9 * t->c[3];
		}
	}
	assert_int_equal(tree_finish(&c->tree, &line, &e), ERR_OK);
	c->in.tree = &c->tree;
	c->in.cell = c->cell;
	c->in.k = 10;
	for (s = 0; s < SENSE__MAX; s++) {
		c->in.scale[s] = 4;
		memcpy(c->in.wording[s], "x:1", 4);
	}
}

/* SCORING 11 */
static void
test_refused(void **state)
{
	static const uint64_t		n[FAMILY] = { 15, 15, 15, 15 };
	static const struct {
		unsigned int	k;
		enum err_code	rc;
	} cases[] = {
		{ 4, ERR_INPUT }, { 5, ERR_OK }, { 100, ERR_OK },
		{ 101, ERR_INPUT },
	};
	struct publication	p;
	struct family		c;
	struct err		e;
	size_t			i;

	(void)state;
	family_init(&c, n);
	for (i = 0; i < COUNT(cases); i++) {
		c.in.k = cases[i].k;
		assert_int_equal(publication_make(&p, &c.in, &e),
		    cases[i].rc);
		publication_wipe(&p);
	}
	c.in.k = 10;
	c.cell[1].responses = 16;
	assert_int_equal(publication_make(&p, &c.in, &e), ERR_INPUT);
	assert_non_null(strstr(e.msg, "unit B"));
	assert_null(strstr(e.msg, "16"));	/* 9.4 */
	assert_int_equal(p.n, 0);
	tree_wipe(&c.tree);
}

/* Too few answers everywhere is no error: SCORING 4.1 and 10.4 */
static void
test_nothing(void **state)
{
	static const uint64_t	n[FAMILY] = { 2, 2, 2, 2 };
	struct publication	p;
	struct family		c;
	struct err		e;
	int			mode, i;

	(void)state;
	family_init(&c, n);
	for (mode = PROTECT_SUPPRESS; mode <= PROTECT_CARRY; mode++) {
		c.in.protect = (enum protect)mode;
		assert_int_equal(publication_make(&p, &c.in, &e), ERR_OK);
		assert_true(p.safe);
		for (i = 0; i < FAMILY; i++) {
			assert_int_equal(p.unit[i].status, UNIT_PRIMARY);
			assert_int_equal(p.unit[i].shown_instead, UNIT_NONE);
			assert_int_equal(p.unit[i].responses, 0);
			assert_null(p.cells[i]);
		}
		publication_wipe(&p);
	}
	tree_wipe(&c.tree);
}

/* SCORING 7: N is of the cells in the figures, also those where nobody spoke */
static void
test_invited(void **state)
{
	static const uint64_t	n[FAMILY] = { 5, 14, 0, 0 };
	struct publication	p;
	struct family		c;
	struct err		e;

	(void)state;
	family_init(&c, n);
	c.in.protect = PROTECT_CARRY;
	assert_int_equal(publication_make(&p, &c.in, &e), ERR_OK);
	assert_true(p.unit[0].partial);
	assert_false(p.unit[1].partial);
	/* the figures of A are those of B: 14 among 45 invited, A's 15 apart;
	 * mean 5, sd 2.594373, h 2.160 * sd / sqrt(14) * sqrt(31 / 45) */
	assert_int_equal(p.unit[0].sense[0].n, 14);
	assert_int_equal(p.unit[0].sense[0].lo, 37);
	assert_int_equal(p.unit[1].sense[0].lo, 37);
	assert_int_equal(p.unit[0].invited, 60);
	publication_wipe(&p);
	tree_wipe(&c.tree);
}

/*
 * SCORING 6: a unit where nobody answered is included in the nearest figures
 * above, though nothing of it is carried there: D's pool ends nowhere.
 */
static void
test_silent(void **state)
{
	static const uint64_t	n[FAMILY] = { 3, 0, 12, 0 };
	struct publication	p;
	struct family		c;
	struct err		e;

	(void)state;
	family_init(&c, n);
	c.in.protect = PROTECT_CARRY;
	assert_int_equal(publication_make(&p, &c.in, &e), ERR_OK);
	assert_int_equal(p.unit[1].status, UNIT_PUBLISHED);
	assert_int_equal(p.unit[3].status, UNIT_PRIMARY);
	assert_int_equal(p.unit[3].shown_instead, 1);
	publication_wipe(&p);
	tree_wipe(&c.tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suppress),
		cmocka_unit_test(test_carry),
		cmocka_unit_test(test_one_missing),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_invited),
		cmocka_unit_test(test_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
