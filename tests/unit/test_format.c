/*
 * test_format.c - every kind of file says its format, and a newer one is left
 * alone: refused with words, its bytes as they were.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <gdbm.h>

#include "core/ballot.h"
#include "io/healthlog.h"
#include "io/ledger.h"
#include "io/list.h"
#include "io/state.h"
#include "io/store.h"
#include "scratch.h"

static const unsigned char	key[CRYPT_KEY] = "the key of this wave";
static struct err		err;

/* The words name the file, its format, and what to do. */
static void
assert_newer(enum err_code rc, const char *path, const char *format)
{
	assert_int_equal(rc, ERR_NEWER);
	if (path != NULL)
		assert_memory_equal(err.msg, path, strlen(path));
	if (format != NULL)
		assert_non_null(strstr(err.msg, format));
	assert_non_null(strstr(err.msg, "newer"));
	assert_non_null(strstr(err.msg, "nothing was changed"));
}

static void
replace_format(const char *path, const char *format)
{
	static char	name[] = "format";
	char		value[8];
	datum		k = { name, 6 }, v = { value, (int)strlen(format) };
	GDBM_FILE	f = gdbm_open(path, 0, GDBM_WRITER, 0600, NULL);

	assert_non_null(f);
	snprintf(value, sizeof(value), "%s", format);
	assert_int_equal(gdbm_store(f, k, v, GDBM_REPLACE), 0);
	gdbm_close(f);
}

static void
test_store(void **state)
{
	static const struct {
		const char	*format;
		enum err_code	 rc;
	} cases[] = {
		{ "1", ERR_OK }, { "2", ERR_NEWER }, { "17", ERR_NEWER },
		{ "", ERR_CORRUPT }, { "x", ERR_CORRUPT },
		{ "1\n", ERR_CORRUPT },
	};
	char		*path = scratch_path("store");
	struct store	*s;
	size_t		 i, len;
	char		*value;

	(void)state;
	assert_int_equal(store_create(path, 0600, 0, &s, &err), ERR_OK);
	assert_int_equal(store_put(s, "k", 1, "v", 1, &err), ERR_OK);
	assert_int_equal(store_commit(&s, &err), ERR_OK);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  format \"%s\"\n", cases[i].format);
		replace_format(path, cases[i].format);
		assert_int_equal(store_open(path, &s, &err), cases[i].rc);
		if (cases[i].rc == ERR_NEWER)
			assert_newer(ERR_NEWER, path, cases[i].format);
		if (cases[i].rc == ERR_OK)
			store_close(&s);
		assert_int_equal(store_find(path, "none", 4, &value, &len,
		    &err), cases[i].rc == ERR_OK ? ERR_ABSENT : cases[i].rc);
	}
	free(path);
}

static void
test_list(void **state)
{
	char			*path = scratch_path("list");
	struct list		*l;
	struct list_person	 p = { .id = "p1" };
	int			 fd;

	(void)state;
	assert_int_equal(list_create(path, key, 1, &l, &err), ERR_OK);
	assert_int_equal(list_put(l, 0, &p, &err), ERR_OK);
	assert_int_equal(list_finish(&l, 1, &err), ERR_OK);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(file_write_at(fd, "sensedL2", 8, 0));
	assert_newer(list_open(path, key, &l, &err), path, "format 2");
	assert_true(file_write_at(fd, "sensedL0", 8, 0));
	assert_int_equal(list_open(path, key, &l, &err), ERR_CORRUPT);
	assert_true(file_write_at(fd, "sensedL1", 8, 0));
	assert_int_equal(list_open(path, key, &l, &err), ERR_OK);
	list_close(&l);
	close(fd);
	free(path);
}

static enum err_code
nothing(void *arg, const struct mail_record *r, struct err *e)
{
	(void)arg;
	(void)r;
	(void)e;
	return ERR_OK;
}

/* A torn end would be cut off; behind a newer record it is left alone. */
static void
test_ledger(void **state)
{
	char		*path = scratch_path("ledger"), *before, *after;
	unsigned char	 plain[24] = { 0 }, record[LEDGER_RECORD] = { 7 };
	struct ledger	*l;
	size_t		 len, n;
	int		 fd;

	(void)state;
	plain[23] = 1;
	crypt_lock(record + CRYPT_NONCE, key, record, plain, sizeof(plain));
	assert_int_equal(ledger_open(path, key, nothing, NULL, &l, &err),
	    ERR_OK);
	assert_int_equal(ledger_append(l, &(struct mail_record){ .who = 3 },
	    true, &err), ERR_OK);
	ledger_close(&l);
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_true(file_write_all(fd, record, sizeof(record)));
	assert_true(file_write_all(fd, "torn", 4));
	close(fd);
	assert_int_equal(file_read(path, 4096, &before, &n, &err), ERR_OK);
	assert_newer(ledger_open(path, key, nothing, NULL, &l, &err), path,
	    "format 2");
	assert_newer(ledger_replay(path, key, nothing, NULL, &err), path,
	    "format 2");
	assert_int_equal(file_read(path, 4096, &after, &len, &err), ERR_OK);
	assert_int_equal(len, n);
	assert_memory_equal(before, after, n);
	free(before);
	free(after);
	free(path);
}

static void
test_ballot(void **state)
{
	unsigned char	pub[CRYPT_KEY], secret[CRYPT_KEY];
	unsigned char	plain[BALLOT_PLAIN] = { 2 }, sealed[BALLOT_SEALED];
	struct ballot	b;

	(void)state;
	crypt_keypair(pub, secret);
	crypt_seal(sealed, pub, plain, sizeof(plain));
	assert_newer(ballot_open(sealed, sizeof(sealed), pub, secret, &b,
	    &err), NULL, NULL);
}

static void
test_health_log(void **state)
{
	struct health_record	r = { .event = BOUNCE_HARD, .wave = "w" };
	unsigned char		b[HEALTH_RECORD], after[HEALTH_RECORD];
	unsigned char		hash[32];
	char			*path = scratch_path("state/roster/health.log");
	char			*dir = scratch_path("state");
	int			fd;

	(void)state;
	assert_int_equal(state_prepare(dir, &err), ERR_OK);
	assert_int_equal(healthlog_make(dir, &err), ERR_OK);
	health_encode(b, &r);
	b[0] = 2;
	crypt_hash(hash, sizeof(hash), NULL, b, HEALTH_RECORD - 8);
	memcpy(b + HEALTH_RECORD - 8, hash, 8);
	fd = open(path, O_RDWR);
	assert_int_equal(write(fd, b, sizeof(b)), sizeof(b));
	assert_newer(healthlog_append(dir, &r, 1, &err), path, "2");
	assert_int_equal(pread(fd, after, sizeof(after), 0), sizeof(after));
	assert_memory_equal(after, b, sizeof(b));
	assert_int_equal(lseek(fd, 0, SEEK_END), HEALTH_RECORD);
	close(fd);
	free(path);
	free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_store),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_ledger),
		cmocka_unit_test(test_ballot),
		cmocka_unit_test(test_health_log),
	};

	if (!crypt_init())
		return 1;
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
