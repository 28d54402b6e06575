/*
 * passlog.c - what a mailing pass did, as far as it may be logged.
 *
 * SCORING 9.4: reminders go to those who have not answered, so their number is
 * rounded down to a multiple of k, and while they go out failures are not
 * counted, which would tell them by kind.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>

#include "base/log.h"
#include "prog/passlog.h"

static void
log_asked(const char *wave, const struct mailing_result *r)
{
	if (r->mailed[MAIL_REPEAT] > 0)
		log_info("%s: sent again to people who asked for it: %" PRIu64,
		    wave, r->mailed[MAIL_REPEAT]);
}

static void
log_invitations(const char *wave, const struct mailing_result *r)
{
	if (r->mailed[0] > 0)
		log_info("%s: %" PRIu64 " invitations went out", wave,
		    r->mailed[0]);
	if (r->temporary + r->refused + r->uncertain > 0)
		log_warn("%s: %u put off, %u refused, %u uncertain; the "
		    "relay's words: %s", wave, r->temporary, r->refused,
		    r->uncertain, r->words);
	if (r->repeated > 0)
		log_warn("%s: some were repeated, since it was uncertain "
		    "whether they had arrived", wave);
	if (r->left > 0)
		log_info("%s: %" PRIu64 " are still to be mailed", wave,
		    r->left);
}

static void
log_reminders(const char *wave, const struct mailing_result *r)
{
	uint64_t n = r->mailed[1] + r->mailed[2];

	if (r->mailed[0] > 0)
		log_info("%s: late invitations went out", wave);
	if (n > 0 && n < r->k)
		log_info("%s: fewer than %u reminders went out", wave, r->k);
	else if (n > 0)
		log_info("%s: at least %" PRIu64 " reminders went out", wave,
		    n / r->k * r->k);
	if (r->words[0] != '\0')
		log_warn("%s: not every mail was taken; the relay's words: "
		    "%s", wave, r->words);
}

void
passlog(const char *wave, const struct mailing_result *r)
{
	(r->due > 0 ? log_reminders : log_invitations)(wave, r);
	log_asked(wave, r);
	if (r->unreached)
		log_warn("%s: no relay can be reached; the next pass tries "
		    "again", wave);
}
