/*
 * ctl_calendar.c - the dates of the surveys, for sensectl check and status.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "io/attention.h"
#include "io/calendar.h"
#include "io/clock.h"
#include "io/plan.h"
#include "prog/ctl_calendar.h"

/* "2027-04-13T09:00+01:00": nothing here has seconds. */
static void
print_time(const char *before, int64_t when)
{
	char iso[32];

	clock_iso(iso, when);
	printf("%s%.16s%s", before, iso, iso + 19);
}

struct dates {
	const struct conf_survey	*survey;
};

static enum err_code
print_wave(void *arg, int64_t opens, struct err *e)
{
	const struct dates	*d = arg;
	struct plan		 p;
	unsigned int		 i;

	(void)e;
	plan_make(d->survey, opens, 0, &p);
	if (p.heads_up != 0)
		print_time("    tells leaders ", p.heads_up);
	print_time(p.heads_up != 0 ? ", opens " : "    opens ", opens);
	for (i = 0; i < p.n_reminders; i++)
		print_time(", reminds ", p.reminder[i]);
	print_time(", closes ", p.closes);
	putchar('\n');
	return ERR_OK;
}

enum err_code
ctl_calendar(const struct conf_survey *s, int64_t now, struct err *e)
{
	struct civil	end = clock_civil(now);
	struct dates	d = { s };

	if (s->opens[0] == '\0') {
		printf("ok: survey %s: no calendar; sensectl open %s opens a "
		    "wave\n", s->name, s->name);
		return ERR_OK;
	}
	printf("ok: survey %s: the next %d years\n", s->name, CALENDAR_YEARS);
	end.year += CALENDAR_YEARS;
	return calendar_each(s, now, clock_moment(&end), print_wave, &d, e);
}

static enum err_code
print_next(const struct conf *c, bool json, struct err *e)
{
	struct calendar_dates	 d;
	const char		*name, *comma = "";
	enum err_code		 rc = ERR_OK;
	size_t			 i;

	for (i = 0; i < c->n_surveys && rc == ERR_OK; i++) {
		name = c->survey[i].name;
		rc = calendar_around(&c->survey[i], clock_now(), &d, e);
		if (rc != ERR_OK || d.next == 0)
			continue;
		if (json)
			printf("%s{ \"survey\": \"%s\", \"opens\": \"",
			    comma, name);
		else
			printf("%s: the next wave opens ", name);
		print_time("", d.next);
		fputs(json ? "\" }" : "\n", stdout);
		comma = ", ";
	}
	return rc;
}

struct telling {
	bool		 json;
	const char	*comma;
};

/* The words hold what err messages hold: a name of a file may have a quote. */
static void
print_attention(void *arg, const char *name, const char *words)
{
	struct telling	*t = arg;
	const char	*p;

	if (!t->json) {
		printf("needs a person: %s\n", words);
		return;
	}
	printf("%s{ \"about\": \"%s\", \"words\": \"", t->comma, name);
	for (p = words; *p != '\0'; p++)
		printf(strchr("\"\\", *p) != NULL ? "\\%c" : "%c", *p);
	fputs("\" }", stdout);
	t->comma = ", ";
}

enum err_code
ctl_needs(const struct conf *c, struct err *e)
{
	struct telling t = { false, "" };

	return attention_each(c->state_dir, print_attention, &t, e);
}

enum err_code
ctl_ahead(const struct conf *c, bool json, struct err *e)
{
	struct telling	t = { json, "" };
	enum err_code	rc = ERR_OK;

	if (json) {
		printf("],\n  \"attention\": [");
		rc = attention_each(c->state_dir, print_attention, &t, e);
	}
	if (json)
		printf("],\n  \"next\": [");
	if (rc == ERR_OK)
		rc = print_next(c, json, e);
	if (json)
		puts("]\n}");
	return rc;
}
