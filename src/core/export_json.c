/*
 * export_json.c - a publication as JSON, SCORING 10.3.
 *
 * One object; the order of keys is part of the format.  Absent values are null,
 * counts and percentages numbers, scores strings exactly as shown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/export_parts.h"
#include "core/shown.h"

static const char *
json_bool(bool yes)
{
	return yes ? "true" : "false";
}

void
export_put_json(struct buf *b, const char *s)
{
	if (s[0] == '\0') {
		buf_adds(b, "null");
		return;
	}
	buf_addc(b, '"');
	for (; *s != '\0'; s++)
		if (*s == '"' || *s == '\\')
			buf_addf(b, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			buf_addf(b, "\\u%04x", (unsigned int)*s);
		else
			buf_addc(b, *s);
	buf_addc(b, '"');
}

void
export_json_begin(struct buf *b, const struct export *x)
{
	const struct publication *p = x->pub;

	buf_adds(b, "{ ");
	if (x->kind == EXPORT_PUBLISHED) {
		buf_adds(b, "\"wave\": ");
		export_put_json(b, p->wave);
		buf_adds(b, ", \"survey\": ");
		export_put_json(b, p->survey);
		buf_adds(b, ",\n  ");
	}
	buf_addf(b, "\"format\": 1, \"k\": %u, \"protect\": \"%s\", \"safe\": "
	    "%s,\n  \"units\": [", p->k, export_protect_name(p),
	    json_bool(p->safe));
}

static void
json_atom(struct buf *b, const struct export *x, uint32_t i)
{
	const char	*id = x->pub->cells[i];
	size_t		 len;

	buf_addf(b, "      \"atom\": { \"min\": %ju, \"cells\": [",
	    (uintmax_t)x->pub->unit[i].atom_min);
	while (id != NULL) {
		len = strcspn(id, " ");
		buf_addf(b, "\"%.*s\"", (int)len, id);
		id = id[len] == ' ' ? id + len + 1 : NULL;
		if (id != NULL)
			buf_adds(b, ", ");
	}
	buf_adds(b, "] },\n");
}

static void
json_ranges(struct buf *b, const struct figure *f)
{
	if (f->masked)
		buf_adds(b, "\"lo\": null, \"hi\": null, \"fav\": \"");
	else {
		buf_adds(b, "\"lo\": \"");
		shown_tenths(b, f->lo);
		buf_adds(b, "\", \"hi\": \"");
		shown_tenths(b, f->hi);
		buf_adds(b, "\", \"fav\": \"");
	}
	export_put_fav(b, f);
	if (f->masked)
		buf_adds(b, "\", \"fav_lo\": null, \"fav_hi\": null, ");
	else
		buf_addf(b, "\", \"fav_lo\": %d, \"fav_hi\": %d, ", f->fav_lo,
		    f->fav_hi);
}

static void
json_bands(struct buf *b, const struct figure *f)
{
	if (f->has_bands)
		buf_addf(b, "\"bands\": [%d, %d, %d], ", f->band[0],
		    f->band[1], f->band[2]);
	else
		buf_adds(b, "\"bands\": null, ");
	if (f->has_five)
		buf_addf(b, "\"five\": [%d, %d, %d, %d, %d], ", f->five[0],
		    f->five[1], f->five[2], f->five[3], f->five[4]);
	else
		buf_adds(b, "\"five\": null, ");
	buf_addf(b, "\"split\": %s, ",
	    f->has_bands ? json_bool(f->split) : "null");
}

static void
json_figure(struct buf *b, const struct figure *f)
{
	buf_addf(b, "{ \"n\": %ju, \"score\": \"", (uintmax_t)f->n);
	export_put_score(b, f);
	buf_addf(b, "\", \"clipped\": %s, \"masked\": %s, \"everyone\": %s, ",
	    json_bool(f->clip != CLIP_NONE), json_bool(f->masked),
	    json_bool(f->everyone));
	json_ranges(b, f);
	json_bands(b, f);
	buf_adds(b, "\"vs_org\": ");
	export_put_json(b, export_org_word(f));
	buf_adds(b, ", \"change\": ");
	if (f->has_change_figure) {
		buf_addc(b, '"');
		shown_tenths(b, f->change_tenths);
		buf_addc(b, '"');
	} else
		buf_adds(b, "null");
	buf_adds(b, ", \"change_word\": ");
	export_put_json(b, export_change_word(f));
	buf_adds(b, " }");
}

static void
json_published(struct buf *b, const struct export *x, uint32_t i)
{
	const struct pub_unit	*u = &x->pub->unit[i];
	int			 s;

	buf_addf(b, ",\n      \"invited\": %ju, \"n\": %ju, \"rate\": %d, "
	    "\"low_rate\": %s, \"partial\": %s, \"detail\": \"%s\",\n",
	    (uintmax_t)u->invited, (uintmax_t)u->responses, u->rate,
	    json_bool(u->low_rate), json_bool(u->partial),
	    export_detail_name(u));
	if (x->kind == EXPORT_SCORE && x->pub->protect == PROTECT_SUPPRESS)
		json_atom(b, x, i);
	buf_adds(b, "      \"senses\": {");
	for (s = 0; s < SENSE__MAX; s++) {
		buf_addf(b, "%s\n        \"%s\": ", s > 0 ? "," : "",
		    sense_key((enum sense)s));
		json_figure(b, &u->sense[s]);
	}
	buf_adds(b, " }");
}

void
export_json_unit(struct buf *b, const struct export *x, uint32_t i)
{
	const struct pub_unit *u = &x->pub->unit[i];

	buf_addf(b, "%s\n    { \"unit\": ", i > 0 ? "," : "");
	export_put_json(b, u->id);
	buf_adds(b, ", \"name\": ");
	export_put_json(b, u->name);
	buf_adds(b, ", \"parent\": ");
	export_put_json(b, export_id(x->pub, u->parent));
	buf_addf(b, ", \"status\": \"%s\", \"shown_instead\": ",
	    export_status(x, u));
	export_put_json(b, export_id(x->pub, u->shown_instead));
	if (u->status == UNIT_PUBLISHED)
		json_published(b, x, i);
	buf_adds(b, " }");
}

void
export_json_end(struct buf *b)
{
	buf_adds(b, " ] }\n");
}
