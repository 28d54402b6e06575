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

#include "core/mailevent.h"

#define STORM_ROW	20	/* R3: refusals in a row */
#define STORM_LAST	200	/* R3: or STORM_SHARE among so many */
#define STORM_SHARE	40
#define RETRY_FIRST	(30 * 60)	/* M12: seconds, then doubling */

struct standing {
	int64_t		retry;		/* not before; 0: at once; of a
					 * MAIL_REPEAT never 0 */
	signed char	covered;	/* last slot that is done; -1: none */
	unsigned char	kind, slot;	/* of the last attempt */
	unsigned char	tries;		/* attempts of that kind */
	unsigned char	uncertain;	/* of those, without a known end */
	unsigned char	silent;		/* of those, noted by MAIL_UNCERTAIN */
	bool		open : 1;	/* the last has no known end */
	bool		refused : 1, hard : 1, soft : 1; /* for good, and why */
	bool		arrived : 1;	/* some mail did arrive, or may have */
	bool		asked : 1;	/* for a MAIL_REPEAT that is to go */
	bool		unsure : 1;	/* of a mail before the last */
	unsigned char	again;		/* how often, in all */
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
	uint64_t	 sent[MAIL_KIND__MAX], temporary, repeated;
	uint64_t	 refused;	/* mails; what arrives later takes none
					 * away: it would tell which it was */
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

/*
 * The kind of mail that is owed when slot `due` is, or -1 for none; who got no
 * invitation gets it now (M18).  If it may go yet tells `retry`.
 *
 * What a person asked for comes before anything else, also to somebody whom
 * the relay refused: who is reached by it counts as reached from then on, and
 * whoever it does not reach stays refused.  It covers the slot, so that no
 * reminder follows at once.
 */
int	standing_owed(const struct standing *s, int due);

/* The invitation goes by itself, and cannot have arrived yet. */
bool	standing_awaits(const struct standing *s);

/* Mails of which nobody knows, 0 to 2: no later one hides those before it, or a
 * count of them would tell how many got no reminder, since they answered. */
unsigned int	standing_uncertain(const struct standing *s);

/* Was all that was tried refused at sending?  SCORING 2. */
bool	standing_unreachable(const struct standing *s);

#endif
