/*
 * forecast_show.c - a forecast as text, CSV or JSON.
 *
 * The text is for an administrator, and its layout is not promised; the
 * columns of the CSV and the keys of the JSON are.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/export_parts.h"
#include "core/forecast_show.h"

#define INDENT_MAX	12	/* levels that the text shows as steps */
#define ID_WIDTH	28
#define JOINS_SHOWN	50	/* in the text; JSON has all */

static const char *const fates[] = {
	[FORECAST_SHOWN] = "shown",
	[FORECAST_PARTLY] = "partly",
	[FORECAST_ABOVE] = "above",
	[FORECAST_HIDDEN] = "hidden",
};

static const char *const protects[] = {
	[PROTECT_SUPPRESS] = "suppress",
	[PROTECT_CARRY] = "carry",
};

static const char *
id_of(const struct forecast_page *p, uint32_t unit)
{
	return unit == UNIT_NONE ? "" : p->in->tree->unit[unit].id;
}

static const char *
name_of(const struct forecast_page *p, uint32_t unit)
{
	return p->in->tree->unit[unit].name;
}

static void
text_begin(struct buf *b, const struct forecast_page *p)
{
	buf_addf(b, "Forecast for %s: %ju people in %u units, if %u %% answer\n"
	    "Smallest group %u, protection %s; %u draws, seed %ju.\n"
	    "Made from the list of people alone: no answer of any wave was "
	    "read.\n\n",
	    p->survey, (uintmax_t)p->f->unit[0].people, p->f->n, p->in->rate,
	    p->in->k, protects[p->in->protect], p->in->draws,
	    (uintmax_t)p->in->seed);
	buf_addf(b, "%-*s %7s %8s  %-12s %s\n", ID_WIDTH, "unit", "people",
	    "answers", "shown in", "if so many answer");
}

static unsigned int
depth(const struct tree *t, uint32_t unit)
{
	unsigned int d = 0;

	while (d < INDENT_MAX && t->unit[unit].parent != UNIT_NONE) {
		unit = t->unit[unit].parent;
		d++;
	}
	return d;
}

static void
text_unit(struct buf *b, const struct forecast_page *p, uint32_t i)
{
	const struct forecast_unit	*u = &p->f->unit[i];
	const int			 steps = 2 * (int)depth(p->in->tree, i);

	buf_addf(b, "%*s%-*s %7ju %8ju  %3u of %-6u ", steps, "",
	    ID_WIDTH > steps ? ID_WIDTH - steps : 0, id_of(p, i),
	    (uintmax_t)u->people, (uintmax_t)u->answers, u->shown,
	    p->in->draws);
	if (u->fate == FORECAST_ABOVE)
		buf_addf(b, "counted in %s", id_of(p, u->above));
	else
		buf_adds(b, u->fate == FORECAST_PARTLY ?
		    "shown, without small groups" : fates[u->fate]);
	buf_addf(b, "  (%s)\n", name_of(p, i));
}

/* People whose own unit is, whatever the response, never shown. */
static void
text_never(struct buf *b, const struct forecast_page *p)
{
	const struct tree	*t = p->in->tree;
	uint64_t		 people = 0, units = 0;
	uint32_t		 i;

	for (i = 0; i < t->n; i++)
		if (t->unit[i].invited > 0 &&
		    p->f->unit[i].people < p->in->k) {
			people += t->unit[i].invited;
			units++;
		}
	buf_addf(b, "\nPeople who will see figures of their own unit: %u %%\n",
	    p->f->own);
	buf_addf(b, "People in units of fewer than %u, which are never shown: "
	    "%ju, in %ju units\n", p->in->k, (uintmax_t)people,
	    (uintmax_t)units);
	buf_addf(b, "To reach %u answers in %d of 100 waves a unit needs %u "
	    "people\n", p->in->k, JOINING_SURE, p->joining->enough);
}

static void
text_member(struct buf *b, const struct forecast_page *p,
    const struct join_member *m)
{
	const bool whole = p->in->tree->unit[m->unit].end > m->unit + 1;

	if (m->attached)
		buf_addf(b, "the %ju attached to %s itself",
		    (uintmax_t)m->people, id_of(p, m->unit));
	else
		buf_addf(b, "%s%s (%ju)", id_of(p, m->unit), whole ?
		    " with all below it" : "", (uintmax_t)m->people);
}

static void
text_join(struct buf *b, const struct forecast_page *p, const struct join *one)
{
	uint32_t i;

	buf_adds(b, "  ");
	for (i = 0; i < one->n; i++) {
		if (i > 0)
			buf_adds(b, " + ");
		text_member(b, p, &p->joining->member[one->from + i]);
	}
	buf_addf(b, ": %ju people\n", (uintmax_t)one->people);
}

static void
text_end(struct buf *b, const struct forecast_page *p)
{
	const struct joining	*j = p->joining;
	uint32_t		 i;

	text_never(b, p);
	if (j->n == 0) {
		buf_adds(b, "\nNothing to join: no small unit stands beside "
		    "another one.\n");
		return;
	}
	buf_adds(b, "\nBefore the wave, join in the units file, where it makes "
	    "sense to the people:\n");
	for (i = 0; i < j->n && i < JOINS_SHOWN; i++)
		text_join(b, p, &j->join[i]);
	if (j->n > JOINS_SHOWN)
		buf_addf(b, "  and %u more: --format json has all\n",
		    j->n - JOINS_SHOWN);
	buf_addf(b, "With that, people who will see figures of their own unit: "
	    "%u %%\n", p->own_joined);
}

static void
csv_unit(struct buf *b, const struct forecast_page *p, uint32_t i)
{
	const struct forecast_unit *u = &p->f->unit[i];

	buf_addf(b, "%s,%s,", id_of(p, i),
	    id_of(p, p->in->tree->unit[i].parent));
	export_put_csv(b, name_of(p, i), true);
	buf_addf(b, ",%u,%ju,%ju,%s,%s,%u,%u\n", p->in->tree->unit[i].invited,
	    (uintmax_t)u->people, (uintmax_t)u->answers, fates[u->fate],
	    id_of(p, u->above), u->shown, p->in->draws);
}

static void
json_begin(struct buf *b, const struct forecast_page *p)
{
	buf_adds(b, "{ \"forecast\": 1, \"survey\": ");
	export_put_json(b, p->survey);
	buf_addf(b, ", \"rate\": %u, \"k\": %u, \"protect\": \"%s\", "
	    "\"draws\": %u, \"seed\": %ju,\n  \"units\": [", p->in->rate,
	    p->in->k, protects[p->in->protect], p->in->draws,
	    (uintmax_t)p->in->seed);
}

static void
json_unit(struct buf *b, const struct forecast_page *p, uint32_t i)
{
	const struct forecast_unit *u = &p->f->unit[i];

	buf_addf(b, "%s\n    { \"unit\": ", i > 0 ? "," : "");
	export_put_json(b, id_of(p, i));
	buf_adds(b, ", \"parent\": ");
	export_put_json(b, id_of(p, p->in->tree->unit[i].parent));
	buf_adds(b, ", \"name\": ");
	export_put_json(b, name_of(p, i));
	buf_addf(b, ", \"attached\": %u, \"people\": %ju, \"expected\": %ju, "
	    "\"status\": \"%s\", \"above\": ", p->in->tree->unit[i].invited,
	    (uintmax_t)u->people, (uintmax_t)u->answers, fates[u->fate]);
	export_put_json(b, id_of(p, u->above));
	buf_addf(b, ", \"shown\": %u }", u->shown);
}

static void
json_join(struct buf *b, const struct forecast_page *p, const struct join *one)
{
	const struct join_member	*m;
	uint32_t			 i;

	buf_addf(b, "\n    { \"people\": %ju, \"members\": [",
	    (uintmax_t)one->people);
	for (i = 0; i < one->n; i++) {
		m = &p->joining->member[one->from + i];
		buf_addf(b, "%s{ \"unit\": ", i > 0 ? ", " : "");
		export_put_json(b, id_of(p, m->unit));
		buf_addf(b, ", \"people\": %ju, \"attached\": %s }",
		    (uintmax_t)m->people, m->attached ? "true" : "false");
	}
	buf_adds(b, "] }");
}

static void
json_end(struct buf *b, const struct forecast_page *p)
{
	const struct joining	*j = p->joining;
	uint32_t		 i;

	buf_addf(b, " ],\n  \"own\": %u, \"enough\": %u, \"own_joined\": %u,"
	    "\n  \"joins\": [", p->f->own, j->enough, p->own_joined);
	for (i = 0; i < j->n; i++) {
		if (i > 0)
			buf_addc(b, ',');
		json_join(b, p, &j->join[i]);
	}
	buf_adds(b, " ] }\n");
}

void
forecast_show_begin(struct buf *b, const struct forecast_page *p)
{
	if (p->format == EXPORT_TEXT)
		text_begin(b, p);
	else if (p->format == EXPORT_JSON)
		json_begin(b, p);
	else
		buf_adds(b, "unit,parent,name,attached,people,expected,status,"
		    "above,shown,draws\n");
}

void
forecast_show_unit(struct buf *b, const struct forecast_page *p, uint32_t unit)
{
	if (p->format == EXPORT_TEXT)
		text_unit(b, p, unit);
	else if (p->format == EXPORT_JSON)
		json_unit(b, p, unit);
	else
		csv_unit(b, p, unit);
}

void
forecast_show_end(struct buf *b, const struct forecast_page *p)
{
	if (p->format == EXPORT_TEXT)
		text_end(b, p);
	else if (p->format == EXPORT_JSON)
		json_end(b, p);
}
