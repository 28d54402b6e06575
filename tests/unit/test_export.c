/*
 * test_export.c - SCORING 10: the vectors byte for byte, and the odd cells.
 *
 * Reads the example files as `sensectl score` does.
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
#include "core/export.h"
#include "io/scoreinput.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define MEGABYTE	(1U << 20)

static char *
vector_path(const char *name)
{
	const char *dir = getenv("SRCDIR");

	return mem_fmt("%s/tests/vectors/%s", dir != NULL ? dir : ".", name);
}

static char *
slurp(const char *name)
{
	char	*path = vector_path(name), *text = mem_zero(MEGABYTE, 1);
	FILE	*f = fopen(path, "r");

	assert_non_null(f);
	assert_true(fread(text, 1, MEGABYTE - 1, f) > 0);
	fclose(f);
	free(path);
	return text;
}

static void
publish(struct publication *p, const char *units, const char *answers,
    enum protect protect, const struct publication *last)
{
	struct publication_input	in;
	struct scoreinput		read;
	char				*u = vector_path(units);
	char				*a = vector_path(answers);
	struct err			e;

	assert_int_equal(scoreinput_read(&read, u, a, &e), ERR_OK);
	memset(&in, 0, sizeof(in));
	scoreinput_fill(&in, &read);
	in.k = 10;
	in.protect = protect;
	in.last = last;
	assert_int_equal(publication_make(p, &in, &e), ERR_OK);
	scoreinput_wipe(&read);
	free(u);
	free(a);
}

static void
write_out(struct buf *b, const struct publication *p,
    enum export_format format, enum export_kind kind)
{
	const struct export x = { p, format, kind };

	buf_init(b, MEGABYTE);
	export_all(b, &x);
	assert_false(b->over);
}

static const struct {
	const char	*answers, *expected;
	enum protect	 protect;
} vectors[] = {
	{ "ex2_answers.csv", "expected_2S.csv", PROTECT_SUPPRESS },
	{ "ex2_answers.csv", "expected_2C.csv", PROTECT_CARRY },
	{ "ex2b_answers.csv", "expected_2b-S.csv", PROTECT_SUPPRESS },
	{ "ex2b_answers.csv", "expected_2b-C.csv", PROTECT_CARRY },
};

/* SCORING 10.1 and 12 */
static void
test_vectors(void **state)
{
	struct publication	p;
	struct buf		b;
	char			*want;
	size_t			i;

	(void)state;
	for (i = 0; i < COUNT(vectors); i++) {
		print_message("  %s\n", vectors[i].expected);
		publish(&p, "ex2_tree.csv", vectors[i].answers,
		    vectors[i].protect, NULL);
		write_out(&b, &p, EXPORT_CSV, EXPORT_SCORE);
		want = slurp(vectors[i].expected);
		assert_string_equal(buf_str(&b), want);
		free(want);
		buf_wipe(&b);
		publication_wipe(&p);
	}
}

/* SCORING 12, example 1 */
static void
test_change(void **state)
{
	struct publication	last, p;
	struct buf		b;

	(void)state;
	publish(&last, "ex1_tree.csv", "ex1_prev.csv", PROTECT_SUPPRESS,
	    NULL);
	publish(&p, "ex1_tree.csv", "ex1_now.csv", PROTECT_SUPPRESS, &last);
	write_out(&b, &last, EXPORT_CSV, EXPORT_SCORE);
	assert_non_null(strstr(buf_str(&b), "\nA,published,,15,13,87,security,"
	    "13,7.1,6.6,7.7,69%,59,78,,,,,,\n"));
	buf_wipe(&b);
	write_out(&b, &p, EXPORT_CSV, EXPORT_SCORE);
	assert_non_null(strstr(buf_str(&b), "\nA,published,,15,12,80,security,"
	    "12,5.8,4.9,6.8,50%,37,63,,,,,-1.3,no clear change\n"));
	/* all the others answered 3: masked, and no change */
	assert_non_null(strstr(buf_str(&b), "\nA,published,,15,12,80,purpose,"
	    "12,5.0,,,under 17%,,,,,,,0.0,no clear change\n"));
	buf_wipe(&b);
	publication_wipe(&last);
	publication_wipe(&p);
}

/*
 * A tree of one published unit and two hidden ones, as a store gives it back:
 * T, sense security shown at detail five, all else left out of the test.
 */
struct odd {
	struct pub_unit		unit[3];
	struct publication	p;
	char			*cells[3];
};

static void
odd_init(struct odd *o, const char *id, char *name)
{
	static char	 cells[] = "H T";
	struct figure	*f = &o->unit[0].sense[SENSE_SECURITY];
	int		 i;

	memset(o, 0, sizeof(*o));
	*f = (struct figure){ .n = 20, .score = 55, .lo = 41, .hi = 69,
	    .fav = 40, .fav_lo = 30, .fav_hi = 51, .has_bands = true,
	    .has_five = true, .split = true, .band = { 40, 20, 40 },
	    .five = { 20, 20, 20, 20, 20 },
	    .change = CHANGE_POSSIBLE_RISE, .has_change_figure = true,
	    .change_tenths = 12 };
	f[1] = (struct figure){ .n = 20, .score = 98, .clip = CLIP_HIGH,
	    .masked = true, .fav_kind = FAV_OVER, .fav = 90,
	    .everyone = true, .change = CHANGE_INCOMPARABLE };
	memcpy(o->unit[0].id, id, strlen(id));
	o->unit[0].name = name;
	o->unit[0].parent = UNIT_NONE;
	o->unit[0].shown_instead = UNIT_NONE;
	o->unit[0].detail = DETAIL_FIVE;
	o->unit[0].invited = 41;
	o->unit[0].responses = 20;
	o->unit[0].rate = 49;
	o->unit[0].low_rate = true;
	o->unit[0].atom_min = 20;
	for (i = 1; i < 3; i++) {
		o->unit[i] = (struct pub_unit){ .id = "H", .parent = 0,
		    .status = UNIT_SECONDARY, .shown_instead = 0 };
		o->unit[i].name = name;
	}
	o->unit[2].status = UNIT_HIDDEN;
	o->unit[2].shown_instead = UNIT_NONE;
	o->cells[0] = cells;
	o->p = (struct publication){ .wave = "staff-2026q4", .survey = "staff",
	    .k = 10, .safe = true, .n = 3, .unit = o->unit };
}

/* SCORING 10.2: wave and name; no reason; no formula; quotes as in RFC 4180 */
static void
test_published_csv(void **state)
{
	static char	formula[] = "=1+1", quoted[] = "Day, \"night\"";
	struct odd	o;
	struct buf	b;

	(void)state;
	odd_init(&o, "-T", formula);
	o.unit[1].name = quoted;
	write_out(&b, &o.p, EXPORT_CSV, EXPORT_PUBLISHED);
	assert_true(strstr(buf_str(&b), "unit,wave,name,status,shown_instead,"
	    "invited,n,rate,sense,") == buf_str(&b));
	assert_non_null(strstr(buf_str(&b), "\n'-T,staff-2026q4,'=1+1,"
	    "published,,41,20,49,security,20,5.5,4.1,6.9,40%,30,51,40,20,40,,"
	    "1.2,possible rise\n"));
	assert_non_null(strstr(buf_str(&b), "continuity,20,9.5 or more,,,"
	    "over 90%,,,,,,,,no earlier figure to compare\n"));
	assert_non_null(strstr(buf_str(&b), "\nH,staff-2026q4,\"Day, "
	    "\"\"night\"\"\",hidden,'-T,,,,,,,,,,,,,,,,,\n"));
	assert_null(strstr(buf_str(&b), "secondary"));
	buf_wipe(&b);
	/* a change is a number and never gets the mark */
	o.unit[0].sense[0].change_tenths = -12;
	write_out(&b, &o.p, EXPORT_CSV, EXPORT_PUBLISHED);
	assert_non_null(strstr(buf_str(&b), ",-1.2,possible rise\n"));
	buf_wipe(&b);
}

/* SCORING 10.3: keys in this order, nulls, and what the kinds leave out */
static void
test_json(void **state)
{
	static char	name[] = "A \"b\" \\ c";
	struct odd	o;
	struct buf	b;

	(void)state;
	odd_init(&o, "T", name);
	o.p.cells = o.cells;
	write_out(&b, &o.p, EXPORT_JSON, EXPORT_SCORE);
	assert_non_null(strstr(buf_str(&b), "{ \"format\": 1, \"k\": 10, "
	    "\"protect\": \"suppress\", \"safe\": true,\n  \"units\": [\n"
	    "    { \"unit\": \"T\", \"name\": \"A \\\"b\\\" \\\\ c\", "
	    "\"parent\": null, \"status\": \"published\", "
	    "\"shown_instead\": null,\n      \"invited\": 41, \"n\": 20, "
	    "\"rate\": 49, \"low_rate\": true, \"partial\": false, "
	    "\"detail\": \"five\",\n      \"atom\": { \"min\": 20, "
	    "\"cells\": [\"H\", \"T\"] },\n      \"senses\": {\n"
	    "        \"security\": { \"n\": 20, \"score\": \"5.5\", "
	    "\"clipped\": false, \"masked\": false, \"everyone\": false, "
	    "\"lo\": \"4.1\", \"hi\": \"6.9\", \"fav\": \"40%\", "
	    "\"fav_lo\": 30, \"fav_hi\": 51, \"bands\": [40, 20, 40], "
	    "\"five\": [20, 20, 20, 20, 20], \"split\": true, "
	    "\"vs_org\": null, \"change\": \"1.2\", "
	    "\"change_word\": \"possible rise\" },\n"
	    "        \"continuity\": { \"n\": 20, "
	    "\"score\": \"9.5 or more\", \"clipped\": true, "
	    "\"masked\": true, \"everyone\": true, \"lo\": null, "
	    "\"hi\": null, \"fav\": \"over 90%\", \"fav_lo\": null, "
	    "\"fav_hi\": null, \"bands\": null, \"five\": null, "
	    "\"split\": null, \"vs_org\": null, \"change\": null, "
	    "\"change_word\": \"no earlier figure to compare\" },\n"));
	assert_non_null(strstr(buf_str(&b), "\"parent\": \"T\", "
	    "\"status\": \"secondary\", \"shown_instead\": \"T\" },\n"));
	assert_non_null(strstr(buf_str(&b), "\"status\": \"hidden\", "
	    "\"shown_instead\": null } ] }\n"));
	buf_wipe(&b);
	write_out(&b, &o.p, EXPORT_JSON, EXPORT_PUBLISHED);
	assert_true(strstr(buf_str(&b), "{ \"wave\": \"staff-2026q4\", "
	    "\"survey\": \"staff\",\n  \"format\": 1") == buf_str(&b));
	assert_null(strstr(buf_str(&b), "atom"));
	assert_null(strstr(buf_str(&b), "secondary"));
	buf_wipe(&b);
	o.p.protect = PROTECT_CARRY;
	write_out(&b, &o.p, EXPORT_JSON, EXPORT_SCORE);
	assert_null(strstr(buf_str(&b), "atom"));
	buf_wipe(&b);
}

static void
test_text(void **state)
{
	static char	name[] = "North";
	struct odd	o;
	struct buf	b;

	(void)state;
	odd_init(&o, "T", name);
	write_out(&b, &o.p, EXPORT_TEXT, EXPORT_SCORE);
	assert_non_null(strstr(buf_str(&b), "T North: published"));
	assert_non_null(strstr(buf_str(&b), "H North: secondary, counted in"));
	assert_non_null(strstr(buf_str(&b), "5.5 [4.1-6.9]"));
	buf_wipe(&b);
	write_out(&b, &o.p, EXPORT_TEXT, EXPORT_PUBLISHED);
	assert_non_null(strstr(buf_str(&b), "H North: hidden, counted in T"));
	buf_wipe(&b);
}

/* The caller's ceiling holds. */
static void
test_ceiling(void **state)
{
	static char		name[] = "North";
	struct odd		o;
	const struct export	x = { &o.p, EXPORT_CSV, EXPORT_SCORE };
	struct buf		b;

	(void)state;
	odd_init(&o, "T", name);
	buf_init(&b, 300);
	export_all(&b, &x);
	assert_true(b.over && b.len <= 300);
	buf_wipe(&b);
}

static void
test_formats(void **state)
{
	enum export_format f;

	(void)state;
	assert_true(export_format_find("csv", &f) && f == EXPORT_CSV);
	assert_true(export_format_find("json", &f) && f == EXPORT_JSON);
	assert_true(export_format_find("text", &f) && f == EXPORT_TEXT);
	assert_false(export_format_find("xml", &f));
	assert_false(export_format_find("", &f));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_published_csv),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
