/*
 * alert.h - mails whoever must act what needs a person.
 *
 * Every matter in attention/ (attention.h) is mailed once to
 * organisation.operator; words that change are a new matter, and so is one
 * that comes again after it was settled.  Which were told is a ledger,
 * attention/told, so that a kill neither loses one nor tells it for ever
 * (M13), and a relay that is itself the trouble is asked again ever more
 * seldom (M12).  It goes when nothing needs a person any more.  `who` in it is
 * a keyed hash of the matter.  No mail names a person.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_ALERT_H
#define SENSED_IO_ALERT_H

#include "base/err.h"
#include "io/mailing.h"

struct alert_result {
	unsigned int	sent;
	char		words[REPLY_WORDS + 1];	/* of pool_result */
};

/*
 * Mails what was not told yet.  Nothing is done without an address.  ERR_BUSY:
 * another process is at it.  Others are faults of the store or the templates.
 */
enum err_code	alert_run(const struct mailing *m, struct alert_result *r,
		    struct err *e) MUST_USE;

#endif
