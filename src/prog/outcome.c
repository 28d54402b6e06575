/*
 * outcome.c - what came of a wave's digests, as far as a person must know.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "io/clock.h"
#include "prog/attend.h"
#include "prog/outcome.h"

#define TOLD_DAYS	30
#define DAY		86400

void
outcome_init(struct outcome *o)
{
	memset(o, 0, sizeof(*o));
	o->idle = true;
}

void
outcome_add(struct outcome *o, const char *wave,
    const struct delivery_result *r, enum err_code rc, const struct err *e)
{
	if (rc != ERR_OK)
		log_err("%s: %s", wave, e->msg);
	if (rc == ERR_REFUSED) {
		o->refused = true;
		o->refusal = *e;
	}
	o->expired |= r->expired;
	o->finished |= r->finished;
	o->idle &= r->nothing;
}

/* That some were never mailed is old news by then. */
static void
forget_missed(const char *state_dir, const char *wave)
{
	int64_t since = attention_since(state_dir, STATE_ATTENTION_MISSED,
	    wave);

	if (since != 0 && clock_now() - since > TOLD_DAYS * DAY)
		attend(state_dir, STATE_ATTENTION_MISSED, wave, NULL);
}

void
outcome_tell(const struct outcome *o, const char *state_dir, const char *wave)
{
	int64_t		since = attention_since(state_dir,
			    STATE_ATTENTION_DIGEST, wave);
	struct err	given_up;

	forget_missed(state_dir, wave);
	if (o->expired) {
		err_set(&given_up, ERR_REFUSED, "digests of %s could not be "
		    "sent for %d days and are given up; 'sensectl export %s' "
		    "has the figures", wave, DELIVERY_DAYS, wave);
		attend(state_dir, STATE_ATTENTION_DIGEST, wave, given_up.msg);
	} else if (o->refused && since == 0)
		attend(state_dir, STATE_ATTENTION_DIGEST, wave,
		    o->refusal.msg);
	else if (!o->refused && (o->finished || (since != 0 && o->idle &&
	    clock_now() - since > TOLD_DAYS * DAY)))
		attend(state_dir, STATE_ATTENTION_DIGEST, wave, NULL);
}
