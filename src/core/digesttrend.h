/*
 * digesttrend.h - the scores of several waves, as a digest shows them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_DIGESTTREND_H
#define SENSED_CORE_DIGESTTREND_H

#include "core/digest.h"

/*
 * Item 9 of CONTENT 10, if the published unit `source` has an earlier score
 * that may stand beside those of now: a map `trend` with the lists `waves`,
 * dates, the oldest first, and `lines`, a sense each, with a list of `points`:
 * score as figure_score has it, or nothing, a gap.  `more` is on all but the
 * last of waves and points, `now` on the last.
 */
void	digesttrend_view(struct view *v, const struct digest *d,
	    uint32_t source);

#endif
