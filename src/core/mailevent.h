/*
 * mailevent.h - the records of a ledger: what happened to a mail.
 *
 * What they add up to is standing.h's; how they lie on the disk ledger.h's.
 * The numbers are on the disk: new ones come at the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_MAILEVENT_H
#define SENSED_CORE_MAILEVENT_H

#include <stdint.h>

enum mail_event {
	MAIL_BEGUN = 1,		/* the first record of a digest ledger */
	MAIL_ATTEMPT,		/* on the disk before the transfer starts */
	MAIL_SENT,
	MAIL_REFUSED_PERSON, MAIL_REFUSED_SOFT, MAIL_REFUSED_UNCLEAR,
	MAIL_TEMPORARY,
	MAIL_UNCERTAIN,		/* a note: the attempt stays open */
	MAIL_RETURNED,		/* did not go: as if never attempted */
	MAIL_PAUSED,		/* code: see PAUSE_ */
	MAIL_RESUMED,		/* who: bounces of the wave until then */
	MAIL_VOID,		/* fills a place that a crash left empty */
	MAIL_AWAKE,		/* the mailer was at work, with time to mail */
	MAIL_FINISHED,		/* nobody was left to be mailed in this slot */
	MAIL_AGAIN,		/* the person asks for the mail once more */
	MAIL_EVENT__MAX
};

enum mail_kind {
	MAIL_FIRST,		/* an invitation, or a digest */
	MAIL_REMINDER, MAIL_REMINDER_2,
	MAIL_REPEAT,		/* the invitation once more, by MAIL_AGAIN */
	MAIL_KIND__MAX
};

/* Why mailing is paused; PAUSE_STORM takes its refusals back. */
enum mail_pause {
	PAUSE_ASKED, PAUSE_OURS, PAUSE_STORM, PAUSE_BOUNCES, PAUSE__MAX
};

struct mail_record {
	uint64_t	who;
	int64_t		when;	/* seconds since 1970 */
	unsigned char	kind;	/* enum mail_kind */
	unsigned char	slot;	/* the mail that was due, 0 to 2 */
	unsigned char	event;
	unsigned char	attempt;	/* 1 is the first of its kind */
	unsigned int	code;	/* of the relay's reply, 0..65535; 0: none */
};

#endif
