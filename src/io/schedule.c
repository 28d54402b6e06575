/*
 * schedule.c - a wave opens because its time has come.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/calendar.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/opened.h"
#include "io/plan.h"
#include "io/schedule.h"
#include "io/state.h"
#include "io/waves.h"

#define NAMES_MAX	9	/* of one quarter, in which 3 find room */

/* Is the name that of a wave which is open, closed or published? */
static enum err_code
is_taken(const char *dir, const char *name, bool *taken, struct err *e)
{
	struct wave_ref	 ref;
	enum err_code	 rc;
	char		*path;

	path = state_path(dir, STATE_PUBLISHED, name);
	rc = file_there(path, taken, e);
	free(path);
	if (rc != ERR_OK || *taken)
		return rc;
	rc = waves_by_name(dir, name, &ref, e);
	*taken = rc == ERR_OK;
	return rc == ERR_ABSENT ? ERR_OK : rc;
}

/* staff-2026q4; the second wave of a quarter is staff-2026q4-2. */
static enum err_code
choose_name(const char *dir, const char *survey, int64_t opens,
    char name[WAVE_NAME_MAX + 1], struct err *e)
{
	bool		taken = true;
	enum err_code	rc = ERR_OK;
	size_t		len;
	int		i;

	opening_name(name, survey, opens);
	len = strlen(name);
	for (i = 2; rc == ERR_OK; i++) {
		rc = is_taken(dir, name, &taken, e);
		if (rc != ERR_OK || !taken || i > NAMES_MAX)
			break;
		snprintf(name + len, WAVE_NAME_MAX + 1 - len, "-%d", i);
	}
	if (rc == ERR_OK && taken)
		rc = err_set(e, ERR_REFUSED, "no name is free for a wave of "
		    "this quarter; sensectl open %s --wave NAME", survey);
	return rc;
}

static enum err_code
open_it(const struct schedule *d, const struct conf_survey *s,
    int64_t opens, struct opened *out, struct err *e)
{
	char		name[WAVE_NAME_MAX + 1];
	struct opening	o = { .conf = d->conf, .survey = s, .wave = name,
			    .now = d->now, .opens = opens,
			    .progress = d->progress, .arg = d->arg };
	enum err_code	rc;

	rc = choose_name(d->conf->state_dir, s->name, opens, name, e);
	return rc == ERR_OK ? opening_run(&o, out, e) : rc;
}

/* False where nobody would want to know. */
static bool
is_missed(const struct conf *c, const struct conf_survey *s, int64_t opens,
    int64_t now)
{
	char		*path = state_path(c->state_dir, STATE_ROSTER, NULL);
	struct plan	 p;
	bool		 there = file_exists(path);

	free(path);
	plan_make(s, opens, 0, &p);
	return there && now < p.closes;
}

/* When it last opened; M14: what was known once cannot be unknown later. */
static enum err_code
look_back(const struct conf *c, const struct conf_survey *s, int64_t since,
    int64_t *seen, int64_t *last, struct err *e)
{
	enum err_code	rc;
	char		iso[32];

	rc = opened_last(c->state_dir, s->name, since, last, e);
	if (rc != ERR_OK)
		return rc;
	clock_iso(iso, *seen);
	if (*last < *seen)
		return err_set(e, ERR_REFUSED, "a wave opened on %s, of which "
		    "%s knows nothing any more: it was put back; if that is "
		    "as it should be, restart sensed", iso, c->state_dir);
	*seen = *last;
	return ERR_OK;
}

enum schedule_end
schedule_survey(const struct schedule *sched, const struct conf_survey *s,
    int64_t *seen, struct opened *out, struct err *e)
{
	const struct conf	*c = sched->conf;
	int64_t			 now = sched->now;
	struct calendar_dates	d;
	enum err_code		rc;
	int64_t			last = 0;
	char			iso[32];

	if ((rc = calendar_around(s, now, &d, e)) == ERR_OK && d.last != 0)
		rc = look_back(c, s, d.last, seen, &last, e);
	if (rc == ERR_OK && (d.last == 0 || last >= d.last))
		return SCHEDULE_NOTHING;
	clock_iso(iso, d.last);
	if (rc == ERR_OK && now > d.last + SCHEDULE_WINDOW) {
		if (!is_missed(c, s, d.last, now))
			return SCHEDULE_NOTHING;
		err_set(e, ERR_REFUSED, "survey %s: the wave of %s was not "
		    "opened: %d hours later it was too late; 'sensectl open "
		    "%s' opens one now", s->name, iso, SCHEDULE_WINDOW / 3600,
		    s->name);
		return SCHEDULE_MISSED;
	}
	if (rc == ERR_OK)
		rc = open_it(sched, s, d.last, out, e);
	if (rc == ERR_OK) {
		*seen = d.last;
		return SCHEDULE_OPENED;
	}
	err_prefix(e, "survey %s: the wave of %s does not open: ", s->name,
	    d.last != 0 ? iso : "its calendar");
	return SCHEDULE_FAILED;
}
