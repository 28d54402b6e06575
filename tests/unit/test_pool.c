/*
 * test_pool.c - how many mails a crash can repeat: STANDARDS M13.
 *
 * In one thread, with a real ledger: workers begin, let go and finish in any
 * order, and after each step it is counted what a power cut would repeat.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io/pool_parts.h"

#define WORKERS_MAX	8
#define MAILS		2000

static const unsigned char	key[CRYPT_KEY] = "the key of this ledger";
static char			dir[] = "/tmp/test_pool.XXXXXX";
static char			path[sizeof(dir) + 16];

/* What is known of the ledger from outside: records are numbered from 1. */
static uint32_t	written;
static uint32_t	ends[MAILS];	/* numbers of the ends of mails that went */
static size_t	n_ends;

static enum err_code
pass_over(void *arg, const struct mail_record *r, struct err *e)
{
	(void)arg;
	(void)r;
	(void)e;
	return ERR_OK;
}

static bool
count_record(void *arg, const struct mail_record *r)
{
	(void)arg;
	(void)r;
	written++;
	return true;
}

/* Mails that may have arrived, and of which the disk does not know the end. */
static unsigned int
in_doubt(struct ledger *l, const struct worker *w, unsigned int n)
{
	uint32_t	synced = ledger_synced(l);
	unsigned int	doubt = 0;
	size_t		i;

	for (i = 0; i < n_ends; i++)
		doubt += ends[i] > synced;
	for (i = 0; i < n; i++)
		doubt += w[i].going;
	return doubt;
}

static void
step(struct worker *w, struct ledger *l)
{
	struct ahead *a;

	if (w->going) {
		pool_finish(w, &w->ahead[w->first].job, MAIL_SENT, 250);
		ends[n_ends++] = written;
		assert_false(w->going);
		w->first = (w->first + 1) % POOL_AHEAD;
		w->n_ahead--;
		return;
	}
	for (; w->n_ahead < POOL_AHEAD; w->n_ahead++) {
		a = &w->ahead[(w->first + w->n_ahead) % POOL_AHEAD];
		assert_true(pool_begin(w->run, a));
		assert_int_equal(a->mark, written);
	}
	assert_true(pool_is_written(w));
	assert_true(w->going);
	assert_true(ledger_synced(l) >= w->ahead[w->first].mark);
}

static void
run(unsigned int n)
{
	struct conf_mail	conf = { .connections = n };
	struct pool_result	res = { .sent = 0 };
	struct worker		w[WORKERS_MAX];
	struct ledger		*l;
	struct pool		p = { .mail = &conf, .ahead = POOL_AHEAD,
				    .note = count_record };
	struct run		r = { .p = &p, .res = &res };
	struct err		e;
	uint32_t		marks[WORKERS_MAX];
	int64_t			last;
	unsigned int		i, most = 0, doubt;

	memset(w, 0, sizeof(w));
	written = 0;
	n_ends = 0;
	assert_int_equal(ledger_open(path, key, pass_over, NULL, &l, &e),
	    ERR_OK);
	p.ledger = l;
	r.e = &e;
	r.ends = marks;
	r.last = &last;
	pthread_mutex_init(&r.mutex, NULL);
	while (n_ends < MAILS) {
		i = (unsigned int)rand() % n;
		w[i].run = &r;
		step(&w[i], l);
		doubt = in_doubt(l, w, n);
		assert_true(doubt <= n);
		most = doubt > most ? doubt : most;
	}
	print_message("  %u connections: at most %u in doubt\n", n, most);
	pthread_mutex_destroy(&r.mutex);
	ledger_close(&l);
	assert_int_equal(unlink(path), 0);
}

static void
test_doubt(void **state)
{
	unsigned int	seed = (unsigned int)time(NULL), n;

	(void)state;
	print_message("  M13: no more in doubt than connections; seed %u\n",
	    seed);
	srand(seed);
	for (n = 1; n <= WORKERS_MAX; n++)
		run(n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doubt),
	};
	int status;

	if (!crypt_init() || mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/ledger", dir);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(dir);
	return status;
}
