/*
 * test_submit.c - the order of a POST, on real files: STANDARDS H10, H11,
 * and hole 23.
 *
 * The clock is asked under the box's lock, before the wave file is read: what
 * the clock of a case does there is what another process does at that moment.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "core/sense.h"
#include "io/boxfile.h"
#include "io/lock.h"
#include "io/state.h"
#include "io/store.h"
#include "io/submit.h"
#include "io/wavefile.h"
#include "scratch.h"

#define TAG	5
#define NAME	"staff-2026q4"
#define OPENED	1000
#define CLOSES	2000
#define PEOPLE	3

static struct wave	wave;
static unsigned char	secret[CRYPT_KEY];
static struct err	err;
static char		*box_path, *lock_path, *wave_path;

static struct link
link_of(unsigned char n)
{
	struct link l = { .tag = TAG, .box = 0 };

	memset(l.secret, n, sizeof(l.secret));
	return l;
}

static void
make_wave(void)
{
	struct question_set	*q = &wave.questions;
	enum sense		 s;
	unsigned int		 line;

	wave_init(&wave);
	memcpy(wave.name, NAME, sizeof(NAME));
	memcpy(wave.survey, "staff", sizeof("staff"));
	wave.tag = TAG;
	wave.state = WAVE_OPEN;
	wave.opened = OPENED;
	wave.closes = CLOSES;
	wave.k = 10;
	wave.langs = (struct langs){ .n = 1, .code = { "en" } };
	wave.boxes = 1;
	wave.people = PEOPLE;
	crypt_keypair(wave.ballot_pub, secret);
	q->stem[0] = mem_str("How much do you agree?");
	for (s = 0; s < SENSE__MAX; s++) {
		snprintf(q->item[s].key, sizeof(q->item[s].key), "%s",
		    sense_key(s));
		assert_true(item_place(&q->item[s]));
		q->item[s].version = 1;
		q->item[s].text[0] = mem_str("I do.");
		q->item[s].hint[0] = mem_str("");
	}
	q->n = SENSE__MAX;
	tree_init(&wave.tree);
	assert_int_equal(tree_add(&wave.tree, "ORG", "", "All", PEOPLE, 0,
	    &err), ERR_OK);
	assert_int_equal(tree_finish(&wave.tree, &line, &err), ERR_OK);
}

static void
make_box(void)
{
	const struct seat	seat = { .unit = 0, .lang = 0 };
	struct link		l;
	struct box		b;
	unsigned char		i;
	int			fd;

	box_init(&b);
	for (i = 1; i <= PEOPLE; i++) {
		l = link_of(i);
		box_add_token(&b, l.secret, &seat);
	}
	assert_int_equal(boxfile_commit(box_path, &b, &err), ERR_OK);
	box_wipe(&b);
	assert_int_equal(lock_take(lock_path, LOCK_TRY, 1, &fd, &err), ERR_OK);
	lock_release(&fd);
}

static int
start(void **state)
{
	char *dir;

	if (!crypt_init() || scratch_make(state) != 0 ||
	    state_prepare(scratch_dir, &err) != ERR_OK)
		return -1;
	make_wave();
	wave_path = state_wave(scratch_dir, TAG, NAME);
	box_path = state_box(scratch_dir, TAG, NAME, 0);
	lock_path = state_box_lock(scratch_dir, TAG, NAME, 0);
	dir = state_answers(scratch_dir, TAG, NAME);
	if (file_mkdir(dir, 0770, &err) != ERR_OK)
		return -1;
	free(dir);
	dir = state_boxes(scratch_dir, TAG, NAME);
	if (file_mkdir(dir, 0770, &err) != ERR_OK)
		return -1;
	free(dir);
	return 0;
}

/* An open wave whose box holds three unused tokens. */
static int
reset(void **state)
{
	(void)state;
	wave.state = WAVE_OPEN;
	make_box();
	return wavefile_write(wave_path, &wave, &err) == ERR_OK ? 0 : -1;
}

static int
end(void **state)
{
	wave_wipe(&wave);
	free(wave_path);
	free(box_path);
	free(lock_path);
	return scratch_remove(state);
}

static int64_t
in_time(void)
{
	return CLOSES - 1;
}

static int64_t
too_late(void)
{
	return CLOSES;
}

/* Somebody closes the wave just after the lock was taken. */
static int64_t
closed_meanwhile(void)
{
	struct err e;

	wave.state = WAVE_CLOSED;
	if (wavefile_write(wave_path, &wave, &e) != ERR_OK)
		abort();
	return CLOSES - 1;
}

static enum err_code	tried;

/* Somebody else wants the box now. */
static int64_t
try_lock(void)
{
	struct err	e;
	int		fd = -1;

	tried = lock_take(lock_path, LOCK_TRY, 0, &fd, &e);
	lock_release(&fd);
	return CLOSES - 1;
}

static enum err_code
submit(unsigned char token, unsigned char code, submit_clock *now,
    enum box_verdict *verdict)
{
	struct link	link = link_of(token);
	struct form	form = { .code = link_of(code), .own_code = true };
	struct seat	seat;

	form.answer[0] = 4;
	return submit_ballot(scratch_dir, &link, &form, now, verdict, &seat,
	    &err);
}

static void
check_box(size_t used, size_t ballots)
{
	struct box b;

	assert_int_equal(boxfile_read(box_path, &b, &err), ERR_OK);
	assert_int_equal(box_used(&b), used);
	assert_int_equal(box_ballots(&b), ballots);
	assert_int_equal(b.n, PEOPLE + ballots);
	box_wipe(&b);
}

/* The inode tells whether the box was replaced. */
static ino_t
box_inode(void)
{
	struct stat st;

	assert_int_equal(stat(box_path, &st), 0);
	return st.st_ino;
}

static void
test_recorded(void **state)
{
	enum box_verdict verdict;

	(void)state;
	assert_int_equal(submit(1, 100, in_time, &verdict), ERR_OK);
	assert_int_equal(verdict, BOX_RECORDED);
	check_box(1, 1);
}

/* H11: the same form twice is one ballot and two equal replies; and each
 * 200 is a full rewrite of its own (H10). */
static void
test_twice(void **state)
{
	enum box_verdict	verdict;
	ino_t			before;

	(void)state;
	assert_int_equal(submit(1, 100, in_time, &verdict), ERR_OK);
	before = box_inode();
	assert_int_equal(submit(1, 100, in_time, &verdict), ERR_OK);
	assert_int_equal(verdict, BOX_RECORDED);
	assert_int_not_equal(box_inode(), before);
	check_box(1, 1);
}

/* H11: a second form for the same token writes nothing. */
static void
test_answered(void **state)
{
	enum box_verdict	verdict;
	ino_t			before;

	(void)state;
	assert_int_equal(submit(1, 100, in_time, &verdict), ERR_OK);
	before = box_inode();
	assert_int_equal(submit(1, 101, in_time, &verdict), ERR_OK);
	assert_int_equal(verdict, BOX_ANSWERED);
	assert_int_equal(submit(2, 100, in_time, &verdict), ERR_OK);
	assert_int_equal(verdict, BOX_FRESH_FORM);
	assert_int_equal(submit(9, 102, in_time, &verdict), ERR_OK);
	assert_int_equal(verdict, BOX_NO_TOKEN);
	assert_int_equal(box_inode(), before);
	check_box(1, 1);
}

/* H10: from the closing second on, no new commit begins. */
static void
test_late(void **state)
{
	enum box_verdict	verdict;
	ino_t			before = box_inode();

	(void)state;
	assert_int_equal(submit(1, 100, too_late, &verdict), ERR_REFUSED);
	assert_int_equal(box_inode(), before);
	check_box(0, 0);
}

/* H10: the wave file is read afresh, holding the lock. */
static void
test_closed_meanwhile(void **state)
{
	enum box_verdict	verdict;
	ino_t			before = box_inode();

	(void)state;
	assert_int_equal(submit(1, 100, closed_meanwhile, &verdict),
	    ERR_REFUSED);
	assert_int_equal(box_inode(), before);
	check_box(0, 0);
}

/* H10: the lock is held when "late" is decided, and let go afterwards. */
static void
test_locked(void **state)
{
	enum box_verdict	verdict;
	int			fd = -1;

	(void)state;
	assert_int_equal(submit(1, 100, try_lock, &verdict), ERR_OK);
	assert_int_equal(tried, ERR_BUSY);
	assert_int_equal(lock_take(lock_path, LOCK_TRY, 0, &fd, &err), ERR_OK);
	lock_release(&fd);
}

/* H5: a failing store is no unknown link. */
static void
test_faults(void **state)
{
	enum box_verdict verdict;

	(void)state;
	assert_int_equal(unlink(lock_path), 0);
	assert_int_equal(submit(1, 100, in_time, &verdict), ERR_CORRUPT);
	assert_int_equal(reset(state), 0);
	assert_int_equal(unlink(box_path), 0);
	assert_int_equal(submit(1, 100, in_time, &verdict), ERR_CORRUPT);
	assert_int_equal(reset(state), 0);
	free(scratch_write("waves/af-" NAME ".gdbm", "not a store", 11));
	assert_int_equal(submit(1, 100, in_time, &verdict), ERR_CORRUPT);
	assert_int_equal(unlink(wave_path), 0);
	assert_int_equal(submit(1, 100, in_time, &verdict), ERR_ABSENT);
}

/* Hole 23: only a token that we issued writes anything, and only once. */
static void
test_optout(void **state)
{
	static const char	known[] = "a234567a234567a234567a234567a234567"
				    "a234567a234567a2a";
	char			*path = state_path(scratch_dir, STATE_OPTOUT,
				    known);
	char			*store = scratch_path("answers/optout/known");
	struct store		*s;
	struct stat		 st;

	(void)state;
	assert_int_equal(strlen(known), OPTOUT_HASH_LEN);
	assert_int_equal(submit_optout(scratch_dir, known, &err), ERR_ABSENT);
	assert_int_equal(store_create(store, 0640, 0, &s, &err), ERR_OK);
	assert_int_equal(store_put(s, known, OPTOUT_HASH_LEN, "", 0, &err),
	    ERR_OK);
	assert_int_equal(store_commit(&s, &err), ERR_OK);
	assert_int_equal(submit_optout(scratch_dir, "b", &err), ERR_ABSENT);
	assert_false(file_exists(path));
	assert_int_equal(submit_optout_known(scratch_dir, known, &err),
	    ERR_OK);
	assert_false(file_exists(path));
	assert_int_equal(submit_optout(scratch_dir, known, &err), ERR_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(submit_optout(scratch_dir, known, &err), ERR_OK);
	free(path);
	free(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_recorded, reset),
		cmocka_unit_test_setup(test_twice, reset),
		cmocka_unit_test_setup(test_answered, reset),
		cmocka_unit_test_setup(test_late, reset),
		cmocka_unit_test_setup(test_closed_meanwhile, reset),
		cmocka_unit_test_setup(test_locked, reset),
		cmocka_unit_test_setup(test_faults, reset),
		cmocka_unit_test_setup(test_optout, reset),
	};

	return cmocka_run_group_tests(tests, start, end);
}
