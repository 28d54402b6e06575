/*
 * export_csv.c - a publication as CSV, SCORING 10.1 and 10.2.
 *
 * A published unit has six rows, a hidden one has one.  Columns that have no
 * value stay empty.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/export_parts.h"
#include "core/shown.h"

void
export_put_csv(struct buf *b, const char *s, bool guard)
{
	const bool	quote = strpbrk(s, ",\"\r\n") != NULL;
	size_t		len;

	if (quote)
		buf_addc(b, '"');
	if (guard && s[0] != '\0' && strchr("=+-@\t\r", s[0]) != NULL)
		buf_addc(b, '\'');
	while ((len = strcspn(s, "\"")), s[len] != '\0') {
		buf_add(b, s, len + 1);
		buf_addc(b, '"');
		s += len + 1;
	}
	buf_adds(b, s);
	if (quote)
		buf_addc(b, '"');
}

static void
csv_text(struct buf *b, const struct export *x, const char *s)
{
	export_put_csv(b, s, x->kind == EXPORT_PUBLISHED);
}

void
export_csv_begin(struct buf *b, const struct export *x)
{
	buf_adds(b, "unit,");
	if (x->kind == EXPORT_PUBLISHED)
		buf_adds(b, "wave,name,");
	buf_adds(b, "status,shown_instead,invited,n,rate,sense,sense_n,score,"
	    "lo,hi,fav,fav_lo,fav_hi,pct_fav,pct_neu,pct_unf,vs_org,change,"
	    "change_word\n");
}

static void
csv_unit_columns(struct buf *b, const struct export *x,
    const struct pub_unit *u)
{
	csv_text(b, x, u->id);
	buf_addc(b, ',');
	if (x->kind == EXPORT_PUBLISHED) {
		csv_text(b, x, x->pub->wave);
		buf_addc(b, ',');
		csv_text(b, x, u->name);
		buf_addc(b, ',');
	}
	buf_addf(b, "%s,", export_status(x, u));
	csv_text(b, x, export_id(x->pub, u->shown_instead));
	buf_addc(b, ',');
}

/* Columns sense to fav_hi. */
static void
csv_figure(struct buf *b, const struct figure *f)
{
	buf_addf(b, "%ju,", (uintmax_t)f->n);
	export_put_score(b, f);
	buf_addc(b, ',');
	if (!f->masked)
		shown_tenths(b, f->lo);
	buf_addc(b, ',');
	if (!f->masked)
		shown_tenths(b, f->hi);
	buf_addc(b, ',');
	export_put_fav(b, f);
	if (f->masked)
		buf_adds(b, ",,,");
	else
		buf_addf(b, ",%d,%d,", f->fav_lo, f->fav_hi);
	if (f->has_bands)
		buf_addf(b, "%d,%d,%d,", f->band[0], f->band[1], f->band[2]);
	else
		buf_adds(b, ",,,");
	buf_addf(b, "%s,", export_org_word(f));
	if (f->has_change_figure)
		shown_tenths(b, f->change_tenths);
	buf_addf(b, ",%s\n", export_change_word(f));
}

void
export_csv_unit(struct buf *b, const struct export *x, uint32_t i)
{
	const struct pub_unit	*u = &x->pub->unit[i];
	int			 s;

	if (u->status != UNIT_PUBLISHED) {
		csv_unit_columns(b, x, u);
		buf_adds(b, ",,,,,,,,,,,,,,,,\n");
		return;
	}
	for (s = 0; s < SENSE__MAX; s++) {
		csv_unit_columns(b, x, u);
		buf_addf(b, "%ju,%ju,%d,%s,", (uintmax_t)u->invited,
		    (uintmax_t)u->responses, u->rate,
		    sense_key((enum sense)s));
		csv_figure(b, &u->sense[s]);
	}
}
