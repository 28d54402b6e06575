/*
 * opener.c - the keeper's look at the calendars.
 *
 * What cannot be opened is tried again every few minutes while its window
 * lasts; the other surveys do not wait for it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>

#include "base/log.h"
#include "io/schedule.h"
#include "prog/attend.h"
#include "prog/opener.h"

#define AGAIN_SECONDS	300

static void
tell(const struct conf *c, const char *survey, enum schedule_end end,
    const struct opened *o, const struct err *e)
{
	bool		bad = end == SCHEDULE_FAILED || end == SCHEDULE_MISSED;
	unsigned char	key[CRYPT_KEY];
	struct err	late;

	/* before any import it is not there, and the mailer cannot make it */
	if (bad && state_organisation_key(c->state_dir, key, &late) != ERR_OK)
		log_err("%s", late.msg);
	crypt_wipe(key, sizeof(key));

	if (end == SCHEDULE_OPENED)
		log_info("opened %s: %" PRIu32 " people in %" PRIu32 " units",
		    o->wave, o->people, o->units);
	attend(c->state_dir, STATE_ATTENTION_CALENDAR, survey,
	    bad ? e->msg : NULL);
}

/* A clock that was set back does not make anybody wait. */
static bool
rests(int64_t next, int64_t now)
{
	return next > now && next <= now + AGAIN_SECONDS;
}

static void
step(void *arg, const char *what, uint32_t done, uint32_t all)
{
	struct opener *o = arg;

	(void)what, (void)done, (void)all;
	atomic_fetch_add(&o->steps, 1);
}

enum err_code
opener_run(struct opener *o, const struct conf *c, int64_t now)
{
	const struct schedule	sched = { c, now, step, o };
	enum schedule_end	end;
	enum err_code		rc = ERR_OK;
	struct opened		opened;
	struct err		e;
	size_t			i;

	for (i = 0; i < c->n_surveys; i++) {
		if (rests(o->next[i], now))
			continue;
		end = schedule_survey(&sched, &c->survey[i], &o->seen[i],
		    &opened, &e);
		tell(c, c->survey[i].name, end, &opened, &e);
		o->next[i] = end == SCHEDULE_FAILED ||
		    end == SCHEDULE_MISSED ? now + AGAIN_SECONDS : 0;
		if (end == SCHEDULE_FAILED && rc == ERR_OK)
			rc = e.code;
	}
	return rc;
}
