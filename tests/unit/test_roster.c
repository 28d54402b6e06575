/*
 * test_roster.c - what an import leaves is read back; opt-outs.
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

#include "core/token.h"
#include "io/state.h"
#include "io/store.h"
#include "staffroster.h"

static struct roster *
must_open(void)
{
	struct roster	*r;
	struct err	 e;

	if (roster_open(scratch_dir, &r, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	return r;
}

static void
test_absent(void **state)
{
	struct roster	*r;
	struct err	 e;

	(void)state;
	assert_int_equal(state_prepare(scratch_dir, &e), ERR_OK);
	assert_int_equal(roster_open(scratch_dir, &r, &e), ERR_ABSENT);
	assert_int_equal(roster_apply_optouts(scratch_dir, &e), ERR_OK);
}

static void
test_read(void **state)
{
	struct leader	 l[LEADERS_MAX];
	struct roster	*r;
	struct person	 p;
	struct tree	 t;
	struct err	 e;
	char		 id[PERSON_ID_MAX + 1];
	size_t		 n;

	(void)state;
	must_import("staff", units, people);
	r = must_open();
	assert_int_equal(roster_tree(r, "staff", &t, &e), ERR_OK);
	assert_int_equal(t.n, 5);
	assert_string_equal(t.unit[0].id, "ORG");
	assert_string_equal(t.unit[3].id, "T2");
	assert_string_equal(t.unit[3].name, "South");
	assert_int_equal(t.unit[3].parent, 1);
	tree_wipe(&t);
	assert_int_equal(roster_tree(r, "st", &t, &e), ERR_ABSENT);

	assert_int_equal(roster_person(r, "staff", "b6", &p, &e), ERR_OK);
	assert_string_equal(p.id, "b6");
	assert_string_equal(p.address, "B6@Taf.example");
	assert_string_equal(p.name, "Bob, \"B\"");
	assert_string_equal(p.unit, "T2");
	assert_string_equal(p.lang, "cy");
	assert_int_equal(roster_person(r, "staff", "b7", &p, &e), ERR_ABSENT);
	assert_int_equal(roster_person(r, "st", "b6", &p, &e), ERR_ABSENT);
	assert_int_equal(roster_find(r, "staff", "b6@TAF.example", id, &e),
	    ERR_OK);
	assert_string_equal(id, "b6");

	assert_int_equal(roster_leaders(r, "staff", "T1", l, &n, &e), ERR_OK);
	assert_int_equal(n, 2);
	assert_string_equal(l[0].name, "Nia");
	assert_string_equal(l[1].address, "noor@taf.example");
	assert_string_equal(l[1].lang, "both");
	assert_int_equal(roster_leaders(r, "staff", "D1", l, &n, &e), ERR_OK);
	assert_int_equal(n, 0);
	roster_close(&r);
}

static enum err_code
count_unit(void *arg, const struct person *p, struct err *e)
{
	(void)e;
	++*(size_t *)arg;
	assert_true(strlen(p->id) == 2);
	return ERR_OK;
}

/* Surveys never share a record: DESIGN 1. */
static void
test_two_surveys(void **state)
{
	static const char	u[] = UNITS_HEAD "X,,Served,,,\n";
	static const char	p[] = PEOPLE_HEAD
				    "a1,a1@taf.example,Other,X,\n";
	struct roster		*r;
	struct person		 a;
	struct err		 e;
	size_t			 n = 0, all = 0;

	(void)state;
	must_import("st", u, p);
	r = must_open();
	assert_int_equal(roster_person(r, "staff", "a1", &a, &e), ERR_OK);
	assert_string_equal(a.name, "Ann");
	assert_int_equal(roster_person(r, "st", "a1", &a, &e), ERR_OK);
	assert_string_equal(a.name, "Other");
	assert_int_equal(roster_each(r, "staff", count_unit, &n, &e), ERR_OK);
	assert_int_equal(n, 13);
	assert_int_equal(roster_each(r, NULL, count_unit, &all, &e), ERR_OK);
	assert_int_equal(all, 14);
	roster_close(&r);
}

static void
hash_of(const char *canonical, char hash[OPTOUT_HASH_LEN + 1])
{
	unsigned char	key[CRYPT_KEY];
	char		token[OPTOUT_LEN + 1];
	struct err	e;

	assert_int_equal(state_organisation_key(scratch_dir, key, &e), ERR_OK);
	optout_make(token, key, canonical);
	assert_true(optout_hash(hash, token, OPTOUT_LEN));
}

static bool
is_known(const char *canonical)
{
	char		 hash[OPTOUT_HASH_LEN + 1], *path, *value;
	struct store	*s;
	struct err	 e;
	size_t		 len;
	enum err_code	 rc;

	hash_of(canonical, hash);
	path = state_path(scratch_dir, STATE_OPTOUT_KNOWN, NULL);
	assert_int_equal(store_open(path, &s, &e), ERR_OK);
	rc = store_get(s, hash, OPTOUT_HASH_LEN, &value, &len, &e);
	store_close(&s);
	free(path);
	if (rc == ERR_OK)
		free(value);
	return rc == ERR_OK;
}

/* Only tokens in optout/known write anything: STANDARDS 4, hole 23. */
static void
test_known(void **state)
{
	char		*path = state_path(scratch_dir, STATE_OPTOUT_KNOWN,
			    NULL);
	struct stat	 st;

	(void)state;
	assert_true(is_known("a1@taf.example"));
	assert_true(is_known("b6@taf.example"));
	assert_false(is_known("nobody@taf.example"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	free(path);
	path = state_path(scratch_dir, STATE_ROSTER, NULL);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	free(path);
}

static void
test_optouts(void **state)
{
	char		 hash[OPTOUT_HASH_LEN + 1], other[OPTOUT_HASH_LEN + 1];
	char		*path;
	struct roster	*r;
	struct err	 e;

	(void)state;
	hash_of("b1@taf.example", hash);
	hash_of("b2@taf.example", other);
	path = state_path(scratch_dir, STATE_OPTOUT, hash);
	assert_int_equal(file_replace(path, "", 0, 0600, &e), ERR_OK);
	assert_int_equal(roster_apply_optouts(scratch_dir, &e), ERR_OK);
	assert_false(file_exists(path));
	free(path);
	r = must_open();
	assert_true(roster_opted_out(r, hash));
	assert_false(roster_opted_out(r, other));
	roster_close(&r);
	assert_true(is_known("a1@taf.example"));

	/* An import keeps them. */
	must_import("staff", units, people);
	r = must_open();
	assert_true(roster_opted_out(r, hash));
	roster_close(&r);
}

#define CASE(name, function)	{ name, function, NULL, NULL, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("before the first import there is no roster",
		    test_absent),
		CASE("what was imported is read back", test_read),
		CASE("a second survey leaves the first alone",
		    test_two_surveys),
		CASE("opt-out tokens of everybody are known", test_known),
		CASE("opt-outs are applied and outlive imports",
		    test_optouts),
	};

	return cmocka_run_group_tests(tests, staffroster_make,
	    scratch_remove);
}
