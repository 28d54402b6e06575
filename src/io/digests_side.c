/*
 * digests_side.c - one survey's published wave, ready to be shown.
 *
 * Holds the publication, the one before it, and of all before what the scores
 * over time need.  Renders nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/pubfind.h"
#include "io/clock.h"
#include "io/digests_parts.h"
#include "io/history.h"
#include "io/published.h"
#include "io/state.h"

#define TELL_DAYS	14

/* Finds every unit in the wave before. */
static void
map_units(struct side *s)
{
	uint32_t *last = pubfind_sort(&s->last), i;

	s->was = mem_zero(s->pub.n, sizeof(*s->was));
	for (i = 0; i < s->pub.n; i++)
		s->was[i] = pubfind(&s->last, last, s->pub.unit[i].id);
	free(last);
}

/* The wave before is kept whole; of all, what the trend needs. */
static enum err_code
look_back(void *arg, struct publication *p, struct err *e)
{
	struct side *s = arg;

	(void)e;
	trend_add(&s->trend, p);
	if (!s->has_last) {
		s->last = *p;
		s->has_last = true;
		memset(p, 0, sizeof(*p));
		map_units(s);
	}
	return ERR_OK;
}

enum err_code
side_open(struct side *s, const struct conf *conf, const char *wave,
    struct err *e)
{
	const char	*dir = conf->state_dir;
	char		*path = state_path(dir, STATE_PUBLISHED, wave);
	enum err_code	 rc = published_read(path, &s->pub, e);

	free(path);
	if (rc != ERR_OK)
		return rc;
	s->has_pub = true;
	s->by_id = pubfind_sort(&s->pub);
	s->survey = conf_survey(conf, s->pub.survey);
	s->site = conf_site(conf, s->pub.survey);
	trend_init(&s->trend, &s->pub);
	return history_back(dir, s->pub.survey, s->pub.opened, TREND_MAX - 1,
	    look_back, s, e);
}

void
side_wipe(struct side *s)
{
	trend_wipe(&s->trend);
	if (s->has_pub)
		publication_wipe(&s->pub);
	if (s->has_last)
		publication_wipe(&s->last);
	free(s->by_id);
	free(s->was);
	memset(s, 0, sizeof(*s));
}

struct digest
side_digest(const struct side *s, uint32_t unit, const struct reader *r,
    int64_t begun)
{
	struct digest g = {
		.site = s->site, .pub = &s->pub, .unit = unit,
		.trend = &s->trend,
		.prompts = s->survey != NULL ? &s->survey->prompts : NULL,
		.reader_name = r->name, .opened = clock_civil(s->pub.opened),
		.tell_by = clock_civil(begun + TELL_DAYS * 86400),
		.member = r->optout != NULL, .optout = r->optout
	};
	size_t i;

	for (i = 0; i < s->trend.n; i++)
		g.trend_opened[i] = clock_civil(s->trend.wave[i].opened);
	if (s->has_last) {
		g.last = &s->last;
		g.was = s->was;
		g.last_opened = clock_civil(s->last.opened);
		g.last_closed = clock_civil(s->last.closed);
	}
	return g;
}
