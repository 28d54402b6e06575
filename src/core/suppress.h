/*
 * suppress.h - which units may be shown, so that no small group can be told.
 *
 * SCORING 3, 4 and 5.  An atom is the set of people that belongs to a
 * published unit and to no published unit below it; a result is safe if every
 * atom has no answers at all, or at least k answers to every sense.  Only
 * numbers of answers come in here, never what was answered.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_SUPPRESS_H
#define SENSED_CORE_SUPPRESS_H

#include <stdint.h>

#include "base/err.h"
#include "core/publication.h"
#include "core/sense.h"
#include "core/tree.h"

/* How many people count for each sense: c_s of SCORING 3. */
struct answers {
	uint64_t	n[SENSE__MAX];
};

/* One value a unit, by its index in the tree. */
struct suppression {
	enum unit_status *status;	/* published, primary or secondary */
	uint32_t	 *home;		/* the unit whose atom takes the cell
					 * in; UNIT_NONE: no figure counts it */
	uint64_t	 *atom_min;	/* m of the unit's atom */
};

/*
 * Decides the whole tree at threshold k, by 4.1 or 4.2.  The caller wipes
 * *out, also after an error.  ERR_CORRUPT: the result is not safe (S5), a
 * fault of this program; nothing may be published.  Costs n log n for n units.
 */
enum err_code	suppress_run(struct suppression *out, const struct tree *t,
		    const struct answers *cell, unsigned int k,
		    enum protect protect, struct err *e) MUST_USE;

void		suppress_wipe(struct suppression *s);

#endif
