/*
 * test_forget.c - what is stored of one person is found, and removed.
 *
 * Issue 3, 7; CONTENT 5, 2 and 8.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/forget.h"
#include "io/last.h"
#include "io/state.h"
#include "io/store.h"
#include "staffroster.h"

#define WHO	"b6@taf.example"

/* Three leaders of T2: the second is a person of T1, by another spelling. */
static const char led[] = UNITS_HEAD
	"ORG,,Taf,Carys,carys@taf.example,\n"
	"D1,ORG,Care,,,\n"
	"D2,ORG,Office,,,\n"
	"T1,D1,North,Nia,nia@taf.example,en\n"
	"T2,D1,South,Sam,sam@taf.example,en\n"
	"T2,D1,South,Ann,A1@TAF.example,\n"
	"T2,D1,South,Lowri,lowri@taf.example,cy\n";

static void
write_last(const char *survey, const char *wave)
{
	char		*path = state_path(scratch_dir, STATE_LAST, survey);
	struct store	*s;
	struct err	 e;

	assert_int_equal(store_create(path, 0600, 0, &s, &e), ERR_OK);
	assert_int_equal(store_put(s, "wave", 4, wave, strlen(wave), &e),
	    ERR_OK);
	assert_int_equal(store_put(s, "p/b6", 4, "T2", 2, &e), ERR_OK);
	assert_int_equal(store_put(s, "p/gone", 6, "T1", 2, &e), ERR_OK);
	assert_int_equal(store_commit(&s, &e), ERR_OK);
	free(path);
}

static int
set_up(void **state)
{
	struct err e;

	(void)state;
	if (file_remove(scratch_dir, &e) != ERR_OK ||
	    file_mkdir(scratch_dir, 0700, &e) != ERR_OK)
		return -1;
	must_import("staff", led, people);
	write_last("staff", "staff-2026q3");
	return 0;
}

static size_t
count(const char *address, enum held_kind kind)
{
	struct holdings	h;
	struct err	e;
	size_t		n = 0, i;

	if (holdings_read(scratch_dir, address, &h, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	for (i = 0; i < h.n; i++)
		n += h.of[i].kind == kind;
	holdings_wipe(&h);
	return n;
}

static void
must_forget(const char *address)
{
	struct holdings	h;
	struct err	e;

	if (forget_person(scratch_dir, address, &h, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	holdings_wipe(&h);
}

static void
opt_out(const char *address)
{
	unsigned char	 key[CRYPT_KEY];
	char		 token[OPTOUT_LEN + 1], hash[OPTOUT_HASH_LEN + 1];
	char		*path;
	struct err	 e;

	assert_int_equal(state_organisation_key(scratch_dir, key, &e), ERR_OK);
	optout_of(token, hash, key, address);
	path = state_path(scratch_dir, STATE_OPTOUT, hash);
	assert_int_equal(file_replace(path, "", 0, 0600, &e), ERR_OK);
	free(path);
}

/* True if a file of roster/ holds these bytes. */
static bool
on_disk(const char *bytes)
{
	static const char *const names[] = { "roster.gdbm", "last-staff",
	    "last-st" };
	bool		 found = false;
	char		*data, *path;
	size_t		 len, i;
	struct err	 e;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path = mem_fmt("%s/roster/%s", scratch_dir, names[i]);
		if (file_read(path, 1 << 24, &data, &len, &e) == ERR_OK) {
			found |= memmem(data, len, bytes, strlen(bytes)) != 0;
			free(data);
		}
		free(path);
	}
	return found;
}

static void
test_found(void **state)
{
	struct holdings	h;
	struct err	e;

	(void)state;
	assert_int_equal(holdings_read(scratch_dir, "B6@TAF.EXAMPLE", &h, &e),
	    ERR_OK);
	assert_int_equal(h.n, 3);
	assert_int_equal(h.of[0].kind, HELD_PERSON);
	assert_string_equal(h.of[0].survey, "staff");
	assert_string_equal(h.of[0].person.id, "b6");
	assert_string_equal(h.of[0].person.name, "Bob, \"B\"");
	assert_string_equal(h.of[0].person.address, "B6@Taf.example");
	assert_string_equal(h.of[0].person.lang, "cy");
	assert_string_equal(h.of[0].unit_name, "South");
	assert_int_equal(h.of[1].kind, HELD_LAST);
	assert_string_equal(h.of[1].wave, "staff-2026q3");
	assert_string_equal(h.of[1].survey, "staff");
	assert_string_equal(h.of[1].person.id, "b6");
	assert_string_equal(h.of[1].person.unit, "T2");
	assert_int_equal(h.of[2].kind, HELD_KNOWN);
	holdings_wipe(&h);
	assert_int_equal(holdings_read(scratch_dir, "no address", &h, &e),
	    ERR_INPUT);
	assert_null(strstr(e.msg, "no address"));
	assert_int_equal(holdings_read(scratch_dir, "x@taf.example", &h, &e),
	    ERR_OK);
	assert_int_equal(h.n, 0);
	holdings_wipe(&h);
}

static void
test_forgotten(void **state)
{
	struct holdings	h;
	struct err	e;

	(void)state;
	assert_true(on_disk("B6@Taf.example"));
	must_forget("b6@taf.EXAMPLE");
	assert_int_equal(holdings_read(scratch_dir, WHO, &h, &e), ERR_OK);
	assert_int_equal(h.n, 0);
	holdings_wipe(&h);
	assert_false(on_disk("B6@Taf.example"));
	assert_false(on_disk("b6@taf.example"));
	assert_false(on_disk("Bob"));
	assert_false(on_disk("p/b6"));
	assert_true(on_disk("p/gone"));
	assert_true(on_disk("b5@taf.example"));
	assert_int_equal(forget_person(scratch_dir, WHO, &h, &e), ERR_ABSENT);
	assert_null(strstr(e.msg, "b6"));
	assert_int_equal(count("b5@taf.example", HELD_PERSON), 1);
	assert_int_equal(count("b5@taf.example", HELD_KNOWN), 1);
}

/* A gap would hide the leaders behind it. */
static void
test_leader(void **state)
{
	struct leader	 l[LEADERS_MAX];
	struct roster	*r;
	struct err	 e;
	size_t		 n;

	(void)state;
	assert_int_equal(count("a1@taf.example", HELD_LEADER), 1);
	must_forget("a1@taf.example");
	assert_int_equal(roster_open(scratch_dir, &r, &e), ERR_OK);
	assert_int_equal(roster_leaders(r, "staff", "T2", l, &n, &e), ERR_OK);
	assert_int_equal(n, 2);
	assert_string_equal(l[0].name, "Sam");
	assert_string_equal(l[1].name, "Lowri");
	assert_string_equal(l[1].lang, "cy");
	assert_int_equal(roster_leaders(r, "staff", "T1", l, &n, &e), ERR_OK);
	assert_int_equal(n, 1);
	roster_close(&r);
	assert_false(on_disk("A1@TAF.example"));

	/* who only leads is forgotten too; the unit is then without */
	must_forget("nia@taf.example");
	assert_int_equal(roster_open(scratch_dir, &r, &e), ERR_OK);
	assert_int_equal(roster_leaders(r, "staff", "T1", l, &n, &e), ERR_OK);
	assert_int_equal(n, 0);
	roster_close(&r);
}

static void
test_two_surveys(void **state)
{
	static const char	u[] = UNITS_HEAD "X,,Served,,,\n";
	static const char	p[] = PEOPLE_HEAD "z9," WHO ",Bob,X,\n"
				    "b6,other@taf.example,Else,X,\n";

	(void)state;
	must_import("st", u, p);
	write_last("st", "st-2026q3");
	assert_int_equal(count(WHO, HELD_PERSON), 2);
	must_forget(WHO);
	assert_int_equal(count(WHO, HELD_PERSON), 0);
	/* the same id in another survey may be another person */
	assert_int_equal(count("other@taf.example", HELD_PERSON), 1);
	assert_int_equal(count("other@taf.example", HELD_LAST), 1);
}

static void
test_optout_outlives(void **state)
{
	struct err	e;
	struct holdings	h;

	(void)state;
	opt_out(WHO);	/* of this minute: not in the roster yet */
	must_forget(WHO);
	assert_int_equal(count(WHO, HELD_OPTOUT), 1);
	assert_int_equal(count(WHO, HELD_PERSON), 0);
	assert_int_equal(forget_person(scratch_dir, WHO, &h, &e), ERR_ABSENT);
	assert_non_null(strstr(e.msg, "but the opt-out"));
	must_import("staff", led, people);
	assert_int_equal(count(WHO, HELD_PERSON), 1);
	assert_int_equal(count(WHO, HELD_OPTOUT), 1);
}

static void
test_opt_in(void **state)
{
	struct err	e;

	(void)state;
	assert_int_equal(forget_optout(scratch_dir, WHO, &e), ERR_ABSENT);
	assert_null(strstr(e.msg, "b6"));
	opt_out(WHO);
	assert_int_equal(forget_optout(scratch_dir, "B6@taf.example", &e),
	    ERR_OK);
	assert_int_equal(count(WHO, HELD_OPTOUT), 0);
	opt_out(WHO);
	opt_out("b5@taf.example");
	assert_int_equal(roster_apply_optouts(scratch_dir, &e), ERR_OK);
	assert_int_equal(forget_optout(scratch_dir, WHO, &e), ERR_OK);
	assert_int_equal(count(WHO, HELD_OPTOUT), 0);
	assert_int_equal(count(WHO, HELD_PERSON), 1);
	assert_int_equal(count("b5@taf.example", HELD_OPTOUT), 1);
	/* an opt-out outlives the person, and can be taken back even then */
	must_forget("b5@taf.example");
	assert_int_equal(forget_optout(scratch_dir, "b5@taf.example", &e),
	    ERR_OK);
}

/* doc/privacy.md: how long what is kept of those who have left. */
static void
test_departed(void **state)
{
	static const char	rest[] = PEOPLE_HEAD
				    "a1,a1@taf.example,Ann,T1,en\n";

	(void)state;
	must_import("staff", led, rest);
	assert_int_equal(count(WHO, HELD_PERSON), 0);
	assert_false(on_disk("b6@taf.example"));
	assert_true(on_disk("p/b6"));		/* until the next wave */
	assert_int_equal(count(WHO, HELD_KNOWN), 1);	/* for one import */
	must_import("staff", led, rest);
	assert_int_equal(count(WHO, HELD_KNOWN), 0);
	must_import("staff", led, people);
	must_import("staff", led, rest);
	must_forget(WHO);			/* or by command */
	assert_int_equal(count(WHO, HELD_KNOWN), 0);
}

/* What a death in a forgetting leaves is no record of a wave. */
static void
test_leftover(void **state)
{
	char		*left = scratch_path("roster/last-staff.forget.new");
	struct err	 e;

	(void)state;
	free(scratch_text("roster/last-staff.forget.new", "half"));
	assert_true(file_exists(left));
	assert_int_equal(last_settle(scratch_dir, "staff", &e), ERR_OK);
	assert_false(file_exists(left));
	assert_true(on_disk("p/b6"));
	free(left);
}

#define CASE(name, function)	{ name, function, set_up, NULL, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("all that is stored under an address is found",
		    test_found),
		CASE("a forgotten person is in no file any more",
		    test_forgotten),
		CASE("a forgotten leader leaves no gap", test_leader),
		CASE("a person is forgotten in every survey", test_two_surveys),
		CASE("an opt-out outlives the person and an import",
		    test_optout_outlives),
		CASE("an opt-out is taken back", test_opt_in),
		CASE("who has left is kept no longer than documented",
		    test_departed),
		CASE("a forgetting that was cut short leaves no record",
		    test_leftover),
	};

	return cmocka_run_group_tests(tests, staffroster_make,
	    scratch_remove);
}
