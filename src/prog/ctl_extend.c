/*
 * ctl_extend.c - sensectl extend: an open wave closes later.
 *
 * Never at or behind the next opening of its survey's calendar: waves of one
 * survey do not overlap.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "io/calendar.h"
#include "io/clock.h"
#include "io/closing.h"
#include "io/state.h"
#include "io/wavefile.h"
#include "prog/ctl.h"

/* The opening of the survey's next wave; 0: none is planned. */
static enum err_code
next_opening(const struct conf *c, const char *wave, int64_t now,
    int64_t *next, struct err *e)
{
	const struct conf_survey	*s;
	struct calendar_dates		 d;
	struct wave_ref			 ref;
	struct wave			 w;
	char				*path;
	enum err_code			 rc;

	*next = 0;
	if ((rc = waves_by_name(c->state_dir, wave, &ref, e)) != ERR_OK)
		return rc;
	path = state_wave(c->state_dir, ref.tag, ref.name);
	rc = wavefile_read(path, WAVE_BRIEF, &w, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	if ((s = conf_survey(c, w.survey)) != NULL)
		rc = calendar_around(s, now, &d, e);
	if (s != NULL && rc == ERR_OK)
		*next = d.next;
	wave_wipe(&w);
	return rc;
}

enum err_code
ctl_extend(const struct ctl *c, struct err *e)
{
	const char	*text = c->opt[CTL_CLOSES];
	char		 iso[32];
	int64_t		 closes, next, now = clock_now();
	enum err_code	 rc;

	if (!clock_parse(text, &closes))
		return err_set(e, ERR_INPUT, "--closes %s: expected a time "
		    "such as 2026-10-19T09:00", text);
	rc = next_opening(c->conf, c->arg, now, &next, e);
	if (rc != ERR_OK)
		return rc;
	clock_iso(iso, next);
	if (next != 0 && closes >= next)
		return err_set(e, ERR_INPUT, "--closes %s: the next wave of "
		    "the survey opens at %s; expected an earlier time: waves "
		    "of one survey never overlap", text, iso);
	rc = closing_extend(c->conf->state_dir, c->arg, closes, now, e);
	if (rc != ERR_OK)
		return rc;
	clock_iso(iso, closes);
	printf("wave %s is open until %s\n", c->arg, iso);
	return ERR_OK;
}
