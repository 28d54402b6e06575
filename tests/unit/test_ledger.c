/*
 * test_ledger.c - the send ledger: STANDARDS M13, and the states of ledger.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/file.h"
#include "io/ledger.h"

#define NEWEST	1796000000	/* a second in 2026 */

static const unsigned char	key[CRYPT_KEY] = "the key of this ledger";
static const unsigned char	other[CRYPT_KEY] = "the key of another";
static char			dir[] = "/tmp/test_ledger.XXXXXX";
static char			path[sizeof(dir) + 16];

/* What a replay told, in order. */
static struct told {
	struct mail_record	r[4096];
	size_t			n;
} told;

static enum err_code
tell(void *arg, const struct mail_record *r, struct err *e)
{
	(void)arg;
	(void)e;
	assert_true(told.n < sizeof(told.r) / sizeof(told.r[0]));
	told.r[told.n++] = *r;
	return ERR_OK;
}

static enum err_code
open_it(const unsigned char k[CRYPT_KEY], struct ledger **l)
{
	struct err e;

	told.n = 0;
	return ledger_open(path, k, tell, NULL, l, &e);
}

static enum err_code
replay_it(const unsigned char k[CRYPT_KEY])
{
	struct err e;

	told.n = 0;
	return ledger_replay(path, k, tell, NULL, &e);
}

static struct mail_record
record(unsigned int i)
{
	struct mail_record r = { .who = i, .when = NEWEST + i, .kind = i % 3,
	    .slot = i % 3, .event = MAIL_SENT, .attempt = i % 200,
	    .code = 250 + i };

	return r;
}

/* A ledger of n records, the first `synced` of them synced. */
static void
make(unsigned int n, unsigned int synced)
{
	struct mail_record	 r;
	struct ledger		*l;
	struct err		 e;
	unsigned int		 i;

	unlink(path);
	assert_int_equal(open_it(key, &l), ERR_OK);
	for (i = 0; i < n; i++) {
		r = record(i);
		assert_int_equal(ledger_append(l, &r, i + 1 == synced, &e),
		    ERR_OK);
	}
	ledger_close(&l);
}

/* That the last replay told records 0 .. n - 1, each field of them. */
static void
assert_told(size_t n)
{
	struct mail_record	r;
	size_t			i;

	assert_int_equal(told.n, n);
	for (i = 0; i < n; i++) {
		r = record((unsigned int)i);
		assert_int_equal(told.r[i].who, r.who);
		assert_int_equal(told.r[i].when, r.when);
		assert_int_equal(told.r[i].kind, r.kind);
		assert_int_equal(told.r[i].slot, r.slot);
		assert_int_equal(told.r[i].event, r.event);
		assert_int_equal(told.r[i].attempt, r.attempt);
		assert_int_equal(told.r[i].code, r.code);
	}
}

static off_t
size(void)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* Overwrites one record: with zeros, or by turning over one bit. */
static void
spoil(unsigned int i, bool zero)
{
	unsigned char	b[LEDGER_RECORD] = { 0 };
	int		fd = open(path, O_RDWR);
	off_t		at = (off_t)i * LEDGER_RECORD;

	assert_int_not_equal(fd, -1);
	if (!zero) {
		assert_int_equal(pread(fd, b, sizeof(b), at), sizeof(b));
		b[40] ^= 1;
	}
	assert_int_equal(pwrite(fd, b, sizeof(b), at), sizeof(b));
	close(fd);
}

static void
test_replay(void **state)
{
	struct ledger *l;

	(void)state;
	print_message("  M13: what was appended is replayed, field by field\n");
	make(3000, 3000);
	assert_int_equal(size(), 3000 * LEDGER_RECORD);
	assert_int_equal(replay_it(key), ERR_OK);
	assert_told(3000);
	assert_int_equal(open_it(key, &l), ERR_OK);
	assert_told(3000);
	ledger_close(&l);
}

static void
test_absent(void **state)
{
	(void)state;
	print_message("  a ledger that is not there is absent, not empty\n");
	unlink(path);
	assert_int_equal(replay_it(key), ERR_ABSENT);
	assert_false(file_exists(path));
}

static void
test_locked(void **state)
{
	struct ledger *l, *second;

	(void)state;
	print_message("  one writer at a time; a reader does not wait\n");
	make(2, 2);
	assert_int_equal(open_it(key, &l), ERR_OK);
	assert_int_equal(open_it(key, &second), ERR_BUSY);
	assert_int_equal(replay_it(key), ERR_OK);
	assert_told(2);
	ledger_close(&l);
	assert_int_equal(open_it(key, &l), ERR_OK);
	ledger_close(&l);
}

static void
test_torn(void **state)
{
	struct mail_record	 r;
	struct ledger		*l;
	struct err		 e;
	off_t			 cut;
	size_t			 whole;

	(void)state;
	print_message("  M13: cut at any byte, the whole records stay and the "
	    "next one is read again\n");
	for (cut = 0; cut <= 5 * LEDGER_RECORD; cut++) {
		make(5, 0);
		assert_int_equal(truncate(path, cut), 0);
		whole = (size_t)cut / LEDGER_RECORD;
		assert_int_equal(replay_it(key), ERR_OK);
		assert_told(whole);
		assert_int_equal(open_it(key, &l), ERR_OK);
		assert_told(whole);
		r = record((unsigned int)whole);
		assert_int_equal(ledger_append(l, &r, true, &e), ERR_OK);
		ledger_close(&l);
		assert_int_equal(replay_it(key), ERR_OK);
		assert_told(whole + 1);
	}
}

static void
test_bad_tail(void **state)
{
	struct ledger	*l;
	int		 zero;

	(void)state;
	print_message("  records at the end that do not open are cut off\n");
	for (zero = 0; zero <= 1; zero++) {
		make(5, 2);
		spoil(3, zero);
		spoil(4, zero);
		assert_int_equal(open_it(key, &l), ERR_OK);
		assert_told(3);
		ledger_close(&l);
		assert_int_equal(size(), 3 * LEDGER_RECORD);
	}
}

static void
test_bad_middle(void **state)
{
	struct ledger	*l;
	unsigned int	 i;

	(void)state;
	print_message("  a bad record before a good one is damage: refused, "
	    "and no byte changed\n");
	for (i = 0; i < 4; i++) {
		make(5, 0);
		spoil(i, false);
		assert_int_equal(replay_it(key), ERR_CORRUPT);
		assert_int_equal(open_it(key, &l), ERR_CORRUPT);
		assert_int_equal(size(), 5 * LEDGER_RECORD);
	}
}

static void
test_gap(void **state)
{
	struct ledger *l;

	(void)state;
	print_message("  an empty record that was never synced is filled\n");
	make(6, 2);
	spoil(3, true);
	assert_int_equal(replay_it(key), ERR_OK);
	assert_int_equal(told.n, 5);
	assert_int_equal(open_it(key, &l), ERR_OK);
	ledger_close(&l);
	assert_int_equal(open_it(key, &l), ERR_OK);
	ledger_close(&l);
	assert_int_equal(told.n, 6);
	assert_int_equal(told.r[3].event, MAIL_VOID);
	assert_int_equal(told.r[4].who, 4);

	print_message("  an empty record that was synced is damage\n");
	make(6, 4);
	spoil(3, true);
	assert_int_equal(replay_it(key), ERR_CORRUPT);
	assert_int_equal(open_it(key, &l), ERR_CORRUPT);
	assert_int_equal(size(), 6 * LEDGER_RECORD);
}

static void
test_key(void **state)
{
	struct ledger *l;

	(void)state;
	print_message("  under another key nothing is read and nothing cut\n");
	make(3, 3);
	assert_int_equal(replay_it(other), ERR_CORRUPT);
	assert_int_equal(open_it(other, &l), ERR_CORRUPT);
	assert_int_equal(told.n, 0);
	assert_int_equal(replay_it(key), ERR_OK);
	assert_told(3);
}

static void
test_nonce(void **state)
{
	struct mail_record	 r = record(7);
	struct ledger		*l;
	char			*data;
	size_t			 len;
	struct err		 e;

	(void)state;
	print_message("  equal records do not look equal on the disk\n");
	make(0, 0);
	assert_int_equal(open_it(key, &l), ERR_OK);
	assert_int_equal(ledger_append(l, &r, false, &e), ERR_OK);
	assert_int_equal(ledger_append(l, &r, true, &e), ERR_OK);
	ledger_close(&l);
	assert_int_equal(file_read(path, 1 << 20, &data, &len, &e), ERR_OK);
	assert_int_equal(len, 2 * LEDGER_RECORD);
	assert_memory_not_equal(data + CRYPT_NONCE,
	    data + LEDGER_RECORD + CRYPT_NONCE, LEDGER_RECORD - CRYPT_NONCE);
	free(data);
}

static void
test_room(void **state)
{
	struct mail_record	 r;
	struct ledger		*l;
	struct err		 e;
	unsigned int		 i;

	(void)state;
	print_message("  one record alone makes no room\n");
	make(0, 0);
	assert_int_equal(open_it(key, &l), ERR_OK);
	r = record(0);
	assert_int_equal(ledger_append(l, &r, true, &e), ERR_OK);
	assert_int_equal(size(), LEDGER_RECORD);

	print_message("  many make room, which no reader sees\n");
	for (i = 1; i < 700; i++) {
		r = record(i);
		assert_int_equal(ledger_append(l, &r, false, &e), ERR_OK);
		assert_true(size() >= (off_t)(i + 1) * LEDGER_RECORD);
		assert_true(size() <= (off_t)(i + 1 + 256) * LEDGER_RECORD);
	}
	assert_true(size() > 700 * LEDGER_RECORD);
	assert_int_equal(replay_it(key), ERR_OK);
	assert_told(700);

	print_message("  it goes when the ledger is closed\n");
	ledger_close(&l);
	assert_int_equal(size(), 700 * LEDGER_RECORD);

	print_message("  or, after a death, when it is opened\n");
	spoil(899, true);
	assert_int_equal(open_it(key, &l), ERR_OK);
	assert_told(700);
	assert_int_equal(size(), 700 * LEDGER_RECORD);
	ledger_close(&l);
}

/* What the next record says of those before it tells what was synced. */
static void
test_begin(void **state)
{
	struct mail_record	 r;
	struct ledger		*l;
	struct err		 e;
	uint32_t		 mark[2];
	unsigned int		 i, waits;

	(void)state;
	for (waits = 0; waits < 2; waits++) {
		print_message("  begun, %s: may %sbe lost\n", waits ?
		    "and waited for one of them" : "and never waited for",
		    waits ? "not " : "");
		make(0, 0);
		assert_int_equal(open_it(key, &l), ERR_OK);
		for (i = 0; i < 2; i++) {
			r = record(i);
			assert_int_equal(ledger_begin(l, &r, &mark[i], &e),
			    ERR_OK);
			assert_int_equal(mark[i], i + 1);
		}
		if (waits)
			assert_int_equal(ledger_await(l, mark[0], &e), ERR_OK);
		r = record(2);
		assert_int_equal(ledger_append(l, &r, false, &e), ERR_OK);
		ledger_close(&l);
		spoil(1, true);
		assert_int_equal(replay_it(key), waits ? ERR_CORRUPT : ERR_OK);
	}
}

#define THREADS	4
#define EACH	200

static void *
append_many(void *arg)
{
	static unsigned int	 next;
	struct ledger		*l = arg;
	struct mail_record	 r;
	struct err		 e;
	unsigned int		 me = __atomic_fetch_add(&next, 1,
				     __ATOMIC_RELAXED), i;

	for (i = 0; i < EACH; i++) {
		r = record(me * EACH + i);
		if (ledger_append(l, &r, i % 50 == 0, &e) != ERR_OK)
			return l;
	}
	return NULL;
}

static void
test_threads(void **state)
{
	bool		 seen[THREADS * EACH] = { false };
	pthread_t	 t[THREADS];
	struct ledger	*l;
	void		*failed;
	size_t		 i;

	(void)state;
	print_message("  several threads append and no record is lost\n");
	make(0, 0);
	assert_int_equal(open_it(key, &l), ERR_OK);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, append_many, l),
		    0);
	for (i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(t[i], &failed), 0);
		assert_null(failed);
	}
	ledger_close(&l);
	assert_int_equal(replay_it(key), ERR_OK);
	assert_int_equal(told.n, THREADS * EACH);
	for (i = 0; i < told.n; i++)
		seen[told.r[i].who] = true;
	for (i = 0; i < told.n; i++)
		assert_true(seen[i]);
}

static int
set_up(void **state)
{
	(void)state;
	if (!crypt_init() || mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/wave.log", dir);
	return 0;
}

static int
tear_down(void **state)
{
	struct err e;

	(void)state;
	return file_remove(dir, &e) == ERR_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_bad_tail),
		cmocka_unit_test(test_bad_middle),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_nonce),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_begin),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests_name("ledger", tests, set_up, tear_down);
}
