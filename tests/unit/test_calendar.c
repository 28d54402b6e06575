/*
 * test_calendar.c - when surveys open, across the changes of the clocks.
 *
 * The dates were worked out by hand from the rules and from the days on which
 * the clocks change: London on the last Sundays of March and October, New York
 * on the second Sunday of March and the first of November, Lord Howe (half an
 * hour, and summer over the new year) on the first Sundays of April and
 * October.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "goodconf.h"
#include "io/calendar.h"
#include "io/clock.h"
#include "io/plan.h"

#define LONDON	"Europe/London"
#define NEW_YORK "America/New_York"
#define LORD_HOWE "Australia/Lord_Howe"
#define QUARTERS "FREQ=YEARLY;BYMONTH=1,4,7;BYDAY=2TU;BYHOUR=9;BYMINUTE=0"

static void
zone(const char *name)
{
	struct err e;

	assert_int_equal(clock_zone(name, &e), ERR_OK);
}

static int64_t
at(const char *text)
{
	int64_t t;

	if (!clock_parse(text, &t))
		fail_msg("%s", text);
	return t;
}

static void
same(int64_t got, const char *want)
{
	char iso[32];

	clock_iso(iso, got);
	if (got != at(want))
		fail_msg("%s, expected %s", iso, want);
}

/* Local times in a zone, and the moment that each is. */
static const struct {
	const char	*zone, *local, *utc;
} moments[] = {
	{ LONDON, "2026-03-28T09:00", "2026-03-28T09:00Z" },
	{ LONDON, "2026-03-29T00:59:59", "2026-03-29T00:59:59Z" },
	{ LONDON, "2026-03-29T01:00", "2026-03-29T01:00Z" },
	{ LONDON, "2026-03-29T01:30", "2026-03-29T01:30Z" },
	{ LONDON, "2026-03-29T02:00", "2026-03-29T01:00Z" },
	{ LONDON, "2026-03-29T09:00", "2026-03-29T08:00Z" },
	{ LONDON, "2026-10-24T09:00", "2026-10-24T08:00Z" },
	{ LONDON, "2026-10-25T00:59", "2026-10-24T23:59Z" },
	{ LONDON, "2026-10-25T01:00", "2026-10-25T00:00Z" },
	{ LONDON, "2026-10-25T01:30", "2026-10-25T00:30Z" },
	{ LONDON, "2026-10-25T02:00", "2026-10-25T02:00Z" },
	{ LONDON, "2026-10-25T09:00", "2026-10-25T09:00Z" },
	{ LONDON, "2027-03-28T01:30", "2027-03-28T01:30Z" },
	{ LONDON, "2027-10-31T01:30", "2027-10-31T00:30Z" },
	{ NEW_YORK, "2027-03-14T01:59", "2027-03-14T06:59Z" },
	{ NEW_YORK, "2027-03-14T02:30", "2027-03-14T07:30Z" },
	{ NEW_YORK, "2027-03-14T03:00", "2027-03-14T07:00Z" },
	{ NEW_YORK, "2026-11-01T01:30", "2026-11-01T05:30Z" },
	{ NEW_YORK, "2026-11-01T02:00", "2026-11-01T07:00Z" },
	{ LORD_HOWE, "2027-04-04T01:29", "2027-04-03T14:29Z" },
	{ LORD_HOWE, "2027-04-04T01:45", "2027-04-03T14:45Z" },
	{ LORD_HOWE, "2027-04-04T02:00", "2027-04-03T15:30Z" },
	{ LORD_HOWE, "2027-10-03T02:15", "2027-10-02T15:45Z" },
	{ LORD_HOWE, "2027-10-03T02:30", "2027-10-02T15:30Z" },
	{ "UTC", "2027-03-28T01:30", "2027-03-28T01:30Z" },
};

/* Twice, the second time backwards: no moment depends on the one before. */
static void
test_moments(void **state)
{
	size_t n = sizeof(moments) / sizeof(moments[0]), i, k;

	(void)state;
	for (i = 0; i < 2 * n; i++) {
		k = i < n ? i : 2 * n - 1 - i;
		zone(moments[k].zone);
		print_message("  %s %s\n", moments[k].zone, moments[k].local);
		same(at(moments[k].local), moments[k].utc);
	}
}

static void
test_days_later(void **state)
{
	(void)state;
	zone(LONDON);
	same(clock_days_later(at("2026-03-24T09:00"), 14), "2026-04-07T08:00Z");
	same(clock_days_later(at("2026-10-20T09:00"), 14), "2026-11-03T09:00Z");
	same(clock_days_later(at("2026-10-20T09:00"), -4), "2026-10-16T08:00Z");
	same(clock_days_later(at("2027-12-31T09:00"), 60), "2028-02-29T09:00Z");
}

static const struct {
	const char	*name, *zone, *rule, *from;
	const char	*opens[8];
} rules[] = {
	{ "a quarter, and not the autumn", LONDON, QUARTERS, "2026-10-05",
	    { "2027-01-12T09:00Z", "2027-04-13T08:00Z", "2027-07-13T08:00Z",
	    "2028-01-11T09:00Z", "2028-04-11T08:00Z", "2028-07-11T08:00Z" } },
	{ "the same over the sea", NEW_YORK, QUARTERS, "2026-10-05",
	    { "2027-01-12T14:00Z", "2027-04-13T13:00Z", "2027-07-13T13:00Z",
	    "2028-01-11T14:00Z" } },
	{ "and below the equator", LORD_HOWE, QUARTERS, "2026-10-05",
	    { "2027-01-11T22:00Z", "2027-04-12T22:30Z", "2027-07-12T22:30Z",
	    "2028-01-10T22:00Z" } },
	{ "four weeks of the wall clock, whatever the hours", LONDON,
	    "FREQ=WEEKLY;INTERVAL=4;BYDAY=TU;BYHOUR=9", "2026-03-01",
	    { "2026-03-24T09:00Z", "2026-04-21T08:00Z", "2026-05-19T08:00Z" } },
	{ "a leap day", LONDON,
	    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYHOUR=9", "2026-01-01",
	    { "2028-02-29T09:00Z", "2032-02-29T09:00Z", "2036-02-29T09:00Z" } },
	{ "the last day of February", LONDON,
	    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1;BYHOUR=9", "2026-01-01",
	    { "2026-02-28T09:00Z", "2027-02-28T09:00Z", "2028-02-29T09:00Z" } },
	{ "the first working day of a quarter", LONDON, "FREQ=MONTHLY;"
	    "INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1;BYHOUR=9;BYMINUTE=30",
	    "2026-12-01", { "2027-01-01T09:30Z", "2027-04-01T08:30Z",
	    "2027-07-01T08:30Z", "2027-10-01T08:30Z", "2028-01-03T09:30Z" } },
	{ "an hour that the clocks skip", LONDON,
	    "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;BYHOUR=1;BYMINUTE=30",
	    "2026-01-01", { "2026-03-29T01:30Z", "2027-03-28T01:30Z" } },
	{ "an hour that comes twice", LONDON,
	    "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;BYHOUR=1;BYMINUTE=30",
	    "2026-01-01", { "2026-10-25T00:30Z", "2027-10-31T00:30Z" } },
	{ "it opens at the moment, not after it", LONDON, QUARTERS,
	    "2027-04-13T07:59:59Z", { "2027-04-13T08:00Z" } },
	{ "and only once", LONDON, QUARTERS, "2027-04-13T08:00Z",
	    { "2027-07-13T08:00Z" } },
	{ "days by number", "UTC",
	    "FREQ=DAILY;INTERVAL=91;BYHOUR=12", "2024-01-02",
	    { "2024-04-01T12:00Z", "2024-07-01T12:00Z" } },
};

static void
test_rules(void **state)
{
	char			 at_text[] = "sensed.conf:10: ";
	struct conf_survey	 s = { .opens_at = at_text };
	struct calendar_dates	 d;
	struct err		 e;
	int64_t			 when;
	size_t			 i, k;

	(void)state;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		print_message("  %s\n", rules[i].name);
		zone(rules[i].zone);
		s.opens = mem_str(rules[i].rule);
		when = at(rules[i].from);
		for (k = 0; rules[i].opens[k] != NULL; k++) {
			assert_int_equal(calendar_around(&s, when, &d, &e),
			    ERR_OK);
			same(d.next, rules[i].opens[k]);
			if (k > 0)
				same(d.last, rules[i].opens[k - 1]);
			when = d.next;
		}
		free(s.opens);
	}
}

static enum err_code
count(void *arg, int64_t opens, struct err *e)
{
	(void)opens, (void)e;
	++*(unsigned int *)arg;
	return ERR_OK;
}

static void
test_five_years(void **state)
{
	char			 rule[] = QUARTERS, none[] = "";
	struct conf_survey	 s = { .opens = rule };
	struct calendar_dates	 d;
	struct err		 e;
	unsigned int		 n = 0;

	(void)state;
	zone(LONDON);
	assert_int_equal(calendar_each(&s, at("2026-10-05"), at("2031-10-05"),
	    count, &n, &e), ERR_OK);
	assert_int_equal(n, 15);
	n = 0;
	assert_int_equal(calendar_each(&s, at("2027-01-12T09:00Z"),
	    at("2027-04-13T08:00Z"), count, &n, &e), ERR_OK);
	assert_int_equal(n, 1);
	s.opens = none;
	assert_int_equal(calendar_around(&s, at("2026-10-05"), &d, &e),
	    ERR_OK);
	assert_true(d.last == 0 && d.next == 0);
}

/* What the calendar of a configuration may not say. */
#define RULE(r)	"calendar = { opens = \"" r "\"; };"
static const struct {
	const char	*name, *text, *words;
} bad[] = {
	{ "no rule", RULE("every second Tuesday"), "no recurrence rule" },
	{ "a date", RULE("20270112T090000"), "no recurrence rule" },
	{ "the name of the property", RULE("RRULE:FREQ=YEARLY;BYHOUR=9"),
	    "no recurrence rule" },
	{ "a part that is unknown",
	    RULE("FREQ=YEARLY;BYMONHT=1;BYDAY=2TU;BYHOUR=9"),
	    "no recurrence rule" },
	{ "an empty part", RULE("FREQ=YEARLY;BYMONTH=1;;BYDAY=2TU;BYHOUR=9"),
	    "no recurrence rule" },
	{ "an hour that no day has",
	    RULE("FREQ=YEARLY;BYMONTH=1;BYDAY=2TU;BYHOUR=24"),
	    "no recurrence rule" },
	{ "another calendar", RULE("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=2;"
	    "BYMONTHDAY=1;BYHOUR=9"), "no recurrence rule" },
	{ "a month that no year has",
	    RULE("FREQ=YEARLY;BYMONTH=13;BYDAY=2TU;BYHOUR=9"),
	    "days that no year has" },
	{ "the thirtieth of February",
	    RULE("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=9"),
	    "days that no year has" },
	{ "hours", RULE("FREQ=HOURLY;INTERVAL=2000;BYDAY=MO;BYHOUR=9"),
	    "more frequent than daily" },
	{ "an end by number",
	    RULE("FREQ=YEARLY;BYMONTH=1;BYDAY=2TU;BYHOUR=9;COUNT=4"),
	    "has an end" },
	{ "an end by date", RULE("FREQ=YEARLY;BYMONTH=1;BYDAY=2TU;BYHOUR=9;"
	    "UNTIL=20300101"), "has an end" },
	{ "no day", RULE("FREQ=MONTHLY;INTERVAL=3;BYHOUR=9"), "names no day" },
	{ "no hour", RULE("FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU"),
	    "names no hour" },
	{ "each week", RULE("FREQ=WEEKLY;BYDAY=TU;BYHOUR=9"),
	    "opens on 2024-01-02 and again on 2024-01-09, expected at least "
	    "28 days" },
	{ "27 days", RULE("FREQ=DAILY;INTERVAL=27;BYHOUR=9"),
	    "at least 28 days" },
	{ "two hours of a day",
	    RULE("FREQ=YEARLY;BYMONTH=1;BYDAY=2TU;BYHOUR=9,10"),
	    "at least 28 days" },
	{ "28 days in most years", RULE("FREQ=YEARLY;BYMONTH=2,3;BYDAY=-1SU;"
	    "BYHOUR=9"), "" },
	{ "a few days behind the end of February",
	    RULE("FREQ=YEARLY;BYMONTHDAY=28,-30;BYMONTH=2,3;BYHOUR=9"),
	    "at least 28 days" },
	{ "a wave that is open when the next opens", "calendar = { opens = "
	    "\"FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=9\"; open_days = 30; };",
	    "opens on 2024-02-01 and again on 2024-03-01, expected more days "
	    "between than open_days (30)" },
	{ "and with 28 days", "calendar = { opens = "
	    "\"FREQ=WEEKLY;INTERVAL=4;BYDAY=TU;BYHOUR=9\"; open_days = 28; };",
	    "more days between than open_days (28)" },
	{ "but not with 27", "calendar = { opens = "
	    "\"FREQ=WEEKLY;INTERVAL=4;BYDAY=TU;BYHOUR=9\"; open_days = 27; };",
	    "" },
	{ "four times a year", RULE(QUARTERS), "" },
	{ "small letters", RULE("freq=yearly;bymonth=1;byday=2tu;byhour=9"),
	    "" },
	{ "never", RULE(""), "" },
};

static void
test_conf(void **state)
{
	struct conf	c;
	struct err	e;
	enum err_code	rc;
	size_t		i;

	(void)state;
	zone(LONDON);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		print_message("  %s\n", bad[i].name);
		must_read(10, bad[i].text, &c);
		rc = calendar_check(&c, &e);
		if (bad[i].words[0] != '\0')
			must_refuse(rc, "sensed.conf", 10, bad[i].words, &e);
		else if (rc != ERR_OK)
			fail_msg("%s", e.msg);
		if (rc != ERR_OK && strstr(e.msg, "surveys.calendar.opens ") ==
		    NULL)
			fail_msg("%s", e.msg);
		conf_wipe(&c);
	}
}

/* A wave that opens on Tuesday, 13 July 2027 (CONTENT 9). */
static const struct {
	const char	*name;
	bool		 weekends;
	unsigned int	 days[2], open_days;
	const char	*reminder[3], *closes;
} plans[] = {
	{ "a Saturday and a Thursday", false, { 4, 9 }, 14,
	    { "2027-07-19T09:00", "2027-07-22T09:00" }, "2027-07-27T09:00" },
	{ "weekends wanted", true, { 4, 9 }, 14,
	    { "2027-07-17T09:00", "2027-07-22T09:00" }, "2027-07-27T09:00" },
	{ "Saturday and Sunday are one Monday", false, { 4, 5 }, 14,
	    { "2027-07-19T09:00" }, "2027-07-27T09:00" },
	{ "a Sunday that falls into the last day", false, { 2, 5 }, 7,
	    { "2027-07-15T09:00" }, "2027-07-20T09:00" },
	{ "a Friday stays", false, { 3, 6 }, 14,
	    { "2027-07-16T09:00", "2027-07-19T09:00" }, "2027-07-27T09:00" },
};

static void
test_plans(void **state)
{
	struct conf_survey	s = { .n_reminders = 2 };
	struct plan		p;
	size_t			i, k;

	(void)state;
	zone(LONDON);
	for (i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		print_message("  %s\n", plans[i].name);
		s.weekends = plans[i].weekends;
		s.open_days = plans[i].open_days;
		memcpy(s.reminder, plans[i].days, sizeof(plans[i].days));
		plan_make(&s, at("2027-07-13T09:00"), 0, &p);
		same(p.closes, plans[i].closes);
		for (k = 0; k < p.n_reminders; k++)
			same(p.reminder[k], plans[i].reminder[k]);
		assert_null(plans[i].reminder[k]);
	}
}

/* Over the change of the clocks the hour stays: 20 to 31 October 2026. */
static void
test_plan_autumn(void **state)
{
	struct conf_survey	s = { .open_days = 14, .n_reminders = 2,
				    .reminder = { 2, 9 } };
	struct plan		p;

	(void)state;
	zone(LONDON);
	plan_make(&s, at("2026-10-20T09:00"), 0, &p);
	same(p.reminder[0], "2026-10-22T08:00Z");
	same(p.reminder[1], "2026-10-29T09:00Z");
	same(p.closes, "2026-11-03T09:00Z");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_days_later),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_five_years),
		cmocka_unit_test(test_conf),
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_plan_autumn),
	};

	return cmocka_run_group_tests_name("calendar", tests, goodconf_make,
	    scratch_remove);
}
