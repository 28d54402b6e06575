/*
 * scoreinput.h - the two files that `sensectl score` reads.
 *
 * units: unit,parent,invited,name; answers: unit and the six core items.  No
 * wave, no roster and no store is touched.  DESIGN 7, SCORING 2 and 11.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SCOREINPUT_H
#define SENSED_IO_SCOREINPUT_H

#include "base/err.h"
#include "core/publication.h"
#include "core/tree.h"

struct scoreinput {
	struct tree	 tree;
	struct counts	*cell;		/* one a unit of the tree */
};

/*
 * Reads both files; the caller wipes *in, also after an error.  ERR_INPUT,
 * "FILE:LINE: what is wrong, what was expected": what csv.h and tree.h refuse,
 * a bad number of people, an answer outside 1..5, an unknown unit, more
 * responses than invited people.  ERR_ABSENT, ERR_SYS.
 */
enum err_code	scoreinput_read(struct scoreinput *in, const char *units,
		    const char *answers, struct err *e) MUST_USE;

/* Points out at what was read, with D and Q_s of a core-only question set. */
void		scoreinput_fill(struct publication_input *out,
		    const struct scoreinput *in);

void		scoreinput_wipe(struct scoreinput *in);

#endif
