/*
 * importing.h - a survey's people and units, replaced whole.
 *
 * One transaction: import_begin reads and checks both files and builds the
 * new roster beside the old one, under the roster's lock; the caller looks at
 * the report; import_commit reveals it, import_drop forgets it.  A death at
 * any point leaves the old roster.  Other surveys and all opt-outs are carried
 * over.  Memory grows with units, never with people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_IMPORTING_H
#define SENSED_IO_IMPORTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "io/conf.h"
#include "io/csv.h"

/* What is to be said of one unit. */
struct import_unit {
	const char	*id;
	const char	*was;		/* name so far; NULL: added */
	const char	*name;		/* name from now; NULL: removed */
	bool		 moved;		/* below another parent */
	uint32_t	 people;	/* in its whole subtree, from now */
	uint32_t	 joined;	/* of them not in its subtree so far */
	bool		 many_joined;	/* over a third (SCORING 1, 13) */
	bool		 reaches;	/* min_group people, the first time */
};

struct import_report {
	bool			 first;	/* the survey had no roster: no list */
	uint32_t		 units, people;
	uint32_t		 joined, left;
	uint32_t		 moved;		/* to another unit */
	uint32_t		 changed;	/* address, name or language */
	uint32_t		 unled;		/* units without a leader */
	struct import_unit	*unit;		/* in the tree's order */
	size_t			 n;
};

/* The files of an import; both names are used in refusals. */
struct import_files {
	const char	*units, *people;
};

struct import;

/*
 * Reads and checks.  c, and the files' names, must live as long as *out.
 * dry: nothing but the files that the transaction itself needs is made, and
 * import_commit may not follow.  progress tells of the people file and may be
 * NULL.  ERR_INPUT ("FILE:LINE: ..."), ERR_ABSENT, ERR_CORRUPT, ERR_SYS.
 *
 * Where several rows are at fault, fault (NULL: nobody) is told of the first
 * IMPORT_FAULTS, one by one, and the error that is returned sums up.  The
 * people are not looked at while their units are at fault.
 */
#define IMPORT_FAULTS	50
enum err_code	 import_begin(const struct conf *c, const char *survey,
		    const struct import_files *files, bool dry,
		    csv_progress *progress, csv_fault *fault, void *arg,
		    struct import **out, struct err *e) MUST_USE;

const struct import_report *import_report(const struct import *im);

/* Reveals: first the hashes of opt-out tokens, then the roster. */
enum err_code	 import_commit(struct import **im, struct err *e) MUST_USE;

/* Leaves the old roster as it was; NULL is allowed. */
void		 import_drop(struct import **im);

#endif
