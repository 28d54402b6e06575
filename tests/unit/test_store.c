/*
 * test_store.c - stores, boxes on disk, the frozen list, publications.
 *
 * In a directory of its own below the temporary directory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "io/boxfile.h"
#include "io/file.h"
#include "io/list.h"
#include "io/published.h"
#include "io/state.h"
#include "io/store.h"

static char dir[] = "/tmp/sensed-test-XXXXXX";
static struct err err;

static const char *
in_dir(const char *name)
{
	static char path[2][256];
	static int  n;

	n = !n;
	snprintf(path[n], sizeof(path[n]), "%s/%s", dir, name);
	return path[n];
}

static void
write_store(const char *path, int small, const char *value)
{
	struct store *s;

	assert_int_equal(store_create(path, 0600, small, &s, &err), ERR_OK);
	assert_int_equal(store_put(s, "a", 1, value, strlen(value), &err),
	    ERR_OK);
	assert_int_equal(store_put(s, "a", 1, "x", 1, &err), ERR_USED);
	assert_int_equal(store_put(s, "b", 1, "", 0, &err), ERR_OK);
	assert_int_equal(store_commit(&s, &err), ERR_OK);
	assert_null(s);
}

static enum err_code
count(void *arg, const char *key, size_t keylen, const char *value, size_t len,
    struct err *e)
{
	(void)key, (void)keylen, (void)value, (void)len, (void)e;
	++*(int *)arg;
	return ERR_OK;
}

static void
test_store(void **state)
{
	struct store	*s;
	char		*value;
	size_t		 len;
	int		 small, n;

	(void)state;
	for (small = 0; small < 2; small++) {
		print_message("  made %s\n", small ? "in memory" : "on disk");
		write_store(in_dir("s"), small, "one");
		write_store(in_dir("s"), small, "two");
		assert_false(file_exists(in_dir("s.new")));
		assert_int_equal(store_open(in_dir("s"), &s, &err), ERR_OK);
		assert_int_equal(store_get(s, "a", 1, &value, &len, &err),
		    ERR_OK);
		assert_string_equal(value, "two");
		free(value);
		assert_int_equal(store_get(s, "c", 1, &value, &len, &err),
		    ERR_ABSENT);
		n = 0;
		assert_int_equal(store_each(s, count, &n, &err), ERR_OK);
		assert_int_equal(n, 2);
		store_close(&s);
	}
}

/* Every truncation of a store is noticed when it is opened or walked. */
static void
test_damage_is_noticed(void **state)
{
	struct store	*s;
	struct stat	 st;
	off_t		 cut;
	int		 n;

	(void)state;
	write_store(in_dir("d"), 0, "value");
	assert_int_equal(stat(in_dir("d"), &st), 0);
	for (cut = 0; cut < st.st_size; cut += 512) {
		write_store(in_dir("d"), 0, "value");
		assert_int_equal(truncate(in_dir("d"), cut), 0);
		n = 0;
		if (store_open(in_dir("d"), &s, &err) != ERR_OK) {
			assert_int_not_equal(err.code, ERR_ABSENT);
			continue;
		}
		assert_true(store_each(s, count, &n, &err) != ERR_OK ||
		    n == 2);
		store_close(&s);
	}
}

static void
test_no_store_and_no_store_of_ours(void **state)
{
	struct store *s;

	(void)state;
	assert_int_equal(store_open(in_dir("none"), &s, &err), ERR_ABSENT);
	assert_int_equal(file_replace(in_dir("text"), "hello\n", 6, 0600,
	    &err), ERR_OK);
	assert_int_equal(store_open(in_dir("text"), &s, &err), ERR_CORRUPT);
	print_message("  a store of a newer version is refused\n");
	assert_int_equal(store_create(in_dir("newer"), 0600, 0, &s, &err),
	    ERR_OK);
	assert_int_equal(store_replace(s, "format", 6, "2", 1, &err), ERR_OK);
	assert_int_equal(store_commit(&s, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.msg, "newer"));
}

static void
add_records(struct box *b, int from, int to, int step)
{
	unsigned char	key[BOX_KEY] = { 'T' }, value[BOX_B_VALUE];
	int		i;

	for (i = from; i != to; i += step) {
		memset(value, i, sizeof(value));
		value[0] = (unsigned char)(i & 1);
		memset(key + 1, i * 37 & 0xff, CRYPT_HASH);
		key[0] = 'T';
		assert_int_equal(box_append(b, key, BOX_KEY, value,
		    BOX_T_VALUE, &err), ERR_OK);
		key[0] = 'B';
		assert_int_equal(box_append(b, key, BOX_KEY, value,
		    BOX_B_VALUE, &err), ERR_OK);
	}
	assert_int_equal(box_sort(b, &err), ERR_OK);
}

/* STANDARDS 4 hole 2: the bytes do not depend on the order of arrival. */
static void
test_box_bytes_tell_no_order(void **state)
{
	struct box	 b;
	char		*up, *down;
	size_t		 up_len, down_len;

	(void)state;
	box_init(&b);
	add_records(&b, 0, 100, 1);
	assert_int_equal(boxfile_commit(in_dir("up"), &b, &err), ERR_OK);
	box_wipe(&b);
	add_records(&b, 99, -1, -1);
	assert_int_equal(boxfile_commit(in_dir("down"), &b, &err), ERR_OK);
	box_wipe(&b);
	assert_int_equal(file_read(in_dir("up"), 1 << 24, &up, &up_len, &err),
	    ERR_OK);
	assert_int_equal(file_read(in_dir("down"), 1 << 24, &down, &down_len,
	    &err), ERR_OK);
	assert_int_equal(up_len, down_len);
	assert_memory_equal(up, down, up_len);
	free(up);
	free(down);
}

static void
test_box_comes_back(void **state)
{
	struct box	b, again;
	const unsigned char *value, *same;
	size_t		i, len, again_len;

	(void)state;
	box_init(&b);
	add_records(&b, 0, 128, 1);
	assert_int_equal(boxfile_commit(in_dir("box"), &b, &err), ERR_OK);
	assert_int_equal(boxfile_read(in_dir("box"), &again, &err), ERR_OK);
	assert_int_equal(again.n, b.n);
	for (i = 0; i < b.n; i++) {
		assert_memory_equal(again.record[i].key, b.record[i].key,
		    BOX_KEY);
		value = box_value(&b, i, &len);
		same = box_value(&again, i, &again_len);
		assert_int_equal(len, again_len);
		assert_memory_equal(value, same, len);
	}
	print_message("  a leftover new file is overwritten\n");
	assert_int_equal(file_replace(in_dir("box.new"), "torn", 4, 0600,
	    &err), ERR_OK);
	assert_int_equal(boxfile_commit(in_dir("box"), &b, &err), ERR_OK);
	assert_false(file_exists(in_dir("box.new")));
	box_wipe(&b);
	box_wipe(&again);
}

static void
test_list(void **state)
{
	static const unsigned char	key[CRYPT_KEY] = { 9 }, bad[CRYPT_KEY];
	struct list_person		p = { .id = "p-17", .unit = 70000,
					    .box = 300, .lang = 1 }, q;
	struct list			*l;

	(void)state;
	assert_int_equal(list_create(in_dir("l"), key, 3, &l, &err), ERR_OK);
	assert_int_equal(list_put(l, 2, &p, &err), ERR_OK);
	assert_int_equal(list_finish(&l, 301, &err), ERR_OK);
	assert_int_equal(list_open(in_dir("l"), key, &l, &err), ERR_OK);
	assert_int_equal(list_people(l), 3);
	assert_int_equal(list_boxes(l), 301);
	assert_int_equal(list_get(l, 2, &q, &err), ERR_OK);
	assert_string_equal(q.id, "p-17");
	assert_int_equal(q.unit, 70000);
	assert_int_equal(q.box, 300);
	assert_int_equal(q.lang, 1);
	print_message("  a record that was never written does not open\n");
	assert_int_equal(list_get(l, 1, &q, &err), ERR_CORRUPT);
	list_close(&l);
	print_message("  nor does any under another key\n");
	assert_int_equal(list_open(in_dir("l"), bad, &l, &err), ERR_OK);
	assert_int_equal(list_get(l, 2, &q, &err), ERR_CORRUPT);
	list_close(&l);
	print_message("  a list cut short is no list\n");
	assert_int_equal(truncate(in_dir("l"), 200), 0);
	assert_int_equal(list_open(in_dir("l"), key, &l, &err), ERR_CORRUPT);
}

/* One published unit above a hidden one, every member another value. */
static void
sample(struct publication *p)
{
	struct figure	*f;
	int		 s;

	memset(p, 0, sizeof(*p));
	memcpy(p->wave, "staff-2026q4", 13);
	memcpy(p->survey, "staff", 6);
	p->k = 10;
	p->protect = PROTECT_CARRY;
	p->opened = 1790000000;
	p->closed = 1791000000;
	p->n = 2;
	p->unit = mem_zero(2, sizeof(*p->unit));
	memcpy(p->unit[0].id, "ORG", 4);
	p->unit[0].name = mem_str("Taf, \"y\" <b>");
	p->unit[0].parent = UNIT_NONE;
	p->unit[0].end = 2;
	p->unit[0].shown_instead = UNIT_NONE;
	p->unit[0].invited = 108;
	p->unit[0].responses = 74;
	p->unit[0].rate = 69;
	p->unit[0].partial = true;
	p->unit[0].detail = DETAIL_FIVE;
	memcpy(p->unit[1].id, "T1", 3);
	p->unit[1].name = mem_str("North");
	p->unit[1].end = 2;
	p->unit[1].status = UNIT_SECONDARY;
	p->unit[1].responses = 11;
	for (s = 0; s < SENSE__MAX; s++) {
		p->scale[s] = 8;
		memcpy(p->wording[s], "x:1,y:2", 8);
		f = &p->unit[0].sense[s];
		f->n = 74;
		f->sum = 1000 + (uint64_t)s;
		f->square = 99999;
		f->fav_n = 40;
		f->unf_n = 16;
		f->c[4] = 15;
		f->score = 61;
		f->clip = CLIP_LOW;
		f->lo = 57;
		f->hi = 66;
		f->fav_kind = FAV_OVER;
		f->fav = 54;
		f->fav_lo = 47;
		f->fav_hi = 61;
		f->has_bands = f->has_five = f->split = true;
		f->band[1] = 24;
		f->five[3] = 34;
		f->vs_org = ORG_POSSIBLE_BELOW;
		f->change = CHANGE_CLEAR_FALL;
		f->has_change_figure = true;
		f->change_tenths = -13;
	}
}

/* SCORING 9: what comes back, and what of a hidden unit never does. */
static void
test_publication_comes_back(void **state)
{
	struct publication	 p, q;
	char			*raw;
	size_t			 len;

	(void)state;
	sample(&p);
	assert_int_equal(published_write(in_dir("p"), &p, NULL, &err), ERR_OK);
	assert_int_equal(published_read(in_dir("p"), &q, &err), ERR_OK);
	assert_string_equal(q.wave, p.wave);
	assert_int_equal(q.protect, PROTECT_CARRY);
	assert_int_equal(q.scale[5], 8);
	assert_string_equal(q.wording[5], "x:1,y:2");
	assert_int_equal(q.n, 2);
	assert_string_equal(q.unit[0].name, p.unit[0].name);
	assert_int_equal(q.unit[0].parent, UNIT_NONE);
	assert_true(q.unit[0].partial);
	assert_memory_equal(q.unit[0].sense, p.unit[0].sense,
	    sizeof(q.unit[0].sense));
	print_message("  a hidden unit has no reason and no count\n");
	assert_int_equal(q.unit[1].status, UNIT_HIDDEN);
	assert_int_equal(q.unit[1].responses, 0);
	assert_int_equal(q.unit[1].shown_instead, 0);
	publication_wipe(&q);
	assert_int_equal(file_read(in_dir("p"), 1 << 24, &raw, &len, &err),
	    ERR_OK);
	free(raw);
	publication_wipe(&p);
}

/* SCORING 5 (ii): the same publication gives the same bytes. */
static void
test_publication_bytes(void **state)
{
	struct publication	 p;
	char			*a, *b;
	size_t			 alen, blen;

	(void)state;
	sample(&p);
	assert_int_equal(published_write(in_dir("p1"), &p, NULL, &err), ERR_OK);
	assert_int_equal(published_write(in_dir("p2"), &p, NULL, &err), ERR_OK);
	publication_wipe(&p);
	assert_int_equal(file_read(in_dir("p1"), 1 << 24, &a, &alen, &err),
	    ERR_OK);
	assert_int_equal(file_read(in_dir("p2"), 1 << 24, &b, &blen, &err),
	    ERR_OK);
	assert_int_equal(alen, blen);
	assert_memory_equal(a, b, alen);
	free(a);
	free(b);
}

static void
test_destroy(void **state)
{
	(void)state;
	assert_int_equal(file_mkdir(in_dir("k"), 0700, &err), ERR_OK);
	assert_int_equal(file_replace(in_dir("k/key"), "secret", 6, 0600,
	    &err), ERR_OK);
	assert_int_equal(file_destroy(in_dir("k"), &err), ERR_OK);
	assert_false(file_exists(in_dir("k")));
	assert_int_equal(file_destroy(in_dir("k"), &err), ERR_OK);
}

static void
test_keys(void **state)
{
	unsigned char key[CRYPT_KEY] = { 1 }, again[CRYPT_KEY] = { 0 };

	(void)state;
	assert_int_equal(state_key_write(in_dir("key"), key, &err), ERR_OK);
	assert_int_equal(state_key_read(in_dir("key"), again, &err), ERR_OK);
	assert_memory_equal(key, again, CRYPT_KEY);
	assert_int_equal(truncate(in_dir("key"), 31), 0);
	assert_int_equal(state_key_read(in_dir("key"), again, &err),
	    ERR_CORRUPT);
	assert_int_equal(state_key_read(in_dir("nokey"), again, &err),
	    ERR_ABSENT);
}

static int
leave(void **state)
{
	(void)state;
	return file_remove(dir, &err) == ERR_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_store),
		cmocka_unit_test(test_damage_is_noticed),
		cmocka_unit_test(test_no_store_and_no_store_of_ours),
		cmocka_unit_test(test_box_bytes_tell_no_order),
		cmocka_unit_test(test_box_comes_back),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_publication_comes_back),
		cmocka_unit_test(test_publication_bytes),
		cmocka_unit_test(test_destroy),
		cmocka_unit_test(test_keys),
	};

	if (!crypt_init() || mkdtemp(dir) == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, leave);
}
