/*
 * report.h - the values behind a published unit's page, ready to be printed.
 *
 * The digest's values (digest.h), and where the marks of its charts stand.  So
 * the figures of a report are those of the digest, string for string.
 * Template "report".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_REPORT_H
#define SENSED_CORE_REPORT_H

#include "core/digest.h"

struct report {
	struct digest	digest;		/* of a published unit; no reader */
	struct civil	closed;		/* the wave */
	struct civil	made;		/* the report */
};

/*
 * The view in one language, an index into site->langs; the caller frees it.
 * Beside the digest's values: closed_day, made_day, and `charts`, one a sense,
 * with what figure_view says and
 *   x        where the score stands, in per cent of the scale
 *   spread   lo and width of the range; not if none is shown
 *   whole    the organisation's score, and its x; not in its own report
 *   series   the scores over time, oldest first: points {x, y, at, score, now,
 *            more} and steps {x1, y1, x2, y2} between two that stand side by
 *            side, in per cent from the left and from the top; oldest, a date.
 *            Not if there is no earlier one.
 */
struct view	*report_view(const struct report *r, size_t lang);

#endif
