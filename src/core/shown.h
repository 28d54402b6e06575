/*
 * shown.h - figures as people see them: the digits, never the words.
 *
 * One place decides how a figure is written, so that a digest, its HTML and an
 * export cannot differ.  Words around the digits ("or more", "under") belong
 * to the template or to the export.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_SHOWN_H
#define SENSED_CORE_SHOWN_H

#include <stdbool.h>

#include "base/buf.h"
#include "core/publication.h"

/* The ends of what is shown exactly, in tenths: SCORING 7.2. */
#define SHOWN_HIGH	95
#define SHOWN_LOW	5

/* Tenths, may be negative: "6.1", "0.0", "-1.3". */
void	shown_tenths(struct buf *out, int tenths);

/* The same with a plus before a rise: "+1.3", "0.0", "-1.3". */
void	shown_signed(struct buf *out, int tenths);

/* The tenths that stand for a score: 95 and 5 where it is clipped. */
int	shown_score_tenths(const struct figure *f);

/* "6.1"; "9.5" and "0.5" where it is clipped: the words are to be added. */
void	shown_score(struct buf *out, const struct figure *f);

/* The favourable per cent without its sign; "under" and "over" to be added. */
void	shown_fav(struct buf *out, const struct figure *f);

/*
 * Orders figures by their shown scores, below, equal, above: negative, 0,
 * positive.  "9.5 or more" is above 9.5, and equal to itself whatever stands
 * behind it: what is not shown decides nothing that is.
 */
int	shown_compare(const struct figure *a, const struct figure *b);

#endif
