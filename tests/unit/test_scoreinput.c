/*
 * test_scoreinput.c - what `sensectl score` refuses, with file and line.
 *
 * SCORING 11; no refusal tells an answer.
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
#include <unistd.h>

#include <cmocka.h>

#include "io/scoreinput.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define UNITS	"unit,parent,invited,name\n"
#define ANSWERS	"unit,security,continuity,belonging,purpose,fulfilment," \
		"significance\n"
#define TREE	UNITS "A,,2,Top\nB,A,3,Below\n"

static char dir[] = "/tmp/sensed-scoreinput-XXXXXX";

static void
put(const char *name, const char *text)
{
	char	path[64];
	FILE	*f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static enum err_code
read_both(struct scoreinput *in, const char *units, const char *answers,
    struct err *e)
{
	char u[64], a[64];

	put("u.csv", units);
	put("a.csv", answers);
	snprintf(u, sizeof(u), "%s/u.csv", dir);
	snprintf(a, sizeof(a), "%s/a.csv", dir);
	return scoreinput_read(in, u, a, e);
}

static const struct {
	const char	*name, *units, *answers, *at, *word;
} refused[] = {
	{ "a unit that is not in the tree", TREE,
	    ANSWERS "A,1,2,3,4,5,1\nX,1,2,3,4,5,1\n", "a.csv:3: ",
	    "unknown unit" },
	{ "an answer of six", TREE, ANSWERS "A,1,2,6,4,5,1\n", "a.csv:2: ",
	    "belonging" },
	{ "an answer of nought", TREE, ANSWERS "A,1,2,3,4,5,0\n", "a.csv:2: ",
	    "significance" },
	{ "an answer of 05", TREE, ANSWERS "A,05,2,3,4,5,1\n", "a.csv:2: ",
	    "security" },
	{ "an answer in words", TREE, ANSWERS "A,yes,2,3,4,5,1\n",
	    "a.csv:2: ", "security" },
	{ "one response too many", TREE,
	    ANSWERS "A,1,1,1,1,1,1\nA,1,1,1,1,1,1\nA,,,,,,\nA,5,,,,,\n",
	    "a.csv:5: ", "unit A" },
	{ "a column too few", TREE, "unit,security\nA,1\n", "a.csv:1: ", "" },
	{ "invited that is no number", UNITS "A,,-1,Top\n", ANSWERS,
	    "u.csv:2: ", "invited" },
	{ "invited left empty", UNITS "A,,,Top\n", ANSWERS, "u.csv:2: ",
	    "invited" },
	{ "invited past 32 bits", UNITS "A,,4294967296,Top\n", ANSWERS,
	    "u.csv:2: ", "invited" },
	{ "a malformed id", UNITS "A,,1,Top\nB C,A,1,x\n", ANSWERS,
	    "u.csv:3: ", "id" },
	{ "two roots", UNITS "A,,1,Top\nB,,1,x\n", ANSWERS, "u.csv:3: ",
	    "root" },
	{ "an unknown parent", UNITS "A,,1,Top\nB,C,1,x\n", ANSWERS,
	    "u.csv:3: ", "parent" },
	{ "a cycle", UNITS "A,,1,Top\nB,B,1,x\n", ANSWERS, "u.csv:3: ",
	    "cycle" },
	{ "an id twice", UNITS "A,,1,Top\nB,A,1,x\nB,A,1,x\n", ANSWERS,
	    "u.csv:4: ", "twice" },
	{ "no unit", UNITS, ANSWERS, "u.csv:1: ", "root" },
};

static void
test_refused(void **state)
{
	struct scoreinput	in;
	struct err		e;
	size_t			i;

	(void)state;
	for (i = 0; i < COUNT(refused); i++) {
		print_message("  %s\n", refused[i].name);
		assert_int_equal(read_both(&in, refused[i].units,
		    refused[i].answers, &e), ERR_INPUT);
		assert_non_null(strstr(e.msg, refused[i].at));
		assert_non_null(strstr(e.msg, refused[i].word));
		assert_non_null(strstr(e.msg, "expected"));
		assert_null(strstr(e.msg, "yes"));
		scoreinput_wipe(&in);
	}
}

/* A ballot that counts for no sense is no response: SCORING 2 */
static void
test_counted(void **state)
{
	struct scoreinput		in;
	struct publication_input	pub;
	struct err			e;

	(void)state;
	assert_int_equal(read_both(&in, "name,invited,unit,parent\n"
	    "Below,3,B,A\n\"Top, all\",2,A,\n", ANSWERS
	    "B,1,2,3,4,5,\nB,,,,,,\nA,,,,,,5\nB,5,5,5,5,5,5\nB,,3,,,,\n",
	    &e), ERR_OK);
	assert_int_equal(in.tree.n, 2);
	assert_string_equal(in.tree.unit[0].name, "Top, all");
	assert_int_equal(in.tree.unit[1].invited, 3);
	assert_int_equal(in.cell[0].responses, 1);
	assert_int_equal(in.cell[0].sense[SENSE_SECURITY].n, 0);
	assert_int_equal(in.cell[0].sense[SENSE_SIGNIFICANCE].sum, 4);
	assert_int_equal(in.cell[1].responses, 3);
	assert_int_equal(in.cell[1].sense[SENSE_SECURITY].n, 2);
	assert_int_equal(in.cell[1].sense[SENSE_CONTINUITY].sum, 1 + 4 + 2);
	assert_int_equal(in.cell[1].sense[SENSE_CONTINUITY].square,
	    1 + 16 + 4);
	assert_int_equal(in.cell[1].sense[SENSE_CONTINUITY].c[4], 1);
	memset(&pub, 0, sizeof(pub));
	scoreinput_fill(&pub, &in);
	assert_int_equal(pub.scale[SENSE_PURPOSE], 4);
	assert_string_equal(pub.wording[SENSE_PURPOSE], "purpose:1");
	scoreinput_wipe(&in);
}

static void
test_absent(void **state)
{
	struct scoreinput	in;
	struct err		e;

	(void)state;
	assert_int_equal(scoreinput_read(&in, "/nonexistent/u.csv",
	    "/nonexistent/a.csv", &e), ERR_ABSENT);
	scoreinput_wipe(&in);
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL;
}

static int
remove_dir(void **state)
{
	char path[64];

	(void)state;
	snprintf(path, sizeof(path), "%s/u.csv", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/a.csv", dir);
	unlink(path);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_counted),
		cmocka_unit_test(test_absent),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
