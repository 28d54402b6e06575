/*
 * digest.c - which figures a digest shows, and what it makes of them.
 *
 * Decides whose figures are read, what stands out, and which lists a digest
 * has; how one sense is shown is in digestfigure.c.  Reads a publication and
 * nothing else about answers, so a hidden unit cannot get in here.
 * CONTENT 10, SCORING 6.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/digest.h"
#include "core/digestfigure.h"
#include "core/digesttrend.h"
#include "core/shown.h"
#include "core/words.h"

/* Units listed below a unit: what keeps the HTML under 12 KiB (M15). */
#define BELOW_MAX	12

static bool
is_published(const struct publication *p, uint32_t unit)
{
	return p->unit[unit].status == UNIT_PUBLISHED;
}

uint32_t
digest_source(const struct publication *p, uint32_t unit)
{
	return is_published(p, unit) ? unit : p->unit[unit].shown_instead;
}

enum sense
digest_highest(const struct publication *p, uint32_t unit)
{
	const struct figure	*f = p->unit[unit].sense;
	int			 s, best = 0;

	for (s = 1; s < SENSE__MAX; s++)
		if (shown_compare(&f[s], &f[best]) > 0)
			best = s;
	return (enum sense)best;
}

static enum sense
lowest(const struct publication *p, uint32_t unit)
{
	const struct figure	*f = p->unit[unit].sense;
	int			 s, worst = 0;

	for (s = 1; s < SENSE__MAX; s++)
		if (shown_compare(&f[s], &f[worst]) < 0)
			worst = s;
	return (enum sense)worst;
}

static bool
below_organisation(const struct publication *p, uint32_t unit, enum sense s)
{
	const struct figure *f = &p->unit[unit].sense[s];

	if (unit == 0 || !is_published(p, 0))
		return false;
	if (f->masked)
		return f->vs_org == ORG_CLEAR_BELOW ||
		    f->vs_org == ORG_POSSIBLE_BELOW;
	return f->hi < shown_score_tenths(&p->unit[0].sense[s]);
}

enum sense
digest_talk_about(const struct publication *p, uint32_t unit)
{
	enum sense		 s = lowest(p, unit);
	const struct figure	*f = &p->unit[unit].sense[s];

	if (f->change == CHANGE_CLEAR_FALL ||
	    f->change == CHANGE_POSSIBLE_FALL ||
	    below_organisation(p, unit, s))
		return s;
	return SENSE__MAX;
}

/* The same unit in the wave before, or NULL. */
static const struct pub_unit *
find_last(const struct digest *d, uint32_t unit)
{
	const char	*id = d->pub->unit[unit].id;
	uint32_t	 i;

	if (d->last == NULL)
		return NULL;
	if (d->was != NULL)
		return d->was[unit] == UNIT_NONE ? NULL :
		    &d->last->unit[d->was[unit]];
	for (i = 0; i < d->last->n; i++)
		if (strcmp(d->last->unit[i].id, id) == 0)
			return &d->last->unit[i];
	return NULL;
}

/* Item 3: the count only where it is the whole unit's. */
static void
add_answered(struct view *v, const struct digest *d, uint32_t source)
{
	const struct pub_unit	*u = &d->pub->unit[source];
	const struct pub_unit	*last = find_last(d, source);

	view_flag(v, "count", !u->partial);
	if (!u->partial) {
		view_textf(v, "responses", "%ju", (uintmax_t)u->responses);
		view_textf(v, "invited", "%ju", (uintmax_t)u->invited);
	}
	view_textf(v, "rate", "%d", u->rate);
	view_flag(v, "low_rate", u->low_rate);
	view_flag(v, "partial", u->partial);
	if (last != NULL && last->status == UNIT_PUBLISHED)
		view_textf(v, "last_rate", "%d", last->rate);
}

/* Item 4. */
static void
add_senses(struct view *v, const struct pub_unit *u)
{
	struct view	*list = view_list(v, "senses");
	int		 s;

	for (s = 0; s < SENSE__MAX; s++)
		figure_view(view_item(list), (enum sense)s, &u->sense[s]);
}

/* Items 5 and 6. */
static void
add_talk(struct view *v, const struct digest *d, uint32_t source, size_t lang)
{
	enum sense	 s = digest_talk_about(d->pub, source);
	char *const	*prompt;
	struct view	*m;
	size_t		 i;

	words_sense(view_map(v, "highest"), digest_highest(d->pub, source));
	view_flag(v, "no_talk", s == SENSE__MAX);
	if (s == SENSE__MAX)
		return;
	words_sense(view_map(v, "talk"), s);
	if (d->prompts == NULL)
		return;
	prompt = d->member ? d->prompts->member[s][lang] :
	    d->prompts->leader[s][lang];
	view_flag(v, "has_prompts", prompt[0] != NULL);
	m = view_list(v, "prompts");
	for (i = 0; i < PROMPTS_MAX && prompt[i] != NULL; i++)
		view_item_text(m, prompt[i]);
}

static void
add_below_unit(struct view *v, const struct publication *p, uint32_t unit)
{
	const struct pub_unit	*u = &p->unit[unit];

	view_text(v, "name", u->name);
	view_flag(v, "open", u->status == UNIT_PUBLISHED);
	if (u->status == UNIT_PUBLISHED) {
		view_textf(v, "rate", "%d", u->rate);
		figure_scores(v, u->sense);
	} else if (u->shown_instead != UNIT_NONE)
		view_text(v, "counted_in", p->unit[u->shown_instead].name);
}

/* Item 9: the units right under the reader's own, in tree order. */
static void
add_below(struct view *v, const struct digest *d)
{
	const struct publication	*p = d->pub;
	uint32_t			 end = p->unit[d->unit].end, i, n = 0;
	struct view			*list = view_list(v, "below");

	for (i = d->unit + 1; i < end; i = p->unit[i].end) {
		if (n++ < BELOW_MAX)
			add_below_unit(view_item(list), p, i);
	}
	view_flag(v, "has_below", n > 0);
	if (n <= BELOW_MAX)
		return;
	view_textf(v, "below_listed", "%d", BELOW_MAX);
	view_textf(v, "below_all", "%ju", (uintmax_t)n);
}

/* Items 3 to 6 and 9, of a unit that has figures to show. */
static void
add_figures(struct view *v, const struct digest *d, uint32_t source,
    size_t lang)
{
	view_text(v, "source_name", d->pub->unit[source].name);
	add_answered(v, d, source);
	add_senses(v, &d->pub->unit[source]);
	add_talk(v, d, source, lang);
	add_below(v, d);
	digesttrend_view(v, d, source);
}

/* All that one survey says; every flag is set, on or off. */
static void
add_side(struct view *v, const struct digest *d, size_t lang, bool lead)
{
	uint32_t source = digest_source(d->pub, d->unit);

	view_flag(v, "lead", lead);
	view_flag(v, "served", d->site->served);
	words_date(v, "wave", &d->opened);
	view_text(v, "unit_name", d->pub->unit[d->unit].name);
	view_flag(v, "own", source == d->unit);
	view_flag(v, "hidden", source != d->unit && source != UNIT_NONE);
	view_flag(v, "nothing", source == UNIT_NONE);
	view_flag(v, "shown", source != UNIT_NONE);
	if (source != UNIT_NONE)
		add_figures(v, d, source, lang);
}

static bool
has_figures(const struct digest *d)
{
	return d != NULL && digest_source(d->pub, d->unit) != UNIT_NONE;
}

static bool
has_masked(const struct digest *d)
{
	const struct figure	*f;
	int			 s;

	if (!has_figures(d))
		return false;
	f = d->pub->unit[digest_source(d->pub, d->unit)].sense;
	for (s = 0; s < SENSE__MAX; s++)
		if (f[s].masked)
			return true;
	return false;
}

/* Item 10: what is true of all sides. */
static void
add_reading(struct view *v, const struct digest *d)
{
	unsigned int k = d->pub->k;

	if (d->other != NULL && d->other->pub->k < k)
		k = d->other->pub->k;
	view_textf(v, "min_group", "%u", k);
	view_text(v, "scale_low", "0");
	view_text(v, "scale_high", "10");
	view_flag(v, "some_masked", has_masked(d) || has_masked(d->other));
}

/* Item 8. */
static void
add_dates(struct view *v, const struct digest *d)
{
	bool shown = has_figures(d) || has_figures(d->other);

	view_flag(v, "some_shown", shown);
	if (!shown)
		return;
	words_date(v, "tell_by", &d->tell_by);
	if (find_last(d, d->unit) != NULL)
		words_date(v, "last_digest", d->last_closed.month != 0 ?
		    &d->last_closed : &d->last_opened);
}

/* What is said once, whatever the sides. */
static struct view *
new_view(const struct digest *d, size_t lang)
{
	struct view *v = view_new();

	words_site(v, d->site, d->site->langs.code[lang]);
	words_text(v, "reader_name", d->reader_name);
	words_text(v, "optout_link", d->optout);
	add_reading(v, d);
	view_flag(v, "member", d->member);
	view_flag(v, "leader", !d->member);
	view_flag(v, "two", d->other != NULL);
	add_dates(v, d);
	return v;
}

struct view *
digest_page_view(const struct digest *d, size_t lang)
{
	struct view *v = new_view(d, lang);

	add_side(v, d, lang, true);
	return v;
}

struct view *
digest_view(const struct digest *d, size_t lang)
{
	struct view *v = new_view(d, lang), *sides = view_list(v, "sides");

	add_side(view_item(sides), d, lang, true);
	if (d->other != NULL)
		add_side(view_item(sides), d->other, lang, false);
	return v;
}
