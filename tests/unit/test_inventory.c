/*
 * test_inventory.c - which paths and records sensed documents, and which not.
 *
 * Paths from DESIGN 4, records from the headers of those who write them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/inventory.h"

#define HASH	"bbeiugdzv5jj6csuuhwmhyvox3kp6hjsafycovv5y2p4tqn2ifhq"

static const struct {
	const char		*path;
	enum inventory_kind	 kind;
	const char		*wave;
	unsigned int		 box, mode;
} known[] = {
	{ "", INV_DIR, "", 0, 0711 },
	{ "roster/roster.gdbm", INV_ROSTER, "", 0, 0600 },
	{ "roster/last-staff", INV_LAST, "", 0, 0600 },
	{ "roster/health.log", INV_HEALTH, "", 0, 0600 },
	{ "keys/organisation", INV_KEY_ORGANISATION, "", 0, 0600 },
	{ "keys/token/staff-2026q4", INV_KEY_TOKEN, "staff-2026q4", 0, 0600 },
	{ "keys/ballot/a", INV_KEY_BALLOT, "a", 0, 0600 },
	{ "ledgers/s-1.list", INV_LIST, "s-1", 0, 0600 },
	{ "ledgers/s-1.log", INV_LEDGER, "s-1", 0, 0600 },
	{ "ledgers/s-1.digest", INV_DIGEST, "s-1", 0, 0600 },
	{ "published/s-1.gdbm", INV_PUBLISHED, "s-1", 0, 0600 },
	{ "locks/wave-s-1", INV_LOCK, "s-1", 0, 0600 },
	{ "waves/pl-s-1.gdbm", INV_WAVE, "s-1", 0, 0644 },
	{ "waves/pl-s-1.opening", INV_WAVE_HIDDEN, "s-1", 0, 0644 },
	{ "answers/optout/known", INV_OPTOUT_KNOWN, "", 0, 0640 },
	{ "answers/optout/" HASH, INV_OPTOUT, "", 0, 0660 },
	{ "answers/2a-s-1", INV_ANSWERS, "s-1", 0, 02770 },
	{ "answers/2a-s-1/boxes", INV_BOXES, "s-1", 0, 02770 },
	{ "answers/2a-s-1/boxes/0000.gdbm", INV_BOX, "s-1", 0, 0660 },
	{ "answers/2a-s-1/boxes/0713.gdbm", INV_BOX, "s-1", 713, 0660 },
	{ "roster/opened-staff", INV_NOTE, "", 0, 0600 },
	{ "attention/staff.leaders", INV_NOTE, "", 0, 0600 },
	{ "ledgers/staff-20270112.heads-up", INV_HEADS_UP, "staff-20270112", 0,
	    0600 },
	{ "attention/staff.calendar", INV_NOTE, "", 0, 0600 },
	{ "attention/s-1.mail", INV_ATTENTION, "s-1", 0, 0600 },
	{ "answers/2a-s-1/boxes/23999.lock", INV_BOX_LOCK, "s-1", 23999,
	    0660 },
	{ "keys/.nobackup", INV_NOTE, "", 0, 0644 },
};

static void
test_known(void **state)
{
	struct inventory_place	p;
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		print_message("  %s\n", known[i].path);
		assert_true(inventory_find(known[i].path, &p));
		assert_int_equal(p.file->kind, known[i].kind);
		assert_string_equal(p.wave, known[i].wave);
		assert_int_equal(p.box, known[i].box);
		assert_int_equal(p.file->mode, known[i].mode);
		assert_false(p.leftover);
	}
}

static const char *const unknown[] = {
	"x", "roster/roster.gdbm.bak", "roster/last-", "roster/last-Staff",
	"roster/old/roster.gdbm", "keys/token/Staff", "keys/token/1a",
	"keys/token/a.b", "keys/ballot/", "ledgers/a.txt", "ledgers/.list",
	"published/a.csv", "waves/a.gdbm", "waves/p-a.gdbm",
	"waves/.pl-a.gdbm", "waves/p1-a.gdbm", "answers/pl-a/box",
	"answers/pl-a/boxes/000.gdbm", "answers/pl-a/boxes/000000.gdbm",
	"answers/pl-a/boxes/00a0.gdbm", "answers/pl-a/boxes/0000.gdbm~",
	"answers/optout/abc", "answers/optout/" HASH "a", "core",
	"roster/roster.gdbm.new.new", "answers.new", "keys/token.new",
	"keys/token/aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx",
};

static void
test_unknown(void **state)
{
	struct inventory_place	p;
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		print_message("  %s\n", unknown[i]);
		assert_false(inventory_find(unknown[i], &p));
	}
}

static void
test_leftover(void **state)
{
	struct inventory_place p;

	(void)state;
	assert_true(inventory_find("answers/pl-a/boxes/0007.gdbm.new", &p));
	assert_true(p.leftover);
	assert_int_equal(p.file->kind, INV_BOX);
	assert_int_equal(p.box, 7);
	assert_true(inventory_find("roster/last-staff.new", &p));
	assert_true(p.leftover);
}

/* STANDARDS 4: what must not outlive the publication. */
static void
test_transient(void **state)
{
	static const enum inventory_kind goes[] = {
		INV_KEY_TOKEN, INV_KEY_BALLOT, INV_LIST, INV_LEDGER, INV_WAVE,
		INV_WAVE_HIDDEN, INV_ANSWERS, INV_BOXES, INV_BOX, INV_BOX_LOCK,
		INV_ATTENTION
	};
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < INV__MAX; i++)
		n += inventory_transient((enum inventory_kind)i);
	assert_int_equal(n, sizeof(goes) / sizeof(goes[0]));
	for (i = 0; i < n; i++)
		assert_true(inventory_transient(goes[i]));
}

static const struct {
	const char		*name;
	enum inventory_kind	 kind;
	const char		*key, *value;
	size_t			 len;
	bool			 good;
} cases[] = {
	{ "a person has four fields", INV_ROSTER, "p/staff/P1",
	    "a@b\0A\0T1\0en", 12, true },
	{ "a person with a fifth", INV_ROSTER, "p/staff/P1",
	    "a@b\0A\0T1\0en\0used", 17, false },
	{ "a field without its end", INV_ROSTER, "p/staff/P1",
	    "a@b\0A\0T1\0en", 11, false },
	{ "a unit has three fields", INV_ROSTER, "u/staff/12", "T1\0\0Ward",
	    9, true },
	{ "an opt-out is empty", INV_ROSTER, "o/" HASH, "", 0, true },
	{ "an opt-out with a word in it", INV_ROSTER, "o/" HASH, "x", 1,
	    false },
	{ "a record of answers in the roster", INV_ROSTER, "b/staff/P1", "3",
	    1, false },
	{ "the last wave's name", INV_LAST, "wave", "staff-2026q4", 12, true },
	{ "a person and the unit", INV_LAST, "p/P1", "T1", 2, true },
	{ "a person and more than a unit", INV_LAST, "p/P1",
	    "T1 and answered on Monday, at nine", 34, false },
	{ "who answered", INV_LAST, "answered/P1", "1", 1, false },
	{ "a sense of a unit", INV_PUBLISHED, "figure/000001/purpose",
	    "1\0", 2, true },
	{ "a sense that is none", INV_PUBLISHED, "figure/000001/pay", "1\0", 2,
	    false },
	{ "an atom", INV_PUBLISHED, "atom/000001", "1\0", 2, false },
	{ "a valid opt-out link", INV_OPTOUT_KNOWN, HASH, "", 0, true },
	{ "a valid one with an address", INV_OPTOUT_KNOWN, HASH, "a@b", 3,
	    false },
	{ "nothing is a record of a lock", INV_LOCK, "wave", "a", 1, false },
};

static void
test_records(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		assert_int_equal(inventory_record(cases[i].kind, cases[i].key,
		    strlen(cases[i].key), cases[i].value, cases[i].len),
		    cases[i].good);
	}
	assert_true(inventory_has_records(INV_ROSTER));
	assert_false(inventory_has_records(INV_BOX));
	assert_false(inventory_has_records(INV_LOCK));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_leftover),
		cmocka_unit_test(test_transient),
		cmocka_unit_test(test_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
