/*
 * alerts.c - the mailer's mail to whoever must act.
 *
 * The journal and sensectl status have it in any case.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/log.h"
#include "io/alert.h"
#include "prog/alerts.h"

void
alerts_mail(const struct mailing *m)
{
	struct alert_result	r;
	struct err		e;
	enum err_code		rc = alert_run(m, &r, &e);

	if (r.sent > 0)
		log_info("organisation.operator was mailed what needs a "
		    "person: %u", r.sent);
	if (r.words[0] != '\0')
		log_warn("organisation.operator: could not be mailed yet "
		    "(%s); see sensectl status", r.words);
	if (rc != ERR_OK && rc != ERR_BUSY)
		log_err("organisation.operator: %s", e.msg);
}
