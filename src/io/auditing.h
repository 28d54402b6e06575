/*
 * auditing.h - looks at every file below the state directory and names what
 * should not be there.
 *
 * The administrator's half of STANDARDS 4: what is stored about a wave at this
 * moment, for whom it can be read, and whether anything stands on the disk
 * that sensed does not document (core/inventory.h).  Reads only.  Tells no
 * count of answers: SCORING 9.4 holds here too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_AUDITING_H
#define SENSED_IO_AUDITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/err.h"
#include "core/inventory.h"
#include "core/publication.h"

#define AUDITING_STALE	3600	/* seconds that NAME.new may stand there */
#define AUDITING_DIGEST	8	/* days: seven of the digests, one of grace */

/* One file or directory that was looked at. */
struct auditing_item {
	const char			*path;	/* below the state directory */
	const struct inventory_place	*place;
	const struct stat		*st;
	bool				 reached;	/* by others than its
							 * owner */
};

struct auditing {
	const char	*state_dir;
	const char	*wave;		/* NULL: see auditing_access */
	int64_t		 now;
	/* what was found, in byte order of path; known files only */
	void		(*found)(void *arg, const struct auditing_item *item);
	/* what should not be there, or not be so */
	void		(*fault)(void *arg, const char *path, const char *why);
	void		*arg;
};

enum auditing_state {
	AUDITING_GONE,		/* nothing but its lock: discarded, perhaps */
	AUDITING_OPEN,
	AUDITING_CLOSED,
	AUDITING_PUBLISHED
};

struct auditing_result {
	enum auditing_state	 state;
	int64_t			 opened, closes;
	uint32_t		 people;	/* open and closed only */
	unsigned int		 boxes;
	uint32_t		 units, shown;	/* published only */
	size_t			 looked, faults;
	size_t			 closed;	/* of them: the owner cannot
						 * read and write it */
};

/*
 * Audits one wave, and the rest of the state directory with it, under the
 * wave's lock.  Faults are no error here: they are told and counted.
 * ERR_ABSENT: no such wave.  ERR_BUSY: it is being opened, closed or
 * published.  ERR_SYS: something could not be looked at.
 */
enum err_code	auditing_run(const struct auditing *a,
		    struct auditing_result *out, struct err *e) MUST_USE;

/*
 * Looks at owners and modes alone, whatever wave a file belongs to, and opens
 * none (STANDARDS C5); a->wave is NULL, a->found is not called.  A fault says
 * what to do.  What the owner cannot read is known only if this process is the
 * owner's.  No error if there is no state directory yet; ERR_SYS.
 */
enum err_code	auditing_access(const struct auditing *a,
		    struct auditing_result *out, struct err *e) MUST_USE;

#endif
