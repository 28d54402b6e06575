/*
 * standing.h - what a ledger tells of each of its recipients.
 *
 * Every record is applied in order, at replay and while mail goes out, so
 * that memory and disk cannot tell two stories.  STANDARDS M12, M13, M18, R3.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_STANDING_H
#define SENSED_CORE_STANDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORM_ROW	20	/* R3: refusals in a row */
#define STORM_LAST	200	/* R3: or STORM_SHARE among so many */
#define STORM_SHARE	40
#define RETRY_FIRST	(30 * 60)	/* M12: seconds, then doubling */

enum mail_event {
	MAIL_BEGUN = 1,		/* the first record of a digest ledger */
	MAIL_ATTEMPT,		/* on the disk before the transfer starts */
	MAIL_SENT,
	MAIL_REFUSED_PERSON, MAIL_REFUSED_SOFT, MAIL_REFUSED_UNCLEAR,
	MAIL_TEMPORARY,
	MAIL_UNCERTAIN,		/* a note: the attempt stays open */
	MAIL_RETURNED,		/* our fault: as if never attempted */
	MAIL_PAUSED,		/* code: see PAUSE_ */
	MAIL_RESUMED,		/* who: bounces of the wave until then */
	MAIL_VOID,		/* fills a place that a crash left empty */
	MAIL_AWAKE,		/* the mailer was at work, with time to mail */
	MAIL_FINISHED,		/* nobody was left to be mailed in this slot */
	MAIL_EVENT__MAX
};

/* Why mailing is paused; PAUSE_STORM takes its refusals back. */
enum mail_pause {
	PAUSE_ASKED, PAUSE_OURS, PAUSE_STORM, PAUSE_BOUNCES, PAUSE__MAX
};

struct mail_record {
	uint64_t	who;
	int64_t		when;	/* seconds since 1970 */
	unsigned char	kind;	/* 0 invitation or digest; 1, 2 reminder */
	unsigned char	slot;	/* the mail that was due: kind or later */
	unsigned char	event;
	unsigned char	attempt;	/* 1 is the first of its kind */
	unsigned int	code;	/* of the relay's reply, 0..65535; 0: none */
};

struct standing {
	int64_t		retry;		/* not before; 0: at once */
	signed char	covered;	/* last slot that is done; -1: none */
	unsigned char	kind, slot;	/* of the last attempt */
	unsigned char	tries;		/* attempts of that kind */
	unsigned char	uncertain;	/* of those, without a known end */
	unsigned char	silent;		/* of those, noted by MAIL_UNCERTAIN */
	bool		open : 1;	/* the last has no known end */
	bool		refused : 1, hard : 1, soft : 1; /* for good, and why */
	bool		arrived : 1;	/* some mail did arrive, or may have */
};

struct standings {
	struct standing	*of;
	size_t		 n;
	int64_t		 newest;	/* latest time of any record */
	int64_t		 begun;		/* of MAIL_BEGUN; 0: none */
	int64_t		 awake;		/* last MAIL_AWAKE or MAIL_RESUMED */
	int64_t		 away;		/* since when no relay gives an answer,
					 * of what is tried; 0: one did */
	int		 finished;	/* slot of MAIL_FINISHED; -1: none */
	bool		 paused;
	enum mail_pause	 why;		/* of the last pause */
	uint64_t	 bounces;	/* seen when it last went on */
	uint64_t	 sent[3], refused, temporary, repeated;
	unsigned int	 row;		/* refusals since the last success */
	size_t		 seen;		/* ends since the last storm */
	struct { size_t i; bool refused; } last[STORM_LAST];	/* place: seen
					 * modulo STORM_LAST */
};

/* n recipients to whom nothing was sent. */
void	standings_init(struct standings *s, size_t n);
void	standings_wipe(struct standings *s);
/* Applies a record; i is the recipient's index.  False: none, or not ours. */
bool	standings_apply(struct standings *s, size_t i,
	    const struct mail_record *r);

/* R3: refusals come so thick that the fault must be ours. */
bool	standings_storm(const struct standings *s);

/* The kind of mail that is owed when slot `due` is: 0 to 2, or -1 for none; who
 * got no invitation gets it now (M18).  If it may go yet tells `retry`. */
int	standing_owed(const struct standing *s, int due);

/* Was all that was tried refused at sending?  SCORING 2. */
bool	standing_unreachable(const struct standing *s);

#endif
