/*
 * forecast_show.h - a forecast as text, CSV or JSON.
 *
 * Piece by piece, so that memory need not grow with the tree: empty the buffer
 * after each unit.  CSV has the units alone; the advice is in text and JSON.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_FORECAST_SHOW_H
#define SENSED_CORE_FORECAST_SHOW_H

#include "base/buf.h"
#include "core/export.h"
#include "core/forecast.h"
#include "core/joining.h"

struct forecast_page {
	const char			*survey;
	const struct forecast_input	*in;
	const struct forecast		*f;
	const struct joining		*joining;
	unsigned int			 own_joined;	/* own, after that */
	enum export_format		 format;
};

/*
 * What stands before the units, one unit, and what stands behind them: the
 * advice, whose length grows with the number of joins.
 */
void	forecast_show_begin(struct buf *b, const struct forecast_page *p);
void	forecast_show_unit(struct buf *b, const struct forecast_page *p,
	    uint32_t unit);
void	forecast_show_end(struct buf *b, const struct forecast_page *p);

#endif
