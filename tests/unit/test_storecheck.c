/*
 * test_storecheck.c - damage that GDBM would read as something else.
 *
 * doc/spec/FACTS 1.6.  A good store of some records in one bucket is damaged
 * in one place; places are those of GDBM's file format on this machine.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/store.h"
#include "io/storecheck.h"
#include "scratch.h"

#define DIRECTORY	4096
#define BUCKET		8192
#define ELEMENT		24
#define FIRST		(BUCKET + 112)
#define RECORDS		8

static char	*good;
static size_t	 size;
static size_t	 used[RECORDS + 3];	/* places of elements in use */
static size_t	 padding;		/* a record of so many octets more */

static enum err_code
put_padding(struct store *s)
{
	struct err	 e;
	char		*value = calloc(1, padding);
	enum err_code	 rc = store_put(s, "pad", 3, value, padding, &e);

	free(value);
	return rc;
}

static int
make(void **state)
{
	struct err	 e;
	struct store	*s;
	char		*path, key[8];
	size_t		 i, n = 0;

	if (scratch_make(state) != 0)
		return -1;
	path = scratch_path("good");
	if (store_create(path, 0600, 1, &s, &e) != ERR_OK)
		return -1;
	for (i = 0; i < RECORDS; i++) {
		snprintf(key, sizeof(key), "key%zu", i);
		if (store_put(s, key, 4, "value", 5, &e) != ERR_OK)
			return -1;
	}
	if (padding > 0 && put_padding(s) != ERR_OK)
		return -1;
	if (store_commit(&s, &e) != ERR_OK ||
	    file_read(path, 1 << 22, &good, &size, &e) != ERR_OK)
		return -1;
	free(path);
	for (i = FIRST; i < BUCKET + 4096 - ELEMENT; i += ELEMENT)
		if (memcmp(good + i, "\xff\xff\xff\xff", 4) != 0)
			used[n++] = i;
	/* with "format" */
	return n == RECORDS + (padding > 0 ? 2 : 1) ? 0 : -1;
}

/* Too large to be mapped: it is read piece by piece. */
static int
make_large(void **state)
{
	padding = 1 << 21;
	return make(state);
}

static int
gone(void **state)
{
	free(good);
	return scratch_remove(state);
}

static enum err_code
open_changed(const char *bytes, size_t len)
{
	char		*path = scratch_write("changed", bytes, len);
	struct store	*s;
	struct err	 e;
	enum err_code	 rc = store_open(path, &s, &e);

	if (rc == ERR_OK)
		store_close(&s);
	else
		assert_non_null(strstr(e.msg, path));
	free(path);
	return rc;
}

/* Where four bytes change, and to what. */
static const struct {
	const char	*name;
	size_t		 at;	/* in the file; or in element `of` - 1 */
	size_t		 of;
	uint32_t	 value;
} cases[] = {
	{ "another magic number", 0, 0, 0x13579ace },
	{ "another block size", 4, 0, 512 },
	{ "a directory behind the end", 8, 0, 1 << 30 },
	{ "a directory of another size", 16, 0, 8192 },
	{ "a directory of other bits", 20, 0, 10 },
	{ "a bucket of a gigabyte", 24, 0, 1 << 30 },
	{ "more elements than fit", 28, 0, 1 << 20 },
	{ "an end that is not the end", 32, 0, 12288 },
	{ "a directory entry in the header", DIRECTORY, 0, 40 },
	{ "an entry that leaves its run", DIRECTORY + 800, 0, DIRECTORY },
	{ "a bucket for more bits than there are", BUCKET + 104, 0, 30 },
	{ "a bucket for half of its entries", BUCKET + 104, 0, 1 },
	{ "a count that is too high", BUCKET + 108, 0, RECORDS + 4 },
	{ "an element that is not in use", 0, 1, 0xffffffff },
	{ "a hash that is another key's", 0, 2, 77 },
	{ "a negative hash", 0, 3, 0x80000001 },
	{ "a key's start that is not the key's", 4, 4, 0x21212121 },
	{ "a record behind the end", 8, 5, 1 << 30 },
	{ "a record in the header", 8, 5, 100 },
	{ "a key of two gigabytes", 16, 6, INT32_MAX },
	{ "a key of a negative size", 16, 6, 0xfffffff0 },
	{ "a value longer than the file", 20, 7, 1 << 24 },
	{ "a value of a negative size", 20, 7, 0xffffffff },
};

static void
test_damage(void **state)
{
	char	*bytes;
	size_t	 i, at;

	(void)state;
	assert_int_equal(open_changed(good, size), ERR_OK);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		at = cases[i].at;
		if (cases[i].of != 0)
			at += used[cases[i].of - 1];
		bytes = mem_dup(good, size);
		memcpy(bytes + at, &cases[i].value, 4);
		assert_int_equal(open_changed(bytes, size), ERR_CORRUPT);
		free(bytes);
	}
}

/* GDBM alone reads such a file without complaint, and one record is lost. */
static void
test_a_doubled_element(void **state)
{
	char	*bytes;
	size_t	 i, j;

	(void)state;
	for (i = 0; i < RECORDS + 1; i++)
		for (j = 0; j < RECORDS + 1; j++) {
			if (i == j)
				continue;
			bytes = mem_dup(good, size);
			memcpy(bytes + used[i], good + used[j], ELEMENT);
			assert_int_equal(open_changed(bytes, size),
			    ERR_CORRUPT);
			free(bytes);
		}
}

/* The same beside it, and counted: only its key tells; or there alone. */
static void
test_a_twin(void **state)
{
	char	*bytes;
	size_t	 i, tried = 0;

	(void)state;
	for (i = 0; i < RECORDS; i++) {
		if (used[i + 1] == used[i] + ELEMENT)
			continue;
		bytes = mem_dup(good, size);
		memcpy(bytes + used[i] + ELEMENT, good + used[i], ELEMENT);
		bytes[BUCKET + 108]++;
		assert_int_equal(open_changed(bytes, size), ERR_CORRUPT);
		bytes[BUCKET + 108]--;
		memset(bytes + used[i], 0xff, 4);	/* moved: not found */
		assert_int_equal(open_changed(bytes, size), ERR_CORRUPT);
		free(bytes);
		tried++;
	}
	assert_true(tried > 0);
}

static void
test_a_file_cut_short(void **state)
{
	size_t len;

	(void)state;
	for (len = 0; len < size; len += len < 64 ? 1 : 61)
		assert_int_equal(open_changed(good, len), ERR_CORRUPT);
}

static void
test_what_is_no_file(void **state)
{
	struct err	e;
	int		fd;

	(void)state;
	assert_int_equal(storecheck_open(scratch_dir, NULL, 0, &fd, &e),
	    ERR_CORRUPT);
	assert_int_equal(storecheck_open("/nonexistent/x", NULL, 0, &fd, &e),
	    ERR_ABSENT);
}

/* A look-up is not answered "absent" by a bucket that is damaged. */
static void
test_find(void **state)
{
	char		*bytes = mem_dup(good, size), *value, *path;
	struct err	 e;
	size_t		 len;

	(void)state;
	path = scratch_write("find", bytes, size);
	assert_int_equal(store_find(path, "key3", 4, &value, &len, &e),
	    ERR_OK);
	assert_string_equal(value, "value");
	free(value);
	assert_int_equal(store_find(path, "none", 4, &value, &len, &e),
	    ERR_ABSENT);
	memset(bytes + used[3], 0xff, 4);
	free(path);
	path = scratch_write("find", bytes, size);
	assert_int_equal(store_find(path, "none", 4, &value, &len, &e),
	    ERR_CORRUPT);
	free(path);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_a_doubled_element),
		cmocka_unit_test(test_a_twin),
		cmocka_unit_test(test_a_file_cut_short),
		cmocka_unit_test(test_what_is_no_file),
		cmocka_unit_test(test_find),
	};

	const struct CMUnitTest large[] = {
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_a_doubled_element),
		cmocka_unit_test(test_find),
	};
	int failed;

	failed = cmocka_run_group_tests_name("small", tests, make, gone);
	return failed + cmocka_run_group_tests_name("large", large,
	    make_large, gone);
}
