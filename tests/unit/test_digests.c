/*
 * test_digests.c - to whom a publication's digests go, batch by batch.
 *
 * CONTENT 10, last paragraph; DESIGN 10: memory does not grow with people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/pubfind.h"
#include "example2.h"
#include "io/digests.h"
#include "io/published.h"
#include "io/roster_write.h"
#include "io/state.h"
#include "staffroster.h"

#define WAVE	"staff-2026q4"

static struct publication	pub;

/* n people of the units U1 to U4, of which the publication knows three. */
static void
write_roster(unsigned int n)
{
	char		*path = state_path(scratch_dir, STATE_ROSTER, NULL);
	struct person	 p = { .lang = "" };
	struct store	*s;
	struct err	 e;
	unsigned int	 i;
	bool		 address;

	assert_int_equal(store_create(path, 0600, 0, &s, &e), ERR_OK);
	for (i = 0; i < n; i++) {
		snprintf(p.id, sizeof(p.id), "p%u", i);
		snprintf(p.address, sizeof(p.address), "p%u@taf.example", i);
		snprintf(p.unit, sizeof(p.unit), "%s", i % 4 == 3 ? "NEW" :
		    pub.unit[U_T1 + i % 4].id);
		assert_int_equal(roster_put_person(s, "staff", &p, &address,
		    &e), ERR_OK);
	}
	assert_int_equal(store_commit(&s, &e), ERR_OK);
	free(path);
}

static int
set_up(void **state)
{
	struct err	 e;
	char		*path;
	int		 i;

	if (staffroster_make(state) != 0 ||
	    state_prepare(scratch_dir, &e) != ERR_OK)
		return -1;
	pub = example2();
	snprintf(pub.wave, sizeof(pub.wave), WAVE);
	snprintf(pub.survey, sizeof(pub.survey), "staff");
	for (i = 0; i < SENSE__MAX; i++) {
		pub.scale[i] = 4;
		snprintf(pub.wording[i], sizeof(pub.wording[i]), "%s:1",
		    sense_key((enum sense)i));
	}
	path = state_path(scratch_dir, STATE_PUBLISHED, WAVE);
	if (published_write(path, &pub, NULL, &e) != ERR_OK)
		return -1;
	free(path);
	conf.templates = scratch_dir;
	return 0;
}

static int
tear_down(void **state)
{
	example2_free(&pub);
	return scratch_remove(state);
}

struct seen {
	size_t		 batches, people, largest;
	unsigned char	*person;	/* one a person */
};

static enum err_code
on_batch(void *arg, const struct recipient *to, size_t n, struct err *e)
{
	struct seen	*s = arg;
	unsigned int	 number;
	size_t		 i;

	(void)e;
	s->batches++;
	s->people += n;
	if (n > s->largest)
		s->largest = n;
	for (i = 0; i < n; i++) {
		assert_true(i == 0 || to[i - 1].who < to[i].who);
		assert_int_equal(sscanf(to[i].id, "p%u", &number), 1);
		assert_int_equal(to[i].own.unit, U_T1 + number % 4);
		assert_int_equal(s->person[number]++, 0);
	}
	return ERR_OK;
}

static struct seen
walk(unsigned int n)
{
	static const unsigned char	key[CRYPT_KEY] = { 1 };
	static const struct digests_what what = { WAVE, "", DIGESTS_FIGURES,
	    DIGESTS_ALONE };
	struct seen			s = { .batches = 0 };
	struct digests			*d;
	struct err			e;

	s.person = mem_zero(n, 1);
	if (digests_open(&conf, &what, key, 2, &d, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	assert_int_equal(digests_staff(d, on_batch, &s, &e), ERR_OK);
	digests_close(&d);
	free(s.person);
	return s;
}

static void
test_batches(void **state)
{
	const unsigned int	n = 3 * DIGESTS_STAFF;
	struct seen		s;

	(void)state;
	conf.survey[0].staff_copy = true;
	write_roster(n);
	s = walk(n);
	assert_int_equal(s.people, n / 4 * 3);
	assert_int_equal(s.largest, DIGESTS_STAFF);
	assert_int_equal(s.batches, 3);
}

static void
test_off(void **state)
{
	(void)state;
	write_roster(20);
	conf.survey[0].staff_copy = false;
	assert_int_equal(walk(20).batches, 0);
	conf.survey[0].staff_copy = true;
	assert_int_equal(walk(20).people, 15);
}

static void
test_find(void **state)
{
	uint32_t	*by_id = pubfind_sort(&pub), i;

	(void)state;
	for (i = 0; i < pub.n; i++)
		assert_int_equal(pubfind(&pub, by_id, pub.unit[i].id), i);
	assert_int_equal(pubfind(&pub, by_id, ""), UNIT_NONE);
	assert_int_equal(pubfind(&pub, by_id, "T"), UNIT_NONE);
	assert_int_equal(pubfind(&pub, by_id, "zz"), UNIT_NONE);
	free(by_id);
}

#define CASE(name, function)	{ name, function, NULL, NULL, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("a unit is found by its id", test_find),
		CASE("everyone of a known unit is handed out once, in batches",
		    test_batches),
		CASE("nobody is handed out where copies are off", test_off),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
