/*
 * test_import.c - what an import says, what it refuses, what it leaves alone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/lock.h"
#include "io/state.h"
#include "staffroster.h"

/* Text with the first `from` in it replaced; the caller frees. */
static char *
change(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	assert_non_null(at);
	return mem_fmt("%.*s%s%s", (int)(at - text), text, to,
	    at + strlen(from));
}

static void
test_dry(void **state)
{
	struct import	*im = must_begin("staff", units, people, true);
	struct roster	*r;
	struct err	 e;
	char		*path;

	(void)state;
	assert_true(import_report(im)->first);
	assert_int_equal(import_report(im)->people, 13);
	assert_int_equal(import_report(im)->units, 5);
	assert_int_equal(import_report(im)->joined, 13);
	assert_int_equal(import_report(im)->unled, 2);
	import_drop(&im);
	assert_int_equal(roster_open(scratch_dir, &r, &e), ERR_ABSENT);
	path = state_path(scratch_dir, STATE_OPTOUT_KNOWN, NULL);
	assert_false(file_exists(path));
	free(path);
	path = scratch_path("roster/roster.gdbm.new");
	assert_false(file_exists(path));
	free(path);
}

static void
test_first(void **state)
{
	(void)state;
	must_import("staff", units, people);
}

static const struct import_unit *
listed(const struct import_report *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (strcmp(r->unit[i].id, id) == 0)
			return &r->unit[i];
	return NULL;
}

/*
 * a1 left, a2 moved to T2, a3 has another address, c4 and c5 joined D2; T2 has
 * a new name.  D2: 2 of 5 joined, over a third, and reaches k = 5.  T1 has 2
 * left of 4.  T2: a2 of 7 came.
 */
static void
test_report(void **state)
{
	const struct import_report	*r;
	const struct import_unit	*u;
	struct import			*im;
	char				*p[5], *t;
	size_t				 i;

	(void)state;
	t = change(units, "South", "Southern");
	p[0] = change(people, "a1,a1@taf.example,Ann,T1,en\n", "");
	p[1] = change(p[0], "a2@taf.example,,T1", "a2@taf.example,,T2");
	p[2] = change(p[1], "a3@taf", "a3.new@taf");
	p[3] = mem_fmt("%s%s", p[2], "c4,c4@taf.example,,D2,\n");
	p[4] = mem_fmt("%s%s", p[3], "c5,c5@taf.example,,D2,\n");
	im = must_begin("staff", t, p[4], true);
	r = import_report(im);
	assert_false(r->first);
	assert_int_equal(r->people, 14);
	assert_int_equal(r->joined, 2);
	assert_int_equal(r->left, 1);
	assert_int_equal(r->moved, 1);
	assert_int_equal(r->changed, 1);
	assert_int_equal(r->n, 2);
	u = listed(r, "T2");
	assert_string_equal(u->was, "South");
	assert_string_equal(u->name, "Southern");
	assert_int_equal(u->people, 7);
	assert_int_equal(u->joined, 1);
	assert_false(u->many_joined || u->reaches || u->moved);
	u = listed(r, "D2");
	assert_int_equal(u->people, 5);
	assert_int_equal(u->joined, 2);
	assert_true(u->many_joined);
	assert_true(u->reaches);
	import_drop(&im);
	for (i = 0; i < 5; i++)
		free(p[i]);
	free(t);
}

/*
 * D2 goes, its people to the new D3; T2 with its six people hangs below D3.
 * D3: all 9 are new to it, the first time over k.  D1 keeps its own four.
 */
static void
test_report_tree(void **state)
{
	const struct import_report	*r;
	const struct import_unit	*u;
	struct import			*im;
	char				*t[2], *p[3];
	size_t				 i;

	(void)state;
	t[0] = change(units, "D2,ORG,Office", "D3,ORG,Desks");
	t[1] = change(t[0], "T2,D1", "T2,D3");
	p[0] = change(people, "D2", "D3");
	p[1] = change(p[0], "D2", "D3");
	p[2] = change(p[1], "D2", "D3");
	im = must_begin("staff", t[1], p[2], true);
	r = import_report(im);
	assert_int_equal(r->joined, 0);
	assert_int_equal(r->left, 0);
	assert_int_equal(r->moved, 3);
	assert_int_equal(r->n, 3);
	u = listed(r, "D3");
	assert_null(u->was);
	assert_int_equal(u->people, 9);
	assert_int_equal(u->joined, 9);
	assert_true(u->many_joined);
	assert_true(u->reaches);
	u = listed(r, "T2");
	assert_true(u->moved);
	assert_int_equal(u->joined, 0);
	u = listed(r, "D2");
	assert_null(u->name);
	assert_string_equal(u->was, "Office");
	import_drop(&im);
	for (i = 0; i < 2; i++)
		free(t[i]);
	for (i = 0; i < 3; i++)
		free(p[i]);
}

/* SCORING 1, threat 13: exactly a third is not over it. */
static void
test_third(void **state)
{
	static const char	u[] = UNITS_HEAD "X,,Served,,,\n";
	static const char	two[] = PEOPLE_HEAD
				    "a1,a1@taf.example,,X,\n"
				    "a2,a2@taf.example,,X,\n";
	struct import		*im;
	char			*three, *four;

	(void)state;
	must_import("st", u, two);
	three = mem_fmt("%s%s", two, "a3,a3@taf.example,,X,\n");
	four = mem_fmt("%s%s", three, "a4,a4@taf.example,,X,\n");
	im = must_begin("st", u, three, true);
	assert_int_equal(import_report(im)->n, 0);
	import_drop(&im);
	im = must_begin("st", u, four, true);
	assert_int_equal(import_report(im)->n, 1);
	assert_true(import_report(im)->unit[0].many_joined);
	assert_false(import_report(im)->unit[0].reaches);
	import_drop(&im);
	free(three);
	free(four);
}

/* What is added to, or changed in, files that are good. */
static const struct {
	const char	*name;
	const char	*from, *to;	/* NULL: to is added at the end */
	unsigned int	 line;
	const char	*words;
} bad_people[] = {
	{ "an unknown unit", "a3@taf.example,,T1", "a3@taf.example,,T9", 4,
	    "unit T9 is unknown" },
	{ "a doubled id", NULL, "a2,x@taf.example,,T1,\n", 15,
	    "id a2 is in line 3 already" },
	{ "a doubled address", NULL, "x,a2@taf.example,,T1,\n", 15,
	    "the email of x is in line 3 already" },
	{ "an address that differs in capitals alone", NULL,
	    "x,b6@taf.EXAMPLE,,T1,\n", 15, "is in line 11 already" },
	{ "an invalid address", "a3@taf.example", "a3.taf.example", 4,
	    "email is no mail address" },
	{ "no address", "a3@taf.example", "", 4, "email is no mail address" },
	{ "no id", "a3,", ",", 4, "id is malformed" },
	{ "an id with a space", "a3,", "a 3,", 4, "id is malformed" },
	{ "an unknown language", "Ann,T1,en", "Ann,T1,fr", 2,
	    "language is not configured" },
	{ "a line feed in a name (M4)", "Ann", "\"A\nn\"", 2, "line break" },
	{ "a wrong header", "email", "mail", 1, "column 2 of the header" },
	{ "a missing column", "language", "note", 1, "column 5 of the" },
};

static void
must_refuse(const char *u, const char *p, const char *file, unsigned int line,
    const char *words)
{
	char		*place = mem_fmt("%s/%s:%u: ", scratch_dir, file, line);
	struct import	*im;
	struct err	 e;

	assert_int_equal(begin("staff", u, p, false, &im, &e), ERR_INPUT);
	if (strncmp(e.msg, place, strlen(place)) != 0 ||
	    strstr(e.msg, words) == NULL || strstr(e.msg, "expected") == NULL)
		fail_msg("%s, expected %s... %s", e.msg, place, words);
	/* no address of a person gets into a message */
	assert_null(strstr(e.msg, "taf.example"));
	free(place);
}

static void
test_bad_people(void **state)
{
	char	*text;
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(bad_people) / sizeof(bad_people[0]); i++) {
		print_message("  %s is refused\n", bad_people[i].name);
		text = bad_people[i].from != NULL ? change(people,
		    bad_people[i].from, bad_people[i].to) :
		    mem_fmt("%s%s", people, bad_people[i].to);
		must_refuse(units, text, "people.csv", bad_people[i].line,
		    bad_people[i].words);
		free(text);
	}
	must_refuse(units, "", "people.csv", 1, "empty");
	must_refuse(units, PEOPLE_HEAD, "people.csv", 1, "nobody");
}

static const struct {
	const char	*name;
	const char	*from, *to;
	unsigned int	 line;
	const char	*words;
} bad_units[] = {
	{ "an unknown parent", "T2,D1", "T2,D9", 5, "unknown parent" },
	{ "a cycle", "D2,ORG", "D2,D2", 6, "cycle" },
	{ "two roots", "D2,ORG", "D2,", 6, "second root" },
	{ "no root", "ORG,,", "ORG,ORG,", 3, "no root" },
	{ "a unit twice", NULL, "D2,ORG,Office,,,\n", 8,
	    "unit D2 is in line 6 already" },
	{ "a leader twice", NULL, "T2,D1,South,,SAM@taf.example,\n", 8,
	    "unit T2 is in line 5 already" },
	{ "a second parent", NULL, "T2,D2,South,,x@taf.example,\n", 8,
	    "unit T2 has another parent or name than in line 5" },
	{ "a second name", NULL, "T2,D1,West,,x@taf.example,\n", 8,
	    "unit T2 has another parent or name than in line 5" },
	{ "a malformed id", "D2,", "D 2,", 6, "unit is malformed" },
	{ "an id of 33 bytes", "D2,",
	    "abcdefghijklmnopqrstuvwxyz0123456,", 6, "unit is malformed" },
	{ "no name", "Office", "", 6, "name has 0 bytes" },
	{ "a leader's name without an address", "Office,,", "Office,Olu,", 6,
	    "leader_email is empty" },
	{ "a leader's invalid address", "sam@taf", "sam", 5,
	    "leader_email is no mail address" },
	{ "an unknown language", "sam@taf.example,en", "sam@taf.example,de", 5,
	    "language is not configured" },
	{ "a wrong header", "parent", "above", 1, "column 2 of the header" },
};

static void
test_bad_units(void **state)
{
	char	*text;
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(bad_units) / sizeof(bad_units[0]); i++) {
		print_message("  %s is refused\n", bad_units[i].name);
		text = bad_units[i].from != NULL ? change(units,
		    bad_units[i].from, bad_units[i].to) :
		    mem_fmt("%s%s", units, bad_units[i].to);
		must_refuse(text, people, "units.csv", bad_units[i].line,
		    bad_units[i].words);
		free(text);
	}
	must_refuse("", people, "units.csv", 1, "empty");
	must_refuse(UNITS_HEAD, people, "units.csv", 1, "no root");
}

/* The bytes of the roster, and of the known opt-outs. */
static char *
bytes_of(enum state_file f, size_t *len)
{
	char		*path = state_path(scratch_dir, f, NULL), *data;
	struct err	 e;

	assert_int_equal(file_read(path, 10000000, &data, len, &e), ERR_OK);
	free(path);
	return data;
}

static void
test_nothing_changes(void **state)
{
	char		*roster, *known, *roster2, *known2, *text;
	size_t		 n1, n2, k1, k2;
	struct import	*im;
	struct err	 e;

	(void)state;
	roster = bytes_of(STATE_ROSTER, &n1);
	known = bytes_of(STATE_OPTOUT_KNOWN, &k1);
	text = mem_fmt("%s%s", people, "x,a2@taf.example,,T1,\n");
	assert_int_equal(begin("staff", units, text, false, &im, &e),
	    ERR_INPUT);
	free(text);
	assert_int_equal(begin("other", units, people, false, &im, &e),
	    ERR_ABSENT);
	im = must_begin("staff", units, people, false);
	import_drop(&im);
	roster2 = bytes_of(STATE_ROSTER, &n2);
	known2 = bytes_of(STATE_OPTOUT_KNOWN, &k2);
	assert_true(n1 == n2 && memcmp(roster, roster2, n1) == 0);
	assert_true(k1 == k2 && memcmp(known, known2, k1) == 0);
	free(roster);
	free(known);
	free(roster2);
	free(known2);
}

/* What is told of rows at fault, one line each: "FILE:LINE: words". */
static void
note_fault(void *arg, const struct err *e)
{
	assert_int_equal(e->code, ERR_INPUT);
	assert_null(strstr(e->msg, "taf.example"));
	buf_addf(arg, "%s\n", e->msg + strlen(scratch_dir) + 1);
}

static enum err_code
begin_told(const char *u, const char *p, struct buf *told, struct err *e)
{
	struct import_files	 files;
	struct import		*im;
	enum err_code		 rc;
	char			*names[2];

	buf_init(told, 100000);
	files.units = names[0] = scratch_text("units.csv", u);
	files.people = names[1] = scratch_text("people.csv", p);
	rc = import_begin(&conf, "staff", &files, false, NULL, note_fault,
	    told, &im, e);
	free(names[0]);
	free(names[1]);
	return rc;
}

static void
test_all_faults(void **state)
{
	static const char *const	lines[] = {
		"people.csv:15: email is no mail address, ",
		"people.csv:16: 4 fields, ",
		"people.csv:17: id a1 is in line 2 already, ",
		"people.csv:19: unit T9 is unknown, ",
		"people.csv:20: the email of d5 is in line 18 already, ",
	};
	char		*text = mem_fmt("%s%s", people,
			    "d1,nobody,,T1,\nd2,d2@taf.example,T1,\n"
			    "a1,d3@taf.example,,T1,\nd4,d4@taf.example,,T1,\n"
			    "d6,d6@taf.example,,T9,\nd5,D4@taf.example,,T1,\n");
	const char	*p;
	struct buf	 told;
	struct err	 e;
	size_t		 i;

	(void)state;
	assert_int_equal(begin_told(units, text, &told, &e), ERR_INPUT);
	for (p = buf_str(&told), i = 0; i < 5; p = strchr(p, '\n') + 1, i++)
		assert_int_equal(strncmp(p, lines[i], strlen(lines[i])), 0);
	assert_string_equal(p, "");
	assert_non_null(strstr(e.msg,
	    "people.csv: 5 rows are at fault; nothing was changed"));
	buf_wipe(&told);
	free(text);

	/* the units first: the people may be good in the right ones */
	text = mem_fmt("%s%s", units, "T3,D1,,,,\nT1,D2,North,x,x@taf.example,"
	    "\nT 4,D1,East,,,\n");
	assert_int_equal(begin_told(text, "no header\n", &told, &e),
	    ERR_INPUT);
	assert_non_null(strstr(buf_str(&told), "units.csv:8: name has 0 "));
	assert_non_null(strstr(buf_str(&told), "units.csv:9: unit T1 has an"));
	assert_non_null(strstr(buf_str(&told), "units.csv:10: unit is malfo"));
	assert_non_null(strstr(e.msg, "units.csv: 3 rows are at fault"));
	buf_wipe(&told);
	free(text);
}

static void
test_more_faults_than_are_told(void **state)
{
	unsigned int	 n, i;
	const char	*p;
	struct buf	 text, told;
	struct err	 e;
	char		*words;

	(void)state;
	for (n = 50; n <= 75; n += 25) {
		buf_init(&text, 100000);
		buf_adds(&text, people);
		for (i = 0; i < n; i++)	/* doubled, malformed */
			buf_adds(&text, i % 2 == 0 ?
			    "a1,a1@taf.example,,T1,\n" : "x,x,,T1,\n");
		assert_int_equal(begin_told(units, buf_str(&text), &told, &e),
		    ERR_INPUT);
		for (i = 0, p = buf_str(&told); *p != '\0'; p++)
			i += *p == '\n';
		assert_int_equal(i, 50);
		words = mem_fmt("%s%u rows are at fault; nothing was changed",
		    n > 50 ? "and 25 more: " : "people.csv: ", n);
		assert_non_null(strstr(e.msg, words));
		free(words);
		buf_wipe(&told);
		buf_wipe(&text);
	}
}

static void
test_lock(void **state)
{
	struct import	*im = must_begin("staff", units, people, true);
	char		*path = state_path(scratch_dir, STATE_ROSTER_LOCK,
			    NULL);
	struct err	 e;
	int		 fd = -1;

	(void)state;
	assert_int_equal(lock_take(path, LOCK_TRY, 0, &fd, &e), ERR_BUSY);
	import_drop(&im);
	assert_int_equal(lock_take(path, LOCK_TRY, 0, &fd, &e), ERR_OK);
	lock_release(&fd);
	free(path);
}

#define CASE(name, function)	{ name, function, NULL, NULL, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("a dry run leaves nothing", test_dry),
		CASE("a first import is taken", test_first),
		CASE("the report counts people", test_report),
		CASE("the report knows the tree", test_report_tree),
		CASE("more than a third is listed, a third is not",
		    test_third),
		CASE("bad people are refused with their line",
		    test_bad_people),
		CASE("bad units are refused with their line",
		    test_bad_units),
		CASE("all rows at fault are told at once", test_all_faults),
		CASE("fifty of them", test_more_faults_than_are_told),
		CASE("a refused or dropped import changes no byte",
		    test_nothing_changes),
		CASE("an import holds the roster's lock", test_lock),
	};

	return cmocka_run_group_tests(tests, staffroster_make,
	    scratch_remove);
}
