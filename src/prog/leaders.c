/*
 * leaders.c - the mailer's word to leaders before a wave.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/log.h"
#include "io/leadermail.h"
#include "prog/attend.h"
#include "prog/leaders.h"

static void
tell(const struct mailing *m, const char *survey,
    const struct leadermail_result *r, enum err_code rc, const struct err *e)
{
	if (r->sent > 0)
		log_info("%s: %u leaders were told of the next wave", survey,
		    r->sent);
	if (r->temporary + r->refused + r->uncertain > 0)
		log_warn("%s: mails to leaders: %u put off, %u refused, %u "
		    "uncertain; the first reply: %s", survey, r->temporary,
		    r->refused, r->uncertain, r->words);
	if (r->unreached)
		log_warn("%s: mails to leaders: no relay can be reached; the "
		    "next pass tries again", survey);
	if (rc == ERR_OK && r->sent > 0)
		attend(m->conf->state_dir, STATE_ATTENTION_LEADERS, survey,
		    NULL);
	else if (rc == ERR_REFUSED)
		attend(m->conf->state_dir, STATE_ATTENTION_LEADERS, survey,
		    e->msg);
	else if (rc != ERR_OK)
		log_err("%s: mails to leaders: %s", survey, e->msg);
}

enum err_code
leaders_mail(const struct mailing *m)
{
	struct leadermail_result r;
	const struct conf	*c = m->conf;
	enum err_code		 rc, worst;
	struct err		 e;
	size_t			 i;

	if ((worst = leadermail_clean(c, &e)) != ERR_OK)
		log_err("%s", e.msg);
	for (i = 0; i < c->n_surveys && atomic_load(m->stop) == 0; i++) {
		rc = leadermail_run(m, &c->survey[i], &r, &e);
		tell(m, c->survey[i].name, &r, rc, &e);
		if (worst == ERR_OK)
			worst = rc;
	}
	return worst;
}
