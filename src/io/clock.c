/*
 * clock.c - the only reader of the clock and of the time zone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "io/clock.h"

#define ZONES	"/usr/share/zoneinfo"
#define DAY	86400

enum err_code
clock_zone(const char *zone, struct err *e)
{
	char	*path = mem_fmt("%s/%s", ZONES, zone);
	int	 known;

	known = strstr(zone, "..") == NULL && zone[0] != '/' &&
	    access(path, R_OK) == 0;
	free(path);
	if (!known)
		return err_set(e, ERR_INPUT, "timezone \"%s\": not known here; "
		    "expected a name below %s (package tzdata), such as "
		    "Europe/London", zone, ZONES);
	if (setenv("TZ", zone, 1) == -1)
		return err_sys(e, "timezone");
	tzset();
	return ERR_OK;
}

int64_t
clock_steady(void)
{
	struct timespec ts;

	/* the monotonic one stands still while the machine is suspended */
	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_now(void)
{
	return (int64_t)time(NULL);
}

struct civil
clock_civil(int64_t when)
{
	struct civil	c = { 0 };
	struct tm	tm;
	time_t		t = (time_t)when;

	if (localtime_r(&t, &tm) == NULL)
		return c;
	c.year = tm.tm_year + 1900;
	c.month = tm.tm_mon + 1;
	c.day = tm.tm_mday;
	c.weekday = tm.tm_wday;
	c.hour = tm.tm_hour;
	c.minute = tm.tm_min;
	c.second = tm.tm_sec;
	c.offset = (int)(tm.tm_gmtoff / 60);
	return c;
}

/* Seconds east of UTC at a moment. */
static int64_t
offset_at(int64_t when)
{
	struct tm	tm;
	time_t		t = (time_t)when;

	return localtime_r(&t, &tm) != NULL ? tm.tm_gmtoff : 0;
}

/*
 * Not by mktime, which takes either of two moments where the clocks go back,
 * whichever it had to do with last.
 */
int64_t
clock_moment(const struct civil *c)
{
	struct tm tm = {
		.tm_year = c->year - 1900, .tm_mon = c->month - 1,
		.tm_mday = c->day, .tm_hour = c->hour, .tm_min = c->minute,
		.tm_sec = c->second
	};
	int64_t	local = (int64_t)timegm(&tm);
	int64_t	before = offset_at(local - DAY), after = offset_at(local + DAY);

	if (offset_at(local - before) != before &&
	    offset_at(local - after) == after)
		return local - after;
	return local - before;
}

int64_t
clock_days_later(int64_t when, int days)
{
	struct civil c = clock_civil(when);

	c.day += days;
	return clock_moment(&c);
}

/* Two or four digits at *s, and the character that must follow ('\0': any). */
static bool
field(const char **s, size_t digits, int low, int high, int *out)
{
	uint64_t v;

	if (strlen(*s) < digits || !num_parse(*s, digits, (uint64_t)low,
	    (uint64_t)high, &v))
		return false;
	*s += digits;
	*out = (int)v;
	return true;
}

static bool
skip(const char **s, char c)
{
	if (**s != c)
		return false;
	++*s;
	return true;
}

static bool
parse_time(const char **s, struct civil *c)
{
	if (!field(s, 2, 0, 23, &c->hour) || !skip(s, ':') ||
	    !field(s, 2, 0, 59, &c->minute))
		return false;
	return !skip(s, ':') || field(s, 2, 0, 59, &c->second);
}

/* "Z", "+01:00" or nothing; *local: nothing. */
static bool
parse_offset(const char *s, struct civil *c, bool *local)
{
	int sign = *s == '-' ? -1 : 1, h = 0, m = 0;

	*local = *s == '\0';
	if (*local || strcmp(s, "Z") == 0)
		return true;
	if (*s != '+' && *s != '-')
		return false;
	s++;
	if (!field(&s, 2, 0, 14, &h) || !skip(&s, ':') ||
	    !field(&s, 2, 0, 59, &m) || *s != '\0')
		return false;
	c->offset = sign * (h * 60 + m);
	return true;
}

/* True if the calendar has this day (30 February comes back as 2 March). */
static bool
day_exists(const struct civil *c)
{
	struct tm tm = { .tm_year = c->year - 1900, .tm_mon = c->month - 1,
	    .tm_mday = c->day };

	return timegm(&tm) != -1 && tm.tm_mday == c->day;
}

bool
clock_parse(const char *s, int64_t *out)
{
	struct civil	c = { 0 };
	bool		local;

	if (!field(&s, 4, 1970, 9999, &c.year) || !skip(&s, '-') ||
	    !field(&s, 2, 1, 12, &c.month) || !skip(&s, '-') ||
	    !field(&s, 2, 1, 31, &c.day) || !day_exists(&c))
		return false;
	if (skip(&s, 'T') && !parse_time(&s, &c))
		return false;
	if (!parse_offset(s, &c, &local))
		return false;
	if (local)
		*out = clock_moment(&c);
	else {
		struct tm tm = { .tm_year = c.year - 1900,
		    .tm_mon = c.month - 1, .tm_mday = c.day,
		    .tm_hour = c.hour, .tm_min = c.minute,
		    .tm_sec = c.second };

		*out = (int64_t)timegm(&tm) - c.offset * 60;
	}
	return true;
}

void
clock_iso(char out[32], int64_t when)
{
	struct civil	c = clock_civil(when);
	int		o = abs(c.offset);

	snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
	    c.year % 10000, c.month % 100, c.day % 100, c.hour % 100,
	    c.minute % 100, c.second % 100, c.offset < 0 ? '-' : '+',
	    o / 60 % 100, o % 60);
}

void
clock_rfc5322(char out[40], int64_t when)
{
	static const char *const days[] = {
		"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"
	};
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
		"Oct", "Nov", "Dec"
	};
	struct civil	c = clock_civil(when);
	int		o = abs(c.offset);

	snprintf(out, 40, "%s, %02d %s %04d %02d:%02d:%02d %c%02d%02d",
	    days[c.weekday % 7], c.day % 100, months[(c.month + 11) % 12],
	    c.year % 10000, c.hour % 100, c.minute % 100, c.second % 100,
	    c.offset < 0 ? '-' : '+', o / 60 % 100, o % 60);
}
