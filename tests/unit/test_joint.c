/*
 * test_joint.c - the protocol between the digest ledgers of two sides.
 *
 * delivery.h's states, each worked by hand: what a crash may leave is a row.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "example2.h"
#include "io/joint.h"
#include "io/ledger.h"
#include "io/published.h"
#include "io/state.h"
#include "scratch.h"

#define DAY	86400
#define CLOSED	(1000 * (int64_t)DAY)
#define STAFF	"staff-2026q4"
#define SERVED	"served-2026q4"

static const unsigned char	key[CRYPT_KEY] = { 7 };
static struct conf		conf;
static struct mailing		mailing;
static uint64_t			guest;		/* hash of SERVED */

static char *
ledger_path(const char *wave)
{
	return state_path(scratch_dir, STATE_DIGEST_LEDGER, wave);
}

static void
publish(const char *wave, const char *survey, int64_t closed)
{
	struct publication	 p = example2();
	char			*path = state_path(scratch_dir,
				    STATE_PUBLISHED, wave);
	struct err		 e;
	int			 s;

	snprintf(p.wave, sizeof(p.wave), "%s", wave);
	snprintf(p.survey, sizeof(p.survey), "%s", survey);
	p.opened = closed - 14 * DAY;
	p.closed = closed;
	for (s = 0; s < SENSE__MAX; s++) {
		p.scale[s] = 4;
		snprintf(p.wording[s], sizeof(p.wording[s]), "x:1");
	}
	if (published_write(path, &p, NULL, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	example2_free(&p);
	free(path);
}

enum state { GONE, EMPTY, ALONE, HOST, GUEST };

/* A wave's digest ledger: not there, empty, or begun as a part. */
static void
set_ledger(const char *wave, enum state state)
{
	struct mail_record	 r = { .when = CLOSED, .event = MAIL_BEGUN };
	unsigned char		 own[CRYPT_KEY];
	char			*path = ledger_path(wave);
	struct ledger		*l;
	struct err		 e;

	unlink(path);
	joint_key(own, key, "digest", wave);
	if (state != GONE) {
		assert_int_equal(ledger_open(path, own, NULL, NULL, &l, &e),
		    ERR_OK);
		r.code = state == HOST ? DIGESTS_HOST : state == GUEST ?
		    DIGESTS_GUEST : DIGESTS_ALONE;
		r.who = state == HOST ? guest : 0;
		if (state != EMPTY)
			assert_int_equal(ledger_append(l, &r, true, &e),
			    ERR_OK);
		ledger_close(&l);
	}
	free(path);
}

static struct joint
find(const char *wave, int64_t now)
{
	struct joint	j;
	struct err	e;

	if (joint_find(&j, &mailing, wave, key, now, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	return j;
}

static int
set_up(void **state)
{
	struct err	e;

	if (!crypt_init() || scratch_make(state) != 0 ||
	    state_prepare(scratch_dir, &e) != ERR_OK)
		return -1;
	conf = (struct conf){ .state_dir = scratch_dir, .n_surveys = 2 };
	memcpy(conf.survey[0].name, "staff", sizeof("staff"));
	memcpy(conf.survey[1].name, "served", sizeof("served"));
	conf.survey[1].kind = KIND_SERVED;
	mailing = (struct mailing){ .conf = &conf };
	publish(STAFF, "staff", CLOSED);
	publish(SERVED, "served", CLOSED + DAY);
	set_ledger(STAFF, EMPTY);
	set_ledger(SERVED, EMPTY);
	guest = find(STAFF, CLOSED).guest;
	return 0;
}

static const struct {
	const char		*name;
	enum state		 staff, served;
	int			 day;	/* after the closing of staff */
	enum digests_part	 part_staff, part_served;
	bool			 served_waits;
} cases[] = {
	{ "the leading survey is host, the other waits for it", EMPTY, EMPTY,
	    1, DIGESTS_HOST, DIGESTS_ALONE, true },
	{ "killed before the guest is marked", HOST, EMPTY, 1, DIGESTS_HOST,
	    DIGESTS_ALONE, true },
	{ "both have begun", HOST, GUEST, 1, DIGESTS_HOST, DIGESTS_GUEST,
	    false },
	{ "the host is done, the guest has copies to send", GONE, GUEST, 1,
	    DIGESTS_ALONE, DIGESTS_GUEST, false },
	{ "the leading one went alone before", ALONE, EMPTY, 1, DIGESTS_ALONE,
	    DIGESTS_ALONE, false },
	{ "the leading one was done before", GONE, EMPTY, 1, DIGESTS_ALONE,
	    DIGESTS_ALONE, false },
	{ "the other went alone before", EMPTY, ALONE, 1, DIGESTS_ALONE,
	    DIGESTS_ALONE, false },
	{ "a host that never gets on is not waited for", HOST, EMPTY, 11,
	    DIGESTS_HOST, DIGESTS_ALONE, false },
};

static void
each_state_leads_to_one_mail_for_both(void **state)
{
	struct joint	j;
	size_t		i;
	int64_t		now;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		set_ledger(STAFF, cases[i].staff);
		set_ledger(SERVED, cases[i].served);
		now = CLOSED + cases[i].day * DAY;
		if (cases[i].staff != GONE) {	/* else nobody asks */
			j = find(STAFF, now);
			assert_int_equal(j.part, cases[i].part_staff);
			assert_string_equal(j.waits, "");
			assert_string_equal(j.other, SERVED);
		}
		j = find(SERVED, now);
		assert_int_equal(j.part, cases[i].part_served);
		assert_string_equal(j.waits, cases[i].served_waits ? STAFF :
		    "");
		assert_string_equal(j.other, STAFF);
	}
}

/* What the host's run does before it mails; again is harmless. */
static void
a_host_marks_its_guest_once(void **state)
{
	struct joint	j;
	struct err	e;
	int		i;

	(void)state;
	set_ledger(STAFF, HOST);
	set_ledger(SERVED, EMPTY);
	for (i = 0; i < 2; i++) {
		j = find(STAFF, CLOSED);
		assert_int_equal(joint_mark(&j, &conf, &e), ERR_OK);
		j = find(SERVED, CLOSED);
		assert_true(j.begun);
		assert_int_equal(j.part, DIGESTS_GUEST);
		assert_int_equal(j.guest, 0);
	}
	set_ledger(SERVED, GONE);
	j = find(STAFF, CLOSED);
	assert_int_equal(joint_mark(&j, &conf, &e), ERR_OK);
	j = find(SERVED, CLOSED);
	assert_false(j.begun);		/* none was made */
	set_ledger(STAFF, ALONE);
	set_ledger(SERVED, EMPTY);
	j = find(STAFF, CLOSED);
	assert_int_equal(joint_mark(&j, &conf, &e), ERR_OK);
	assert_false(find(SERVED, CLOSED).begun);
}

static void
a_quarter_apart_they_belong_together_no_more(void **state)
{
	(void)state;
	set_ledger(STAFF, EMPTY);
	set_ledger(SERVED, EMPTY);
	publish(SERVED, "served", CLOSED + 92 * DAY);
	assert_string_equal(find(STAFF, CLOSED).other, SERVED);
	publish(SERVED, "served", CLOSED + 93 * DAY);
	assert_string_equal(find(STAFF, CLOSED).other, "");
	assert_int_equal(find(STAFF, CLOSED).part, DIGESTS_ALONE);
	publish(SERVED, "served", CLOSED - 92 * DAY);
	assert_string_equal(find(STAFF, CLOSED).other, SERVED);
	publish(SERVED, "served", CLOSED + DAY);
}

/* Waves of the other survey that are still on their way. */
static void
an_overlapping_wave_is_awaited_for_a_week(void **state)
{
	static const struct {
		const char	*survey;
		int		 opened, closes, now;	/* days from CLOSED */
		bool		 awaited;
	} waves[] = {
		{ "served", -3, 7, 0, true },
		{ "served", 0, 7, 8, true },
		{ "served", -3, 8, 0, false },	/* closes too late */
		{ "served", 1, 5, 0, false },	/* does not overlap */
		{ "served", -3, 7, 9, false },	/* given up */
		{ "staff", -3, 7, 0, false },
	};
	struct coming	c = { .wave = "served-next" };
	size_t		i;

	(void)state;
	set_ledger(STAFF, EMPTY);
	set_ledger(SERVED, GONE);
	mailing.coming = &c;
	mailing.n_coming = 1;
	for (i = 0; i < sizeof(waves) / sizeof(waves[0]); i++) {
		snprintf(c.survey, sizeof(c.survey), "%s", waves[i].survey);
		c.opened = CLOSED + waves[i].opened * DAY;
		c.closes = CLOSED + waves[i].closes * DAY;
		assert_string_equal(find(STAFF, CLOSED +
		    waves[i].now * (int64_t)DAY).waits, waves[i].awaited ?
		    "served-next" : "");
	}
	c.closes = CLOSED;
	snprintf(c.survey, sizeof(c.survey), "served");
	set_ledger(STAFF, ALONE);	/* what has begun waits for nobody */
	assert_string_equal(find(STAFF, CLOSED).waits, "");
	mailing.n_coming = 0;
}

static void
without_another_side_all_go_alone(void **state)
{
	struct joint j;

	(void)state;
	set_ledger(STAFF, EMPTY);
	set_ledger(SERVED, EMPTY);
	conf.survey[1].kind = KIND_STAFF;
	j = find(STAFF, CLOSED);
	assert_int_equal(j.part, DIGESTS_ALONE);
	assert_string_equal(j.other, "");
	conf.survey[1].kind = KIND_SERVED;
	conf.n_surveys = 1;
	j = find(STAFF, CLOSED);
	assert_string_equal(j.other, "");
	j = find(SERVED, CLOSED);	/* no longer configured */
	assert_string_equal(j.other, "");
	assert_string_equal(j.waits, "");
	conf.n_surveys = 2;
}

#define CASE(f)	cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_state_leads_to_one_mail_for_both),
		CASE(a_host_marks_its_guest_once),
		CASE(a_quarter_apart_they_belong_together_no_more),
		CASE(an_overlapping_wave_is_awaited_for_a_week),
		CASE(without_another_side_all_go_alone),
	};

	return cmocka_run_group_tests(tests, set_up, scratch_remove);
}
