/*
 * holdings.h - everything that is stored under one address.
 *
 * For the person who asks, and for forgetting.  Never whether somebody has
 * answered: the box could be asked, and is not; and never which reminders went
 * out, since they go to those who have not (SCORING 9.4).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_HOLDINGS_H
#define SENSED_IO_HOLDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "core/publication.h"
#include "core/token.h"
#include "io/roster.h"

enum held_kind {
	HELD_PERSON,	/* of a survey's roster */
	HELD_LEADER,	/* a leader's row of a unit */
	HELD_LAST,	/* roster/last-SURVEY: the last wave, and the unit */
	HELD_HEALTH,	/* the address bounced or was refused */
	HELD_KNOWN,	/* the keyed hash that an opt-out link is held to */
	HELD_OPTOUT,	/* the same hash as an opt-out: outlives the others */
	HELD_WAVE,	/* the frozen list of a wave that is not published */
	HELD_DIGEST,	/* perhaps, the digest ledger of a wave */
	HELD__MAX
};

struct held {
	enum held_kind	kind;
	char		survey[SURVEY_NAME_MAX + 1];
	char		wave[WAVE_NAME_MAX + 1];	/* LAST, WAVE,
						 * DIGEST, HEALTH */
	bool		open;			/* WAVE: not closed yet */
	bool		stopped, hard;		/* HEALTH: no mail goes out */
	unsigned int	marks;			/* HEALTH: waves with a mark */
	char		unit_name[UNIT_NAME_MAX + 1];	/* "": not known */
	struct person	person;	/* PERSON; LEADER without an id; of the others
				 * id and unit, where they hold them */
};

struct holdings {
	struct held	*of;	/* in order of kind */
	size_t		 n;
	char		*canonical;
	char		 hash[OPTOUT_HASH_LEN + 1];
};

/*
 * Reads all that is stored under an address; the caller wipes.  The address
 * finds a person on the roster, and the id found there finds the rest: of
 * somebody who has left, only hashes are found.  ERR_INPUT: no address.
 * ERR_ABSENT: no roster yet.
 */
enum err_code	holdings_read(const char *state_dir, const char *address,
		    struct holdings *h, struct err *e) MUST_USE;
void		holdings_wipe(struct holdings *h);

/* True if there is one of that kind. */
bool		holdings_has(const struct holdings *h, enum held_kind kind);

#endif
