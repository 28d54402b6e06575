/*
 * export.c - a publication as CSV, JSON or text.
 *
 * The columns, keys and words here are a file format that other programs read,
 * in one language on purpose; what leaders read comes from templates.  Figures
 * are written as shown.c writes them everywhere.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/export_parts.h"
#include "core/shown.h"

static const char *const format_names[EXPORT__MAX] = {
	[EXPORT_TEXT] = "text",
	[EXPORT_CSV] = "csv",
	[EXPORT_JSON] = "json",
};

static const char *const protect_names[] = {
	[PROTECT_SUPPRESS] = "suppress",
	[PROTECT_CARRY] = "carry",
};

static const char *const detail_names[] = {
	[DETAIL_BASIC] = "basic",
	[DETAIL_THREE] = "three",
	[DETAIL_FIVE] = "five",
};

static const char *const org_words[] = {
	[ORG_NONE] = "",
	[ORG_CLEAR_ABOVE] = "clear above",
	[ORG_POSSIBLE_ABOVE] = "possible above",
	[ORG_SAME] = "about the same",
	[ORG_POSSIBLE_BELOW] = "possible below",
	[ORG_CLEAR_BELOW] = "clear below",
};

static const char *const change_words[] = {
	[CHANGE_ABSENT] = "",
	[CHANGE_INCOMPARABLE] = "no earlier figure to compare",
	[CHANGE_CLEAR_RISE] = "clear rise",
	[CHANGE_POSSIBLE_RISE] = "possible rise",
	[CHANGE_NO_CLEAR] = "no clear change",
	[CHANGE_POSSIBLE_FALL] = "possible fall",
	[CHANGE_CLEAR_FALL] = "clear fall",
};

bool
export_format_find(const char *name, enum export_format *out)
{
	int i;

	for (i = 0; i < EXPORT__MAX; i++)
		if (strcmp(format_names[i], name) == 0) {
			*out = (enum export_format)i;
			return true;
		}
	return false;
}

const char *
export_status(const struct export *x, const struct pub_unit *u)
{
	if (u->status == UNIT_PUBLISHED)
		return "published";
	if (x->kind == EXPORT_PUBLISHED || u->status == UNIT_HIDDEN)
		return "hidden";
	return u->status == UNIT_PRIMARY ? "primary" : "secondary";
}

const char *
export_id(const struct publication *p, uint32_t i)
{
	return i == UNIT_NONE ? "" : p->unit[i].id;
}

void
export_put_score(struct buf *b, const struct figure *f)
{
	shown_score(b, f);
	if (f->clip != CLIP_NONE)
		buf_adds(b, f->clip == CLIP_HIGH ? " or more" : " or less");
}

void
export_put_fav(struct buf *b, const struct figure *f)
{
	if (f->fav_kind != FAV_EXACT)
		buf_adds(b, f->fav_kind == FAV_UNDER ? "under " : "over ");
	shown_fav(b, f);
	buf_addc(b, '%');
}

const char *
export_org_word(const struct figure *f)
{
	return org_words[f->vs_org];
}

const char *
export_change_word(const struct figure *f)
{
	return change_words[f->change];
}

const char *
export_protect_name(const struct publication *p)
{
	return protect_names[p->protect];
}

const char *
export_detail_name(const struct pub_unit *u)
{
	return detail_names[u->detail];
}

static void
text_begin(struct buf *b, const struct export *x)
{
	const struct publication	*p = x->pub;
	uint32_t			 i, n = 0;

	for (i = 0; i < p->n; i++)
		if (p->unit[i].status == UNIT_PUBLISHED)
			n++;
	if (x->kind == EXPORT_PUBLISHED)
		buf_addf(b, "Wave %s of %s\n", p->wave, p->survey);
	buf_addf(b, "Smallest group %u, protection %s: %u of %u units shown\n",
	    p->k, export_protect_name(p), n, p->n);
}

static void
text_figure(struct buf *b, const struct figure *f, enum sense s)
{
	buf_addf(b, "  %-12s  ", sense_key(s));
	export_put_score(b, f);
	if (!f->masked) {
		buf_adds(b, " [");
		shown_tenths(b, f->lo);
		buf_addc(b, '-');
		shown_tenths(b, f->hi);
		buf_addc(b, ']');
	}
	buf_adds(b, "  favourable ");
	export_put_fav(b, f);
	if (!f->masked)
		buf_addf(b, " [%d-%d]", f->fav_lo, f->fav_hi);
	if (f->has_bands)
		buf_addf(b, "  %d/%d/%d%s", f->band[0], f->band[1],
		    f->band[2], f->split ? " split" : "");
	if (f->vs_org != ORG_NONE)
		buf_addf(b, "  organisation: %s", export_org_word(f));
	if (f->change != CHANGE_ABSENT)
		buf_addf(b, "  change: %s", export_change_word(f));
	if (f->has_change_figure) {
		buf_addc(b, ' ');
		shown_tenths(b, f->change_tenths);
	}
	buf_addc(b, '\n');
}

static void
text_unit(struct buf *b, const struct export *x, uint32_t i)
{
	const struct pub_unit	*u = &x->pub->unit[i];
	int			 s;

	buf_addf(b, "\n%s %s: %s", u->id, u->name, export_status(x, u));
	if (u->status != UNIT_PUBLISHED) {
		if (u->shown_instead != UNIT_NONE)
			buf_addf(b, ", counted in %s",
			    export_id(x->pub, u->shown_instead));
		buf_addc(b, '\n');
		return;
	}
	buf_addf(b, ", %ju counted, %ju invited, %d%% answered%s%s\n",
	    (uintmax_t)u->responses, (uintmax_t)u->invited, u->rate,
	    u->low_rate ? ", fewer than half" : "",
	    u->partial ? ", partial" : "");
	for (s = 0; s < SENSE__MAX; s++)
		text_figure(b, &u->sense[s], (enum sense)s);
}

void
export_begin(struct buf *b, const struct export *x)
{
	if (x->format == EXPORT_CSV)
		export_csv_begin(b, x);
	else if (x->format == EXPORT_JSON)
		export_json_begin(b, x);
	else
		text_begin(b, x);
}

void
export_unit(struct buf *b, const struct export *x, uint32_t unit)
{
	if (x->format == EXPORT_CSV)
		export_csv_unit(b, x, unit);
	else if (x->format == EXPORT_JSON)
		export_json_unit(b, x, unit);
	else
		text_unit(b, x, unit);
}

void
export_end(struct buf *b, const struct export *x)
{
	if (x->format == EXPORT_JSON)
		export_json_end(b);
}

void
export_all(struct buf *b, const struct export *x)
{
	uint32_t i;

	export_begin(b, x);
	for (i = 0; i < x->pub->n; i++)
		export_unit(b, x, i);
	export_end(b, x);
}
