/*
 * export_parts.h - what the formats of an export share.
 *
 * For export*.c, and the two writers of text for forecast_show.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_EXPORT_PARTS_H
#define SENSED_CORE_EXPORT_PARTS_H

#include "core/export.h"

/* The words and figures of all formats; "" where there is none. */
const char	*export_status(const struct export *x,
		    const struct pub_unit *u);
const char	*export_id(const struct publication *p, uint32_t i);
const char	*export_org_word(const struct figure *f);
const char	*export_change_word(const struct figure *f);
const char	*export_protect_name(const struct publication *p);
const char	*export_detail_name(const struct pub_unit *u);

/* "6.1", "9.5 or more"; "54%", "under 20%". */
void		 export_put_score(struct buf *b, const struct figure *f);
void		 export_put_fav(struct buf *b, const struct figure *f);

/*
 * CSV: one cell of text, quoted where RFC 4180 needs it; guard: a spreadsheet
 * must not take it for a formula (10.2).  JSON: a string, or null for "".
 */
void		 export_put_csv(struct buf *b, const char *s, bool guard);
void		 export_put_json(struct buf *b, const char *s);

void		 export_csv_begin(struct buf *b, const struct export *x);
void		 export_csv_unit(struct buf *b, const struct export *x,
		    uint32_t i);
void		 export_json_begin(struct buf *b, const struct export *x);
void		 export_json_unit(struct buf *b, const struct export *x,
		    uint32_t i);
void		 export_json_end(struct buf *b);

#endif
