/*
 * digestfigure.h - one sense's figures as flags, digits and a drawn bar.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_DIGESTFIGURE_H
#define SENSED_CORE_DIGESTFIGURE_H

#include <stdbool.h>

#include "core/mustache.h"
#include "core/publication.h"

/*
 * Item 4 of a digest: sense flag, score, range, favourable, bands, change,
 * against the organisation, and `bar`, a list of cells {width, and one of the
 * flags sure, likely, mark, rest} whose widths in per cent add up to 100.
 */
void	figure_view(struct view *v, enum sense s, const struct figure *f);

/* The score alone: score, clip_high, clip_low. */
void	figure_score(struct view *v, const struct figure *f);

/*
 * A list `scores` of the six scores, each with its sense flag; `more` is set
 * on all but the last.
 */
void	figure_scores(struct view *v, const struct figure f[SENSE__MAX]);

#endif
