/*
 * mailing_parts.h - one mailing pass, between the files that carry it out.
 *
 * Nobody but mailing*.c includes this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_MAILING_PARTS_H
#define SENSED_IO_MAILING_PARTS_H

#include "core/health.h"
#include "core/wave.h"
#include "io/ledger.h"
#include "io/letters.h"
#include "io/mailing.h"

struct pass {
	const struct mailing	*m;
	const struct wave_ref	*ref;
	struct mailing_result	*r;
	char			*wave_path;
	struct wave		 wave;
	unsigned char		 token_key[CRYPT_KEY];
	struct ledger		*ledger;
	struct letters		*letters;
	struct standings	 people;
	const struct conf_survey *survey;	/* NULL: not any more */
	int64_t			 looked;	/* at the wave file */
	int64_t			 asked;		/* for orders; steady clock */
	bool			 over;		/* closed, or gone */
	size_t			 at, stride;	/* number of the next person */
	int			 round;		/* of next() */
	enum health_storm	 storm;		/* of bounces */
	unsigned char		*taken;		/* 1: tried in this pass */
};

/*
 * Takes the ledger and what it says of each person, without an order at that
 * moment: whoever has the ledger then is a mailer.
 */
enum err_code	mailing_open(struct pass *p, struct err *e) MUST_USE;

/* Writes a record that concerns the whole wave, and applies it. */
enum err_code	mailing_append(struct pass *p, enum mail_event event,
		    unsigned int code, int slot, struct err *e) MUST_USE;

/*
 * Writes that no more mail goes out until the administrator says so; always an
 * error, ERR_REFUSED if it was written.
 */
enum err_code	mailing_halt(struct pass *p, unsigned int why, struct err *e)
		    MUST_USE;

/* Does somebody wait to give an order?  Looks once a second at most. */
bool		mailing_awaited(struct pass *p);

/* B3: sets p->storm if so much comes back that mailing must pause. */
enum err_code	mailing_bounces(struct pass *p, struct err *e) MUST_USE;

/* Of a wave that is closed: counts whom nobody ever invited. */
enum err_code	mailing_missed(struct pass *p, struct err *e) MUST_USE;

/* M14: what has been in a ledger once is in it for ever.  ERR_REFUSED. */
enum err_code	mailing_check_seen(const struct pass *p, struct err *e)
		    MUST_USE;

#endif
