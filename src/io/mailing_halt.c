/*
 * mailing_halt.c - what begins, ends or forbids a mailing pass.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/spread.h"
#include "io/clock.h"
#include "io/healthlog.h"
#include "io/lock.h"
#include "io/mailing_parts.h"
#include "io/orders.h"
#include "io/sendlog.h"
#include "io/state.h"

#define ASK_EVERY	1000000	/* of clock_steady: a second */

bool
mailing_awaited(struct pass *p)
{
	int64_t now = clock_steady();

	if (!p->r->awaited && (p->asked == 0 || now - p->asked >= ASK_EVERY)) {
		p->asked = now;
		p->r->awaited = orders_wait(p->m->conf->state_dir,
		    p->wave.name);
	}
	return p->r->awaited;
}

enum err_code
mailing_bounces(struct pass *p, struct err *e)
{
	struct health_tally	t;
	enum err_code		rc;
	uint64_t		seen;

	rc = healthlog_tally(p->m->conf->state_dir, p->wave.name,
	    p->people.bounces, &t, &seen, e);
	if (rc == ERR_OK)
		p->storm = health_storm(&t, p->wave.people);
	return rc;
}

enum err_code
mailing_append(struct pass *p, enum mail_event event, unsigned int code,
    int slot, struct err *e)
{
	struct mail_record	r = { .when = clock_now(), .code = code,
				    .slot = (unsigned char)slot,
				    .event = (unsigned char)event };
	enum err_code		rc = ledger_append(p->ledger, &r, true, e);

	if (rc == ERR_OK)
		standings_apply(&p->people, 0, &r);
	return rc;
}

static const char *
reason(const struct pass *p, unsigned int why)
{
	static const char *const bounces[] = {
		[HEALTH_POLICY] = "too much mail comes back, refused by a "
		    "policy",
		[HEALTH_MANY_HARD] = "too much mail comes back, as if the "
		    "addresses did not exist",
		[HEALTH_UNKNOWN] = "too much mail comes back, and nobody can "
		    "tell why",
	};

	if (why == PAUSE_BOUNCES)
		return bounces[p->storm];
	return why == PAUSE_STORM ? "too many refusals" :
	    "the relay refuses our mail";
}

enum err_code
mailing_halt(struct pass *p, unsigned int why, struct err *e)
{
	enum err_code rc = mailing_append(p, MAIL_PAUSED, why, 0, e);

	if (rc != ERR_OK)
		return rc;
	p->r->paused = true;
	if (why == PAUSE_BOUNCES && p->storm == HEALTH_MANY_HARD)
		return err_set(e, ERR_REFUSED, "mailing of %s is paused: %s "
		    "(the relay's log has them); if they do exist, 'sensectl "
		    "reachable %s' mails them again; then 'sensectl resume "
		    "%s'", p->wave.name, reason(p, why), p->wave.name,
		    p->wave.name);
	return err_set(e, ERR_REFUSED, "mailing of %s is paused: %s (%.120s); "
	    "nobody is blamed and nobody is lost; put it right, then "
	    "'sensectl resume %s'", p->wave.name, reason(p, why),
	    why == PAUSE_BOUNCES ? "the relay's log has them" :
	    p->r->words[0] != '\0' ? p->r->words : "from an earlier run",
	    p->wave.name);
}

enum err_code
mailing_check_seen(const struct pass *p, struct err *e)
{
	if (seen_note(p->m->seen, p->ref, p->people.newest))
		return ERR_OK;
	return err_set(e, ERR_REFUSED, "mails of %s were sent of which %s "
	    "knows nothing any more: it was put back; no more mail goes out; "
	    "if that is as it should be, restart sensed", p->wave.name,
	    p->m->conf->state_dir);
}

enum err_code
mailing_open(struct pass *p, struct err *e)
{
	const char	*dir = p->m->conf->state_dir;
	char		*path;
	enum err_code	 rc;
	int		 fd = -1;

	path = state_path(dir, STATE_TOKEN_KEY, p->wave.name);
	rc = state_key_read(path, p->token_key, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	standings_init(&p->people, p->wave.people);
	p->taken = mem_zero(p->wave.people, 1);
	p->stride = spread_stride(p->wave.people);
	rc = orders_hold_off(dir, p->wave.name, &fd, e);
	if (rc != ERR_OK) {
		p->r->awaited = rc == ERR_BUSY;
		return rc;
	}
	path = state_path(dir, STATE_LEDGER, p->wave.name);
	rc = sendlog_open(path, p->token_key, &p->people, &p->ledger, e);
	free(path);
	lock_release(&fd);
	return rc;
}
