/*
 * leaders.c - the mailer's word to leaders before a wave.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/log.h"
#include "io/clock.h"
#include "io/leadermail.h"
#include "prog/attend.h"
#include "prog/leaders.h"

static void
tell_numbers(const char *survey, const struct leadermail_result *r)
{
	if (r->sent > 0)
		log_info("%s: %u leaders were told of the next wave", survey,
		    r->sent);
	if (r->temporary + r->refused + r->uncertain > 0)
		log_warn("%s: mails to leaders: %u put off, %u refused, %u "
		    "uncertain; the relay's words: %s", survey, r->temporary,
		    r->refused, r->uncertain, r->words);
	if (r->unreached)
		log_warn("%s: mails to leaders: no relay can be reached; the "
		    "next pass tries again", survey);
}

static void
tell_missed(const char *dir, const char *survey,
    const struct leadermail_result *r)
{
	struct err	e;
	char		when[32];

	clock_iso(when, r->opens);
	err_set(&e, ERR_REFUSED, "%u of %u leaders of survey %s were not told "
	    "that it opens on %s, and the time for it has passed; tell them "
	    "yourself", r->missed, r->leaders, survey, when);
	attend(dir, STATE_ATTENTION_LEADERS, survey, e.msg);
}

/* What needed a person ends with a mail that went, or when the wave opens. */
static void
tell(const struct mailing *m, const char *survey,
    const struct leadermail_result *r, enum err_code rc, const struct err *e)
{
	const char *dir = m->conf->state_dir;

	tell_numbers(survey, r);
	if (rc == ERR_REFUSED)
		attend(dir, STATE_ATTENTION_LEADERS, survey, e->msg);
	else if (rc != ERR_OK)
		log_err("%s: mails to leaders: %s", survey, e->msg);
	else if (r->missed > 0)
		tell_missed(dir, survey, r);
	else if (r->away != 0)
		attend_away(dir, STATE_ATTENTION_LEADERS, survey, r->away,
		    r->words);
	else if (r->sent > 0 || r->opens == 0)
		attend(dir, STATE_ATTENTION_LEADERS, survey, NULL);
}

enum err_code
leaders_mail(struct mailing *m, struct turns *t, bool *more)
{
	struct leadermail_result r;
	const struct conf	*c = m->conf;
	enum err_code		 rc, worst;
	struct err		 e;
	size_t			 i;

	if ((worst = leadermail_clean(c, &e)) != ERR_OK)
		log_err("%s", e.msg);
	for (i = 0; i < c->n_surveys && atomic_load(m->stop) == 0; i++) {
		m->until = turns_next(t, clock_steady());
		rc = leadermail_run(m, &c->survey[i], &r, &e);
		tell(m, c->survey[i].name, &r, rc, &e);
		*more |= r.more;
		if (worst == ERR_OK)
			worst = rc;
	}
	return worst;
}
