/*
 * test_csv.c - rows of a CSV file, and every way in which one is refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "io/csv.h"
#include "scratch.h"

static const struct csv_column columns[] = {
	{ "id", false }, { "name", false }, { "note", true },
};

/* Rows as "LINE:id|name|note;". */
static enum err_code
note_row(void *arg, const char *const *field, unsigned int line, struct err *e)
{
	buf_addf(arg, "%u:%s|%s|%s;", line, field[0], field[1], field[2]);
	if (strcmp(field[0], "stop") == 0)
		return err_set(e, ERR_INPUT, "id is stop, expected another");
	return ERR_OK;
}

static enum err_code
read_bytes(const void *p, size_t len, struct buf *rows, struct err *e)
{
	char		*path = scratch_write("rows.csv", p, len);
	enum err_code	 rc;

	buf_init(rows, 100000);
	rc = csv_read(path, columns, 3, note_row, NULL, rows, e);
	free(path);
	return rc;
}

static const struct {
	const char	*name, *text, *rows;
} good[] = {
	{ "columns are found by name, in any order",
	    "name,note,id\nAnn,x,1\n", "2:1|Ann|x;" },
	{ "a column that is optional may be missing",
	    "id,name\n1,Ann\n", "2:1|Ann|;" },
	{ "the last row may lack its line feed",
	    "id,name\n1,Ann\n2,Bob", "2:1|Ann|;3:2|Bob|;" },
	{ "CR LF ends rows too",
	    "id,name\r\n1,Ann\r\n2,Bob\r\n", "2:1|Ann|;3:2|Bob|;" },
	{ "quotes hold commas and doubled quotes",
	    "id,name\n1,\"Ann \"\"A\"\", the first\"\n",
	    "2:1|Ann \"A\", the first|;" },
	{ "a byte order mark is skipped",
	    "\xef\xbb\xbfid,name\n1,Ann\n", "2:1|Ann|;" },
	{ "and before a quoted header",
	    "\xef\xbb\xbf\"id\",\"name\"\n1,Ann\n", "2:1|Ann|;" },
	{ "blank lines count as lines and are no rows",
	    "id,name\n\n1,Ann\n  \n\r\n2,Bob\n", "3:1|Ann|;6:2|Bob|;" },
	{ "a field may be empty", "id,name\n1,\n,\n", "2:1||;3:||;" },
	{ "a header alone is a file without rows", "id,name\n", "" },
	{ "text is UTF-8", "id,name\n1,Si\xc3\xb4n\n", "2:1|Si\xc3\xb4n|;" },
	{ "spaces around a field without quotes go",
	    "id, name\n 1 , Ann B \n", "2:1|Ann B|;" },
};

static void
test_good(void **state)
{
	struct buf	rows;
	struct err	e;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		print_message("  %s\n", good[i].name);
		assert_int_equal(read_bytes(good[i].text, strlen(good[i].text),
		    &rows, &e), ERR_OK);
		assert_string_equal(buf_str(&rows), good[i].rows);
		buf_wipe(&rows);
	}
}

/* len 0: up to the NUL.  words must stand behind "FILE:LINE: ". */
static const struct {
	const char	*name, *text;
	size_t		 len;
	unsigned int	 line;
	const char	*words;
} bad[] = {
	{ "an unknown column", "id,name,shoe\n", 0, 1, "column 3 of the" },
	{ "a column twice", "id,name,id\n", 0, 1, "column id is in the" },
	{ "a column that is missing", "id,note\n", 0, 1, "the header lacks" },
	{ "rows without a header", "1,Ann\n", 0, 1, "column 1 of the header" },
	{ "blank lines alone", "\n\n", 0, 3, "no header" },
	{ "too few fields", "id,name\n1,Ann\n2\n", 0, 3, "1 fields, expected" },
	{ "too many fields", "id,name\n1,Ann,x\n", 0, 2, "3 fields, expected" },
	{ "a line feed in a field (M4)", "id,name\n1,\"An\nn\"\n", 0, 2,
	    "a line break inside a field" },
	{ "CR LF in a field (M4)", "id,name\n1,\"An\r\nn\"\n", 0, 2,
	    "a line break inside a field" },
	{ "a lone CR in a field (M4)", "id,name\n1,An\rn\n", 0, 2,
	    "a carriage return" },
	{ "a lone CR in quotes (M4)", "id,name\n1,\"An\rn\"\n", 0, 2,
	    "a carriage return" },
	{ "a lone CR that hides a second row",
	    "id,name\n1,Ann\r2,Bob\n", 0, 2, "a carriage return" },
	{ "a lone CR at the end", "id,name\n1,Ann\r", 0, 2,
	    "a carriage return" },
	{ "a NUL (M4)", "id,name\n1,A\0n\n", 14, 2, "a NUL" },
	{ "an escape character (M4)", "id,name\n1,A\033n\n", 0, 2,
	    "name: a line break or another control" },
	{ "a line separator U+2028 (M4)", "id,name\n1,A\xe2\x80\xa8n\n", 0, 2,
	    "name: a line break or another control" },
	{ "a tab inside a field (M4)", "id,name\n1,A\tn\n", 0, 2,
	    "name: a line break or another control" },
	{ "Latin-1", "id,name\n1,Si\xf4n\n", 0, 2, "name: not UTF-8" },
	{ "UTF-16", "\xff\xfei\0d\0", 6, 1, "a NUL" },
	{ "a surrogate", "id,name\n1,\xed\xa0\x80\n", 0, 2, "name: not UTF-8" },
	{ "a quote inside a field", "id,name\n1,A\"n\n", 0, 2,
	    "a quote inside" },
	{ "text behind a closing quote", "id,name\n1,\"A\"n\n", 0, 2,
	    "a quote inside" },
	{ "a quote that is not closed", "id,name\n1,\"Ann\n2,Bob\n", 0, 2,
	    "a line break inside a field, or a quote" },
	{ "and none is closed to the end", "id,name\n1,\"Ann", 0, 2,
	    "a quote that is not closed" },
	{ "a row that the caller refuses", "id,name\n1,A\nstop,B\n3,C\n", 0, 3,
	    "id is stop" },
};

static void
test_bad(void **state)
{
	char		*place = scratch_path("rows.csv"), *begin;
	struct buf	 rows;
	struct err	 e;
	size_t		 i, len;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		print_message("  %s is refused\n", bad[i].name);
		len = bad[i].len != 0 ? bad[i].len : strlen(bad[i].text);
		assert_int_equal(read_bytes(bad[i].text, len, &rows, &e),
		    ERR_INPUT);
		begin = mem_fmt("%s:%u: %s", place, bad[i].line, bad[i].words);
		if (strncmp(e.msg, begin, strlen(begin)) != 0)
			fail_msg("%s, expected %s", e.msg, begin);
		assert_non_null(strstr(e.msg, "expected"));
		free(begin);
		buf_wipe(&rows);
	}
	free(place);
}

/* A row in front and `n` letters in the last field of the next. */
static enum err_code
read_long(size_t n, int quoted, struct err *e)
{
	struct buf	b, rows;
	enum err_code	rc;

	buf_init(&b, 10000000);
	buf_adds(&b, "id,name\n1,Ann\n2,");
	if (quoted)
		buf_addc(&b, '"');
	while (n-- > 0)
		buf_addc(&b, 'x');
	rc = read_bytes(buf_str(&b), b.len, &rows, e);
	buf_wipe(&b);
	buf_wipe(&rows);
	return rc;
}

static void
test_long(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(read_long(CSV_FIELD_MAX, 0, &e), ERR_OK);
	assert_int_equal(read_long(CSV_FIELD_MAX + 1, 0, &e), ERR_INPUT);
	assert_non_null(strstr(e.msg, ":3: name: 4097 bytes, expected at"));
	assert_int_equal(read_long(5000000, 1, &e), ERR_INPUT);
	assert_non_null(strstr(e.msg, ":3: a field without end"));
}

/* Rows that straddle the blocks in which a file is read keep their lines. */
static void
test_blocks(void **state)
{
	struct buf	b, rows;
	struct err	e;
	unsigned int	i;

	(void)state;
	buf_init(&b, 10000000);
	buf_adds(&b, "id,name\r\n");
	for (i = 2; i <= 20000; i++)
		buf_addf(&b, "%u,\"name, %u\"\r\n", i, i);
	buf_adds(&b, "stop,here\r\n");
	assert_int_equal(read_bytes(buf_str(&b), b.len, &rows, &e), ERR_INPUT);
	assert_non_null(strstr(e.msg, ":20001: id is stop"));
	buf_wipe(&b);
	buf_wipe(&rows);
}

static void
test_files(void **state)
{
	char		*path;
	struct buf	 rows;
	struct err	 e;

	(void)state;
	assert_int_equal(read_bytes("", 0, &rows, &e), ERR_INPUT);
	assert_non_null(strstr(e.msg, ":1: empty, expected a header"));

	path = scratch_path("absent.csv");
	assert_int_equal(csv_read(path, columns, 3, note_row, NULL, &rows, &e),
	    ERR_ABSENT);
	free(path);
	assert_int_equal(csv_read(scratch_dir, columns, 3, note_row, NULL,
	    &rows, &e), ERR_INPUT);

	/* 1 GB, and nothing of it on the disk */
	path = scratch_text("huge.csv", "id,name\n");
	assert_int_equal(truncate(path, 1000000000), 0);
	assert_int_equal(csv_read(path, columns, 3, note_row, NULL, &rows, &e),
	    ERR_INPUT);
	assert_non_null(strstr(e.msg, ":1: 1000000000 bytes, expected at"));
	free(path);
}

static void
count_progress(void *arg, uint64_t done, uint64_t size)
{
	assert_true(done <= size);
	buf_reset(arg);
	buf_addf(arg, "%u of %u", (unsigned int)done, (unsigned int)size);
}

static enum err_code
skip_row(void *arg, const char *const *field, unsigned int line, struct err *e)
{
	(void)arg, (void)field, (void)line, (void)e;
	return ERR_OK;
}

static void
test_progress(void **state)
{
	char		*path = scratch_text("rows.csv", "id,name\n1,Ann\n");
	struct buf	 b;
	struct err	 e;

	(void)state;
	buf_init(&b, 100);
	assert_int_equal(csv_read(path, columns, 3, skip_row, count_progress,
	    &b, &e), ERR_OK);
	assert_string_equal(buf_str(&b), "14 of 14");
	buf_wipe(&b);
	free(path);
}

/* Beside the rows: what was said of those at fault, as "!LINE: ...;". */
static void
note_fault(void *arg, const struct err *e)
{
	const char *at = strstr(e->msg, "rows.csv:");

	assert_int_equal(e->code, ERR_INPUT);
	assert_non_null(at);
	buf_addf(arg, "!%.*s;", (int)strcspn(at + 9, ","), at + 9);
}

static const struct {
	const char	*name, *text;
	enum err_code	 rc;
	const char	*rows;
} faulty[] = {
	{ "no fault, nothing is said", "id,name\n1,Ann\n", ERR_OK,
	    "2:1|Ann|;" },
	{ "rows behind one at fault are read",
	    "id,name\n1,A\x01n\n2,Bob,x\n3,Cy\nstop,D\n\n5\n6,F", ERR_OK,
	    "!2: name: a line break or another control character;"
	    "!3: 3 fields;4:3|Cy|;5:stop|D|;!5: id is stop;!7: 1 fields;"
	    "8:6|F|;" },
	{ "of two faults in a row the first is told",
	    "id,name\n\xff,A\x01n,x,y\n2,Bob\n", ERR_OK,
	    "!2: id: not UTF-8;3:2|Bob|;" },
	{ "the last row may be at fault", "id,name\n1,Ann\n2,\x01", ERR_OK,
	    "2:1|Ann|;!3: name: a line break or another control character;" },
	{ "a field too many may be at fault", "id,name\n1,Ann,\x01\n2,Bob\n",
	    ERR_OK, "!2: header: a line break or another control character;"
	    "3:2|Bob|;" },
	{ "a quote that is not closed ends it",
	    "id,name\n1\n2,\"Bob\n3,Cy\n", ERR_INPUT, "!2: 1 fields;" },
	{ "a header at fault ends it", "id,nom\n1,Ann\n", ERR_INPUT, "" },
};

static void
test_faults(void **state)
{
	char		*path;
	struct buf	 b;
	struct err	 e;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++) {
		print_message("  %s\n", faulty[i].name);
		path = scratch_text("rows.csv", faulty[i].text);
		buf_init(&b, 1000);
		assert_int_equal(csv_read_on(path, columns, 3, note_row,
		    note_fault, NULL, &b, &e), faulty[i].rc);
		assert_string_equal(buf_str(&b), faulty[i].rows);
		buf_wipe(&b);
		free(path);
	}
}

/* A row at fault may lie across the end of a block. */
static void
test_faults_in_blocks(void **state)
{
	struct buf	 text, rows;
	unsigned int	 i, n = 0;
	char		*path;
	char		 line[20];
	const char	*p;
	struct err	 e;

	(void)state;
	buf_init(&text, 1000000);
	buf_init(&rows, 1000000);
	buf_adds(&text, "id,name\n");
	for (i = 0; i < 20000; i++)
		buf_adds(&text, i % 2 == 0 ? "1,A\x01nn\n" : "22,Bob,x,y\n");
	path = scratch_text("rows.csv", buf_str(&text));
	assert_int_equal(csv_read_on(path, columns, 3, note_row, note_fault,
	    NULL, &rows, &e), ERR_OK);
	for (p = buf_str(&rows); *p != '\0'; p = strchr(p, ';') + 1) {
		snprintf(line, sizeof(line), "!%u:", n++ + 2);
		assert_int_equal(strncmp(p, line, strlen(line)), 0);
	}
	assert_int_equal(n, 20000);
	buf_wipe(&rows);
	buf_wipe(&text);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		{ "good files give their rows", test_good, NULL, NULL, NULL },
		{ "bad files are refused with their line", test_bad, NULL,
		    NULL, NULL },
		{ "fields have a ceiling", test_long, NULL, NULL, NULL },
		{ "lines are counted across blocks", test_blocks, NULL, NULL,
		    NULL },
		{ "files that are none are refused at once", test_files, NULL,
		    NULL, NULL },
		{ "rows at fault are told, and the others read", test_faults,
		    NULL, NULL, NULL },
		{ "wherever a block ends", test_faults_in_blocks, NULL, NULL,
		    NULL },
		{ "progress ends with the whole file", test_progress, NULL,
		    NULL, NULL },
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
