/*
 * mailing_halt.c - what ends or forbids a mailing pass, and is written down.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "io/clock.h"
#include "io/healthlog.h"
#include "io/mailing_parts.h"

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
	return err_set(e, ERR_REFUSED, "mailing of %s is paused: %s (%s); "
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
