/*
 * reporting.c - reads what was published and makes one page of it.
 *
 * Opens no roster, no key and no wave that is not published.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/pubfind.h"
#include "core/wave.h"
#include "io/clock.h"
#include "io/history.h"
#include "io/published.h"
#include "io/reporting.h"
#include "io/state.h"

#define REFUSAL_MAX	1000

struct source {
	struct publication	 pub, last;
	bool			 has_last;
	struct trend		 trend;
};

enum err_code
reporting_render(struct templates *t, const struct report *r, size_t lang,
    struct buf *out, struct err *e)
{
	struct view	*v = report_view(r, lang);
	enum err_code	 rc;

	rc = templates_render(t, r->digest.site->langs.code[lang], "report", v,
	    ESCAPE_HTML, out, e);
	view_free(v);
	return rc;
}

/* A line of text from a template of several, its white space single. */
static void
one_line(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++)
		if (strchr(" \t\r\n", *s) == NULL)
			*to++ = *s;
		else if (to[-1] != ' ')
			*to++ = ' ';
	*to = '\0';
}

/* SCORING 6: the same words for every reason. */
static enum err_code
refuse(struct templates *t, const struct report *r, size_t lang, struct err *e)
{
	const struct digest	*d = &r->digest;
	const bool		 above = digest_source(d->pub, d->unit) !=
				    UNIT_NONE;
	struct view		*v = digest_page_view(d, lang);
	struct buf		 words;
	enum err_code		 rc;

	buf_init(&words, REFUSAL_MAX);
	buf_addf(&words, "%s: ", d->pub->unit[d->unit].id);
	rc = templates_render(t, d->site->langs.code[lang], above ? "whose" :
	    "nothing", v, ESCAPE_NONE, &words, e);
	if (rc == ERR_OK) {
		one_line(words.p);
		rc = err_set(e, ERR_REFUSED, "%s", words.p);
	}
	buf_wipe(&words);
	view_free(v);
	return rc;
}

static enum err_code
look_back(void *arg, struct publication *p, struct err *e)
{
	struct source *s = arg;

	(void)e;
	trend_add(&s->trend, p);
	if (!s->has_last) {
		s->last = *p;
		s->has_last = true;
		memset(p, 0, sizeof(*p));
	}
	return ERR_OK;
}

static enum err_code
read_source(const struct conf *c, const char *wave, struct source *s,
    struct err *e)
{
	char		*path;
	enum err_code	 rc;

	memset(s, 0, sizeof(*s));
	if (!wave_name_valid(wave))
		return err_set(e, ERR_ABSENT, "%s: no such wave", wave);
	path = state_path(c->state_dir, STATE_PUBLISHED, wave);
	rc = published_read(path, &s->pub, e);
	free(path);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? err_set(e, rc, "wave %s is not "
		    "published", wave) : rc;
	trend_init(&s->trend, &s->pub);
	return history_back(c->state_dir, s->pub.survey, s->pub.opened,
	    TREND_MAX - 1, look_back, s, e);
}

static void
wipe_source(struct source *s)
{
	trend_wipe(&s->trend);
	publication_wipe(&s->pub);
	publication_wipe(&s->last);
}

static struct report
fill(const struct conf *c, const struct source *s, uint32_t unit, int64_t now)
{
	struct report r = {
		.digest = {
			.site = conf_site(c, s->pub.survey), .pub = &s->pub,
			.unit = unit, .trend = &s->trend,
			.opened = clock_civil(s->pub.opened)
		},
		.closed = clock_civil(s->pub.closed), .made = clock_civil(now)
	};
	size_t i;

	if (s->has_last) {
		r.digest.last = &s->last;
		r.digest.last_opened = clock_civil(s->last.opened);
		r.digest.last_closed = clock_civil(s->last.closed);
	}
	for (i = 0; i < s->trend.n; i++)
		r.digest.trend_opened[i] =
		    clock_civil(s->trend.wave[i].opened);
	return r;
}

static enum err_code
write_page(const struct conf *c, const struct source *s, const char *unit,
    size_t lang, int64_t now, struct buf *out, struct err *e)
{
	uint32_t		*by_id = pubfind_sort(&s->pub);
	const uint32_t		 u = pubfind(&s->pub, by_id, unit);
	struct templates	*t;
	struct report		 r;
	enum err_code		 rc;

	free(by_id);
	if (u == UNIT_NONE)
		return err_set(e, ERR_ABSENT, "wave %s has no unit %s",
		    s->pub.wave, unit);
	t = templates_new(c->templates);
	r = fill(c, s, u, now);
	rc = digest_source(&s->pub, u) == u ?
	    reporting_render(t, &r, lang, out, e) : refuse(t, &r, lang, e);
	templates_free(t);
	return rc;
}

enum err_code
reporting_make(const struct conf *c, const char *wave, const char *unit,
    const char *lang, int64_t now, struct buf *out, struct err *e)
{
	const size_t	at = langs_find(&c->site.langs, lang);
	struct source	s;
	enum err_code	rc;

	if (at == c->site.langs.n)
		return err_set(e, ERR_INPUT, "--lang %s: expected one of "
		    "`languages`", lang);
	if ((rc = read_source(c, wave, &s, e)) == ERR_OK)
		rc = write_page(c, &s, unit, at, now, out, e);
	wipe_source(&s);
	return rc;
}
