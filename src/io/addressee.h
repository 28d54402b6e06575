/*
 * addressee.h - a person of the roster, as it is the moment a mail is made.
 *
 * What lets an import, a forgetting and an opt-out count until the last
 * moment, for wave mails and staff copies alike; and a bounce from the next
 * pass on (STANDARDS 7.2).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_ADDRESSEE_H
#define SENSED_IO_ADDRESSEE_H

#include <stdbool.h>

#include "base/crypt.h"
#include "base/err.h"
#include "core/token.h"
#include "io/conf.h"
#include "io/roster.h"

struct addressees;

struct addressee {
	struct person	 person;
	char		*optout;	/* URL of the opt-out: a secret */
	unsigned char	 who[BOUNCE_WHO];	/* for the return path */
};

/*
 * Which opt-outs count: those in the roster, and those that answers/optout
 * holds still.  A process that is kept from answers/, as the sender of digests
 * is, takes the roster's word: the publication step and the keeper bring it up
 * to date.
 */
enum addressees_optouts {
	OPTOUTS_ALL,		/* it is a fault if they cannot be seen */
	OPTOUTS_SEEN
};

/* conf must outlive it.  ERR_ABSENT: there is no roster. */
enum err_code	addressees_open(const struct conf *conf,
		    const unsigned char organisation_key[CRYPT_KEY],
		    enum addressees_optouts which, struct addressees **out,
		    struct err *e) MUST_USE;
void		addressees_close(struct addressees **a);

/*
 * A mail that the person asked for goes although mail has come back since the
 * log was last folded: whether it did tells of a wave's reminders who had not
 * answered (io/health.h), and so would a mail that does not go.  A complaint
 * stops it.
 */
enum addressees_why {
	ADDRESSEES_DUE,
	ADDRESSEES_ASKED
};

/*
 * Looks a person up; safe from several threads at once.  *to is used again for
 * person after person.  ERR_ABSENT, e not filled: there is nobody to mail,
 * or mail does not reach the address; *opted_out tells whether for that reason.
 */
enum err_code	addressees_find(struct addressees *a, const char *survey,
		    const char *id, enum addressees_why why,
		    struct addressee *to, bool *opted_out, struct err *e)
		    MUST_USE;
void		addressee_wipe(struct addressee *to);

#endif
