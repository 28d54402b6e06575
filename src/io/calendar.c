/*
 * calendar.c - when a survey opens by itself: the adapter of libical.
 *
 * libical only turns a rule into dates without a zone; from those to moments
 * it is clock.c's way, with the zone that the process has loaded.  So libical
 * opens no zone file, and works inside a sandbox.  What it does not see itself
 * (doc/spec/FACTS 6) is refused before: an empty part, behind which it reads
 * no further.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include <libical/ical.h>

#include "io/calendar.h"
#include "io/clock.h"

#define START		"20240101T000000"	/* a Monday */
#define CHECK_YEARS	28	/* after which days and dates meet again */
#define FIRST_YEAR	2024
#define EXAMPLE		"\"FREQ=YEARLY;BYMONTH=1,4,7;BYDAY=2TU;BYHOUR=9\""
#define NO_RULE		"is no recurrence rule of RFC 5545, expected one " \
			"such as " EXAMPLE

static enum err_code
refuse(const struct conf_survey *s, struct err *e, const char *words)
{
	return err_set(e, ERR_INPUT, "%s%s", s->opens_at, words);
}

/* Does it name a day, or must it be guessed? */
static bool
names_a_day(const struct icalrecurrencetype *r)
{
	return r->by_day[0] != ICAL_RECURRENCE_ARRAY_MAX ||
	    r->by_month_day[0] != ICAL_RECURRENCE_ARRAY_MAX ||
	    r->by_year_day[0] != ICAL_RECURRENCE_ARRAY_MAX ||
	    r->freq == ICAL_DAILY_RECURRENCE;
}

static enum err_code
parse(const struct conf_survey *s, struct icalrecurrencetype *r,
    struct err *e)
{
	if (strstr(s->opens, ";;") != NULL || strcasestr(s->opens, "rscale"))
		return refuse(s, e, NO_RULE);
	icalerror_clear_errno();
	*r = icalrecurrencetype_from_string(s->opens);
	if (r->freq == ICAL_NO_RECURRENCE && icalerrno == ICAL_NEWFAILED_ERROR)
		return err_set(e, ERR_SYS, "calendar: no memory");
	if (r->freq == ICAL_NO_RECURRENCE)
		return refuse(s, e, NO_RULE);
	if (r->freq < ICAL_DAILY_RECURRENCE)
		return refuse(s, e, "is more frequent than daily, expected "
		    "FREQ=YEARLY, MONTHLY, WEEKLY or DAILY");
	if (r->count != 0 || !icaltime_is_null_time(r->until))
		return refuse(s, e, "has an end, expected no COUNT and no "
		    "UNTIL: it goes on until it is changed");
	if (!names_a_day(r))
		return refuse(s, e, "names no day, expected BYDAY or "
		    "BYMONTHDAY as in " EXAMPLE);
	if (r->by_hour[0] == ICAL_RECURRENCE_ARRAY_MAX)
		return refuse(s, e, "names no hour, expected BYHOUR as in "
		    EXAMPLE);
	return ERR_OK;
}

static int64_t
moment(const struct icaltimetype *t)
{
	struct civil c = { .year = t->year, .month = t->month, .day = t->day,
	    .hour = t->hour, .minute = t->minute, .second = t->second };

	return clock_moment(&c);
}

enum err_code
calendar_each(const struct conf_survey *s, int64_t from, int64_t until,
    calendar_visit *each, void *arg, struct err *e)
{
	struct icalrecurrencetype	 r;
	icalrecur_iterator		*it;
	struct icaltimetype		 t;
	enum err_code			 rc;
	int64_t				 when;

	if (s->opens[0] == '\0')
		return ERR_OK;
	if ((rc = parse(s, &r, e)) != ERR_OK)
		return rc;
	it = icalrecur_iterator_new(r, icaltime_from_string(START));
	if (it == NULL && icalerrno == ICAL_NEWFAILED_ERROR)
		return err_set(e, ERR_SYS, "calendar: no memory");
	if (it == NULL)
		return refuse(s, e, "names days that no year has, expected a "
		    "rule such as " EXAMPLE);
	while (rc == ERR_OK) {
		t = icalrecur_iterator_next(it);
		if (icaltime_is_null_time(t) || (when = moment(&t)) > until)
			break;
		if (when > from)
			rc = each(arg, when, e);
	}
	icalrecur_iterator_free(it);
	return rc;
}

struct apart {
	const struct conf_survey	*survey;
	int64_t				 last;
};

static enum err_code
check_apart(void *arg, int64_t opens, struct err *e)
{
	struct apart			*a = arg;
	const struct conf_survey	*s = a->survey;
	int64_t				 last = a->last;
	char				 one[32], two[32];

	a->last = opens;
	if (last == 0)
		return ERR_OK;
	clock_iso(one, last);
	clock_iso(two, opens);
	if (clock_days_later(last, WAVE_APART_DAYS) > opens)
		return err_set(e, ERR_INPUT, "%sopens on %.10s and again on "
		    "%.10s, expected at least %d days between", s->opens_at,
		    one, two, WAVE_APART_DAYS);
	if (clock_days_later(last, (int)s->open_days) >= opens)
		return err_set(e, ERR_INPUT, "%sopens on %.10s and again on "
		    "%.10s, expected more days between than open_days (%u): "
		    "waves of a survey never overlap", s->opens_at, one, two,
		    s->open_days);
	return ERR_OK;
}

enum err_code
calendar_check(const struct conf *c, struct err *e)
{
	struct civil	end = { .year = FIRST_YEAR + CHECK_YEARS, .month = 1,
			    .day = 1 };
	struct apart	a;
	enum err_code	rc = ERR_OK;
	size_t		i;

	for (i = 0; i < c->n_surveys && rc == ERR_OK; i++) {
		a = (struct apart){ .survey = &c->survey[i] };
		rc = calendar_each(a.survey, 0, clock_moment(&end),
		    check_apart, &a, e);
	}
	return rc;
}

struct around {
	int64_t			 when;
	struct calendar_dates	*out;
};

/* The first opening behind the moment ends the walk. */
static enum err_code
look(void *arg, int64_t opens, struct err *e)
{
	struct around *a = arg;

	(void)e;
	if (opens <= a->when)
		a->out->last = opens;
	else
		a->out->next = opens;
	return opens <= a->when ? ERR_OK : ERR_USED;
}

enum err_code
calendar_around(const struct conf_survey *s, int64_t when,
    struct calendar_dates *out, struct err *e)
{
	struct around	a = { when, out };
	enum err_code	rc;

	memset(out, 0, sizeof(*out));
	rc = calendar_each(s, 0, INT64_MAX, look, &a, e);
	return rc == ERR_USED ? ERR_OK : rc;
}
