/*
 * preview_view.c - the values behind a mail that is previewed.
 *
 * Those of the real mail, filled from the sample.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>

#include "core/commentmail.h"
#include "core/headsup.h"
#include "core/letter.h"
#include "io/clock.h"
#include "io/preview_parts.h"

#define DAY		((int64_t)86400)
#define TELL_DAYS	14

static struct view *
letter(const struct preview *p, const struct preview_kind *k, size_t lang)
{
	struct letter l = {
		.site = &p->site, .wave = &p->wave,
		.closes = clock_civil(p->wave.closes),
		.person_name = SAMPLE_PERSON, .link = p->link,
		.optout = p->optout
	};

	(void)k;
	return letter_view(&l, lang);
}

struct digest
preview_figures(const struct preview *p, const struct preview_kind *k)
{
	const struct sample	*s = &p->sample;
	struct digest		 d = {
		.site = &p->site, .pub = k->none ? &s->none : &s->now,
		.unit = s->unit[k->unit], .prompts = &p->survey->prompts,
		.opened = clock_civil(s->now.opened),
		.tell_by = clock_civil(p->now + TELL_DAYS * DAY),
		.member = k->member, .optout = k->member ? p->optout : NULL,
		.last = &s->before[0], .trend = &p->trend,
		.last_opened = clock_civil(s->before[0].opened),
		.last_closed = clock_civil(s->before[0].closed)
	};
	size_t i;

	for (i = 0; i < p->trend.n; i++)
		d.trend_opened[i] = clock_civil(p->trend.wave[i].opened);
	return d;
}

static struct view *
digest(const struct preview *p, const struct preview_kind *k, size_t lang)
{
	struct digest d = preview_figures(p, k);

	d.reader_name = SAMPLE_PERSON;
	return digest_view(&d, lang);
}

static struct view *
headsup(const struct preview *p, const struct preview_kind *k, size_t lang)
{
	struct headsup h = {
		.site = &p->site, .name = SAMPLE_PERSON,
		.opens = clock_civil(p->wave.opened),
		.closes = clock_civil(p->wave.closes),
		.digest = clock_civil(p->wave.closes + DAY)
	};

	(void)k;
	return headsup_view(&h, p->site.langs.code[lang]);
}

static struct view *
comments(const struct preview *p, const struct preview_kind *k, size_t lang)
{
	struct comments		c = p->sample.comments;
	struct comment_mail	m = {
		.site = &p->site, .pub = &p->sample.now,
		.comments = &c, .n = c.n,
		.part = 1, .parts = 1, .reader_name = SAMPLE_PERSON,
		.opened = clock_civil(p->sample.now.opened)
	};

	(void)k;
	snprintf(c.reader, sizeof(c.reader), "%s", p->site.reader.name);
	return comment_mail_view(&m, lang);
}

struct view *
preview_view(const struct preview *p, const struct preview_kind *k,
    size_t lang)
{
	static struct view *(*const of[])(const struct preview *,
	    const struct preview_kind *, size_t) = {
		[LETTER] = letter, [DIGEST] = digest, [HEADS_UP] = headsup,
		[COMMENTS] = comments
	};

	return of[k->what](p, k, lang);
}
