/*
 * export.h - a publication as CSV, JSON or text.
 *
 * SCORING 10.  For `sensectl score`, whose user holds the answers and is told
 * why a unit is hidden, and for `sensectl export`, where nobody is.  No exact
 * sum appears in either.  Piece by piece, so that memory need not grow with
 * the tree: empty the buffer after each unit.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_EXPORT_H
#define SENSED_CORE_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/publication.h"

#define EXPORT_UNIT_MAX	16384	/* bytes of one unit, atom's cells apart */

enum export_format {
	EXPORT_TEXT,	/* for people; its layout is not promised */
	EXPORT_CSV,
	EXPORT_JSON,
	EXPORT__MAX
};

enum export_kind {
	EXPORT_SCORE,		/* reasons and atoms */
	EXPORT_PUBLISHED	/* wave and name; no reason, no atom */
};

struct export {
	const struct publication	*pub;
	enum export_format		 format;
	enum export_kind		 kind;
};

/* The format of this name: "text", "csv", "json".  False: no such format. */
bool	export_format_find(const char *name, enum export_format *out);

/* What stands before the units, one unit, and what stands behind them. */
void	export_begin(struct buf *b, const struct export *x);
void	export_unit(struct buf *b, const struct export *x, uint32_t unit);
void	export_end(struct buf *b, const struct export *x);

/* All of it; the caller's buffer sets the ceiling, and says if it was met. */
void	export_all(struct buf *b, const struct export *x);

#endif
