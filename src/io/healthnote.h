/*
 * healthnote.h - what is written to the health log, and by whom.
 *
 * sensed-bounce notes what comes back; publication notes who was refused at
 * sending, since only then is a ledger told of (STANDARDS 4, hole 7).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_HEALTHNOTE_H
#define SENSED_IO_HEALTHNOTE_H

#include <stdint.h>

#include "base/err.h"
#include "core/bounce.h"
#include "io/list.h"

/* What is read off a message that came back: a class, and IDs it may be of. */
#define RETURNED_IDS	8
struct returned {
	enum bounce_class	class;
	unsigned int		n;
	char			id[RETURNED_IDS][BOUNCE_LEN + 1];
};

/*
 * Notes a bounce, durably, under the first of its IDs that we issued.  The log
 * must be there (healthlog_make).  ERR_ABSENT: we issued none, or of a wave
 * that nobody knows any more; nothing is written.  ERR_BUSY: the roster is
 * locked.  ERR_CORRUPT, ERR_SYS.
 */
enum err_code	healthnote_bounce(const char *state_dir,
		    const struct returned *r, int64_t now, struct err *e)
		    MUST_USE;

/* What publication tells of person i of the list. */
#define REFUSED_ALWAYS	1	/* tried, and every mail: leaves the invited
				 * (SCORING 2) */
#define REFUSED_HARD	2
#define REFUSED_SOFT	4

/*
 * Notes the refusals of a wave.  Whoever has another address than at the
 * opening is passed over: nobody knows which of the two was refused.  A roster
 * that is gone or damaged keeps no wave from its publication.
 */
enum err_code	healthnote_refusals(const char *state_dir, const char *survey,
		    const char *wave, const struct list *l,
		    const unsigned char *refused, struct err *e) MUST_USE;

/* Drops a person's records from the log.  Under the roster's lock. */
enum err_code	healthnote_forget(const char *state_dir, const char *survey,
		    const struct person *p, struct err *e) MUST_USE;

#endif
