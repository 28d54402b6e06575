/*
 * test_comments.c - comments from the form to the publication: CONTENT 6.
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

#include "base/mem.h"
#include "core/ballot.h"
#include "core/comments.h"
#include "io/published.h"
#include "scratch.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static unsigned char	pub[CRYPT_KEY], secret[CRYPT_KEY];
static struct err	err;

static const struct {
	const char	*name, *typed, *kept;	/* NULL: refused */
} typed[] = {
	{ "plain text stays", "More hands on nights.",
	    "More hands on nights." },
	{ "Welsh stays", "\xc5\xb5yn a t\xc5\xb7", "\xc5\xb5yn a t\xc5\xb7" },
	{ "markup is text", "<b>&amp;</b>", "<b>&amp;</b>" },
	{ "line ends are spaces", "one\r\ntwo\nthree", "one two three" },
	{ "a header is one line", "x\r\nBcc: a@b.example",
	    "x Bcc: a@b.example" },
	{ "several spaces are one", "  a  .   b  ", "a . b" },
	{ "tabs and bells are spaces", "\ta\ab\x7f", "a b" },
	{ "C1 controls and line separators are spaces",
	    "a\xc2\x85" "b\xe2\x80\xa8" "c", "a b c" },
	{ "marks that turn the text are spaces",
	    "a\xe2\x80\xae" "b\xe2\x81\xa6" "c\xe2\x80\xaa", "a b c" },
	{ "their neighbours stay", "a\xe2\x80\xa9\xe2\x80\x99" "b",
	    "a \xe2\x80\x99" "b" },
	{ "right-to-left letters stay", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
	    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d" },
	{ "spaces alone are nothing", " \r\n ", "" },
	{ "nothing is nothing", "", "" },
	{ "a lone continuation byte is refused", "a\x80", NULL },
	{ "a character cut short is refused", "\xf0\x9f\x98", NULL },
	{ "an overlong form is refused", "\xc0\xaf", NULL },
};

static void
test_clean(void **state)
{
	char	*s;
	size_t	 i;

	(void)state;
	for (i = 0; i < COUNT(typed); i++) {
		print_message("  %s\n", typed[i].name);
		s = mem_str(typed[i].typed);
		assert_int_equal(comment_clean(s), typed[i].kept != NULL);
		assert_string_equal(s, typed[i].kept != NULL ?
		    typed[i].kept : typed[i].typed);
		free(s);
	}
}

/* So many times the same character. */
static char *
repeat(const char *c, size_t n)
{
	size_t	 len = strlen(c), i;
	char	*s = mem_zero(n * len + 1, 1);

	for (i = 0; i < n; i++)
		memcpy(s + i * len, c, len);
	return s;
}

static const struct {
	const char	*name, *character;
	size_t		 most;
} widths[] = {
	{ "500 letters", "e", 500 },
	{ "500 characters of two bytes", "\xc5\xb5", 500 },
	{ "333 of three: 999 bytes", "\xe0\xb8\x81", 333 },
	{ "250 of four: 1,000 bytes", "\xf0\x9f\x98\x80", 250 },
};

static void
test_limits(void **state)
{
	char	*s;
	size_t	 i;

	(void)state;
	for (i = 0; i < COUNT(widths); i++) {
		print_message("  %s, and not one more\n", widths[i].name);
		s = repeat(widths[i].character, widths[i].most);
		assert_true(comment_fits(s));
		free(s);
		s = repeat(widths[i].character, widths[i].most + 1);
		assert_false(comment_fits(s));
		free(s);
	}
}

static void
round_trip(const char *comment, unsigned char answer)
{
	struct ballot	b = { .unit = 70000, .comments = true }, back;
	unsigned char	sealed[BALLOT_LONG_SEALED + 1];

	memset(b.answer, answer, sizeof(b.answer));
	memcpy(b.comment, comment, strlen(comment) + 1);
	sealed[BALLOT_LONG_SEALED] = 0xa5;
	ballot_seal(sealed, pub, &b);
	assert_int_equal(sealed[BALLOT_LONG_SEALED], 0xa5);
	assert_int_equal(ballot_open(sealed, ballot_sealed(true), pub, secret,
	    &back, &err), ERR_OK);
	assert_int_equal(back.unit, 70000);
	assert_memory_equal(back.answer, b.answer, sizeof(b.answer));
	assert_string_equal(back.comment, comment);
	assert_int_equal(ballot_open(sealed, ballot_sealed(false), pub,
	    secret, &back, &err), ERR_CORRUPT);
}

/* H13: every sealed ballot of the wave has the same bytes to show. */
static void
test_every_length(void **state)
{
	char	*s;
	size_t	 i, n;

	(void)state;
	assert_int_equal(ballot_sealed(false), 80);
	assert_int_equal(ballot_sealed(true), 1080);
	for (i = 0; i < COUNT(widths); i++)
		for (n = 0; n <= widths[i].most; n++) {
			s = repeat(widths[i].character, n);
			round_trip(s, (unsigned char)(n % 6));
			free(s);
		}
}

/*
 * ORG has a few people of its own; D1 has T1 and T2 below it, D2 has T3.
 * Level 1 is ORG, level 2 the two D, level 3 the teams.
 */
enum { ORG, D1, T1, T2, D2, T3, UNITS };

static struct tree	tree;
static struct counts	cell[UNITS];

static void
respond(uint32_t unit, uint64_t n)
{
	int s;

	memset(&cell[unit], 0, sizeof(cell[unit]));
	cell[unit].responses = n;
	for (s = 0; s < SENSE__MAX; s++)
		cell[unit].sense[s] = (struct tally){ n, 2 * n, 4 * n,
		    { 0, 0, n, 0, 0 } };
}

static void
publish(struct publication *p, enum protect protect)
{
	struct publication_input in = { .tree = &tree, .cell = cell, .k = 10,
					.protect = protect };
	int s;

	for (s = 0; s < SENSE__MAX; s++)
		in.scale[s] = 4;
	assert_int_equal(publication_make(p, &in, &err), ERR_OK);
}

static void
write_comments(struct comments *c, uint32_t unit, unsigned int n)
{
	unsigned int	i;
	char		text[80];

	for (i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "of %s, the %uth",
		    tree.unit[unit].id, i);
		comments_add(c, unit, text);
	}
}

static size_t
shown(const struct comments *c, uint32_t unit)
{
	size_t i, n = 0;

	for (i = 0; i < c->n; i++)
		n += c->of[i].unit == unit;
	return n;
}

static const unsigned char seeds[2][CRYPT_KEY] = { { 1 }, { 2 } };

static const struct {
	const char	*name;
	unsigned int	 level, responses, comments;	/* of T1 */
	uint32_t	 unit;
	size_t		 shown;
} limits[] = {
	{ "20 responses, 5 comments: shown", 3, 20, 5, T1, 5 },
	{ "19 responses: none", 3, 19, 19, T1, 0 },
	{ "4 comments: none", 3, 30, 4, T1, 0 },
	{ "a level up they are the larger unit's", 2, 20, 5, D1, 5 },
	{ "at the root they are everybody's", 1, 20, 5, ORG, 5 },
	{ "below the tree there is nobody to show them to", 4, 30, 30, T1,
	    0 },
};

static void
test_limits_of_a_unit(void **state)
{
	struct publication	p;
	struct comments		c;
	size_t			i;

	(void)state;
	for (i = 0; i < COUNT(limits); i++) {
		print_message("  %s\n", limits[i].name);
		memset(cell, 0, sizeof(cell));
		respond(T1, limits[i].responses);
		respond(T3, 12);
		publish(&p, PROTECT_SUPPRESS);
		c = (struct comments){ .level = limits[i].level };
		write_comments(&c, T1, limits[i].comments);
		comments_choose(&c, &p, seeds[0]);
		assert_int_equal(c.n, limits[i].shown);
		assert_int_equal(shown(&c, limits[i].unit), limits[i].shown);
		assert_true(comments_sound(&c, &p));
		comments_wipe(&c);
		publication_wipe(&p);
	}
}

/* One level only, so no two sets of comments can be subtracted. */
static void
test_one_level(void **state)
{
	struct publication	p;
	struct comments		c = { .level = 2 };
	size_t			i;

	(void)state;
	memset(cell, 0, sizeof(cell));
	respond(ORG, 10);
	respond(D1, 10);
	respond(T1, 30);
	respond(T2, 30);
	respond(T3, 30);
	publish(&p, PROTECT_SUPPRESS);
	write_comments(&c, ORG, 9);
	write_comments(&c, D1, 2);
	write_comments(&c, T1, 2);
	write_comments(&c, T2, 2);
	write_comments(&c, T3, 6);
	comments_choose(&c, &p, seeds[0]);
	print_message("  those above the level are nobody's\n");
	assert_int_equal(shown(&c, D1), 6);
	assert_int_equal(shown(&c, D2), 6);
	assert_int_equal(c.n, 12);
	for (i = 0; i < c.n; i++)
		assert_int_equal(strncmp(c.of[i].text, "of ORG", 6) == 0, 0);
	comments_wipe(&c);
	publication_wipe(&p);
}

static void
test_hidden_units(void **state)
{
	struct publication	p;
	struct comments		c = { .level = 3 };

	(void)state;
	memset(cell, 0, sizeof(cell));
	respond(T1, 25);
	respond(T2, 4);		/* hidden, and so is its sister */
	respond(T3, 40);
	publish(&p, PROTECT_SUPPRESS);
	assert_int_not_equal(p.unit[T1].status, UNIT_PUBLISHED);
	assert_int_equal(p.unit[T3].status, UNIT_PUBLISHED);
	write_comments(&c, T1, 20);
	write_comments(&c, T2, 4);
	write_comments(&c, T3, 5);
	comments_choose(&c, &p, seeds[0]);
	assert_int_equal(c.n, 5);
	assert_int_equal(shown(&c, T3), 5);
	comments_wipe(&c);
	publication_wipe(&p);
}

/* SCORING 9.3: under carry only those whom the unit's own figures count. */
static void
test_carried_people(void **state)
{
	struct publication	p;
	struct comments		c = { .level = 2 };
	size_t			i;

	(void)state;
	memset(cell, 0, sizeof(cell));
	respond(T1, 25);
	respond(T2, 4);		/* with D1's own too few: goes up to ORG */
	respond(D1, 3);
	respond(T3, 19);
	respond(D2, 2);		/* goes up: D2 itself counts 19 */
	respond(ORG, 20);
	publish(&p, PROTECT_CARRY);
	assert_int_equal(p.unit[D1].responses, 25);
	assert_int_equal(p.unit[D2].responses, 19);
	write_comments(&c, T1, 6);
	write_comments(&c, T2, 4);
	write_comments(&c, D1, 3);
	write_comments(&c, T3, 10);
	write_comments(&c, D2, 2);
	comments_choose(&c, &p, seeds[0]);
	assert_int_equal(c.n, 6);
	assert_int_equal(shown(&c, D1), 6);
	for (i = 0; i < c.n; i++)
		assert_memory_equal(c.of[i].text, "of T1", 5);
	comments_wipe(&c);
	publication_wipe(&p);
}

#define MANY	40

/* The order in which MANY comments of one unit come out. */
static void
order_of(const struct publication *p, const unsigned char seed[CRYPT_KEY],
    unsigned int at[MANY])
{
	struct comments	c = { .level = 3 };
	size_t		i;

	write_comments(&c, T1, MANY);
	comments_choose(&c, p, seed);
	assert_int_equal(c.n, MANY);
	for (i = 0; i < MANY; i++)
		assert_int_equal(sscanf(c.of[i].text, "of T1, the %uth",
		    &at[i]), 1);
	comments_wipe(&c);
}

/* STANDARDS 4, hole 15: the order in the boxes tells nothing. */
static void
test_order(void **state)
{
	struct publication	p;
	unsigned int		a[MANY], b[MANY], seen[MANY] = { 0 };
	unsigned int		first[MANY] = { 0 }, fixed = 0, same = 0, i, n;
	unsigned char		seed[CRYPT_KEY] = { 0 };

	(void)state;
	memset(cell, 0, sizeof(cell));
	respond(T1, MANY);
	publish(&p, PROTECT_SUPPRESS);
	order_of(&p, seeds[0], a);
	order_of(&p, seeds[1], b);
	for (i = 0; i < MANY; i++) {
		seen[a[i]]++;
		fixed += a[i] == i;
		same += a[i] == b[i];
	}
	print_message("  each stands there once\n");
	for (i = 0; i < MANY; i++)
		assert_int_equal(seen[i], 1);
	print_message("  not as they came, and not twice the same way\n");
	assert_in_range(fixed, 0, 8);
	assert_in_range(same, 0, 8);
	print_message("  whoever wrote first stands anywhere\n");
	for (n = 0; n < 4000; n++) {
		memcpy(seed, &n, sizeof(n));
		order_of(&p, seed, a);
		for (i = 0; a[i] != 0; i++)
			;
		first[i]++;
	}
	for (i = 0; i < MANY; i++)
		assert_in_range(first[i], 50, 160);	/* 100 +- 6 sigma */
	publication_wipe(&p);
}

/* What the file holds comes back, and figures are as without comments. */
static void
test_file(void **state)
{
	struct publication	p, back;
	struct comments		c = { .level = 2 }, read;
	char			*path = scratch_path("p");
	size_t			i;

	(void)state;
	memset(cell, 0, sizeof(cell));
	respond(T1, 20);
	respond(T3, 20);
	publish(&p, PROTECT_SUPPRESS);
	snprintf(p.wave, sizeof(p.wave), "staff-1");
	snprintf(p.survey, sizeof(p.survey), "staff");
	snprintf(c.reader, sizeof(c.reader), "Eleri Rees");
	write_comments(&c, T1, 5);
	write_comments(&c, T3, 7);
	comments_choose(&c, &p, seeds[0]);
	assert_int_equal(published_write(path, &p, &c, &err), ERR_OK);
	assert_int_equal(published_read(path, &back, &err), ERR_OK);
	for (i = 0; i < p.n; i++)
		assert_memory_equal(back.unit[i].sense, p.unit[i].sense,
		    sizeof(p.unit[i].sense));
	assert_int_equal(published_comments(path, &back, &read, &err),
	    ERR_OK);
	assert_int_equal(read.n, 12);
	assert_int_equal(read.level, 2);
	assert_string_equal(read.reader, "Eleri Rees");
	assert_false(read.released);
	for (i = 0; i < c.n; i++) {
		assert_int_equal(read.of[i].unit, c.of[i].unit);
		assert_string_equal(read.of[i].text, c.of[i].text);
	}
	comments_wipe(&read);
	print_message("  four of a unit may not stand there\n");
	c.of[0].unit = UNIT_NONE;
	comments_sweep(&c);
	assert_int_equal(published_write(path, &p, &c, &err), ERR_OK);
	assert_int_equal(published_comments(path, &back, &read, &err),
	    ERR_CORRUPT);
	print_message("  but when its reader has held one back\n");
	c.released = true;
	assert_int_equal(published_write(path, &p, &c, &err), ERR_OK);
	assert_int_equal(published_comments(path, &back, &read, &err),
	    ERR_OK);
	assert_int_equal(read.n, 11);
	comments_wipe(&read);
	print_message("  no comments are none\n");
	assert_int_equal(published_write(path, &p, NULL, &err),
	    ERR_OK);
	assert_int_equal(published_comments(path, &back, &read, &err),
	    ERR_OK);
	assert_int_equal(read.n, 0);
	comments_wipe(&c);
	publication_wipe(&p);
	publication_wipe(&back);
	free(path);
}

static int
set_up(void **state)
{
	static const char *const units[UNITS][2] = {
		{ "ORG", "" }, { "D1", "ORG" }, { "T1", "D1" }, { "T2", "D1" },
		{ "D2", "ORG" }, { "T3", "D2" }
	};
	unsigned int	line;
	size_t		i;

	tree_init(&tree);
	for (i = 0; i < UNITS; i++)
		assert_int_equal(tree_add(&tree, units[i][0], units[i][1],
		    units[i][0], 60, 0, &err), ERR_OK);
	assert_int_equal(tree_finish(&tree, &line, &err), ERR_OK);
	return scratch_make(state);
}

static int
tear_down(void **state)
{
	tree_wipe(&tree);
	return scratch_remove(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_limits_of_a_unit),
		cmocka_unit_test(test_one_level),
		cmocka_unit_test(test_hidden_units),
		cmocka_unit_test(test_carried_people),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_file),
	};

	if (!crypt_init())
		return 1;
	crypt_keypair(pub, secret);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
