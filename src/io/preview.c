/*
 * preview.c - a mail or page as it would look, filled with sample data.
 *
 * Goes through the same views, templates and message builder as the real
 * ones, so that a preview cannot differ but in its figures and names.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/token.h"
#include "io/clock.h"
#include "io/compose.h"
#include "io/preview_parts.h"
#include "io/reporting.h"

#define PICKED		4	/* "Agree", by its link */
#define WORDS_MAX	1000

static void
set_wave(struct preview *p)
{
	const struct conf_survey	*s = p->survey;
	struct wave			*w = &p->wave;

	wave_init(w);
	memcpy(w->survey, s->name, sizeof(w->survey));
	w->state = WAVE_OPEN;
	w->opened = p->now;
	w->closes = p->now + (int64_t)s->open_days * 86400;
	w->k = p->conf->min_group;
	w->protect = p->conf->protect;
	w->langs = s->site.langs;
	w->questions = s->questions;
}

enum err_code
preview_new(const struct conf *conf, const struct conf_survey *s, int64_t now,
    struct preview **out, struct err *e)
{
	struct preview		*p = mem_zero(1, sizeof(*p));
	struct sample_input	 in = {
		.organisation = conf->site.organisation, .survey = s->name,
		.questions = &s->questions, .k = conf->min_group,
		.protect = conf->protect, .opened = now,
		.open_days = (int)s->open_days
	};
	enum err_code		 rc;
	int			 i;

	p->conf = conf;
	p->survey = s;
	p->site = s->site;
	p->now = now;
	set_wave(p);
	p->templates = templates_new(conf->templates);
	compose_init(&p->compose);
	buf_init(&p->page, SIZE_MAX);
	if ((rc = sample_make(&p->sample, &in, e)) != ERR_OK) {
		preview_free(&p);
		return rc;
	}
	trend_init(&p->trend, &p->sample.now);
	for (i = 0; i < SAMPLE_BEFORE; i++)
		trend_add(&p->trend, &p->sample.before[i]);
	*out = p;
	return ERR_OK;
}

void
preview_free(struct preview **pp)
{
	struct preview *p = *pp;

	if (p == NULL)
		return;
	trend_wipe(&p->trend);
	sample_wipe(&p->sample);
	templates_free(p->templates);
	compose_wipe(&p->compose);
	buf_wipe(&p->page);
	free(p->link);
	free(p->optout);
	free(p);
	*pp = NULL;
}

struct shown {
	const struct preview		*p;
	const struct preview_kind	*k;
};

static struct view *
view(const void *arg, size_t lang)
{
	const struct shown *shown = arg;

	return preview_view(shown->p, shown->k, lang);
}

static enum err_code
render(struct preview *p, const struct preview_kind *k, const char *lang,
    struct err *e)
{
	const struct shown		 shown = { p, k };
	const struct langs		*langs = &p->site.langs;
	const struct compose_words	 words = { k->template, langs, view,
					    &shown };

	return compose_render(&p->compose, p->templates, &words,
	    langs_find(langs, lang), e);
}

static void
set_links(struct preview *p, char *link, char *optout)
{
	free(p->link);
	free(p->optout);
	p->link = link;
	p->optout = optout;
}

static enum err_code
begin_mail(struct preview *p, const struct preview_kind *k, const char *lang,
    const char *what, struct err *e)
{
	const unsigned char key[CRYPT_KEY] = { 0 };

	compose_begin(&p->compose, &p->site, key, what);
	return render(p, k, lang, e);
}

static enum err_code
end_mail(struct preview *p, const struct preview_kind *k, const char *name,
    const char *address, struct smtp_mail *mail, struct err *e)
{
	struct envelope env = {
		.to_name = name, .to_address = address,
		.survey = p->survey->name, .bounce = "test", .now = p->now,
		.unsubscribe = k->what == LETTER || k->member ?
		    p->optout : NULL
	};

	return compose_end(&p->compose, &p->site, &env, mail, e);
}

static enum err_code
show_mail(struct preview *p, const struct preview_kind *k, const char *lang,
    struct preview_shown *out, struct err *e)
{
	struct smtp_mail	mail;
	enum err_code		rc;

	rc = begin_mail(p, k, lang, k->name, e);
	if (rc == ERR_OK)
		rc = end_mail(p, k, SAMPLE_PERSON, SAMPLE_ADDRESS, &mail, e);
	if (rc != ERR_OK)
		return rc;
	*out = (struct preview_shown){
		.html = buf_str(&p->compose.html),
		.text = buf_str(&p->compose.text),
		.mail = mail.data, .mail_len = mail.len
	};
	return ERR_OK;
}

static struct view *
page(const struct preview *p, const struct preview_kind *k, size_t lang,
    const char *action)
{
	const unsigned char		answer[ITEMS_MAX] = {
					    k->scale ? PICKED : 0 };
	struct link			code;
	char				shown[CODE_SHOWN];
	struct page_input		in = {
		.page = k->page, .site = &p->site, .lang = lang,
		.action = action, .questions = &p->wave.questions,
		.langs = &p->wave.langs, .min_group = p->wave.k,
		.closes = clock_civil(p->wave.closes), .code = sample_link,
		.from = k->from ? sample_link : NULL, .code_shown = shown,
		.answer = answer,
		.error = k->error, .picked = answer[0],
		.unpicked = k->scale && k->error
	};

	if (!link_parse(sample_link, strlen(sample_link), &code))
		shown[0] = '\0';
	else
		code_show(shown, &code);
	return page_view(&in);
}

static enum err_code
show_page(struct preview *p, const struct preview_kind *k, const char *lang,
    struct preview_shown *out, struct err *e)
{
	const size_t	 at = langs_find(&p->site.langs, lang);
	char		*action = NULL;
	struct view	*v;
	enum err_code	 rc;

	if (k->action != NULL)
		action = k->action[0] == '\0' ? mem_str("c") :
		    mem_fmt("%s%s", k->action, k->action[0] == 'o' ?
		    sample_optout : sample_link);
	v = page(p, k, at, action);
	buf_reset(&p->page);
	rc = templates_render(p->templates, lang, page_template(k->page), v,
	    ESCAPE_HTML, &p->page, e);
	view_free(v);
	free(action);
	*out = (struct preview_shown){ .html = buf_str(&p->page) };
	return rc;
}

static enum err_code
show_report(struct preview *p, const struct preview_kind *k, const char *lang,
    struct preview_shown *out, struct err *e)
{
	const struct report	r = {
		.digest = preview_figures(p, k),
		.closed = clock_civil(p->sample.now.closed),
		.made = clock_civil(p->now)
	};
	enum err_code		rc;

	buf_reset(&p->page);
	rc = reporting_render(p->templates, &r, langs_find(&p->site.langs,
	    lang), &p->page, e);
	*out = (struct preview_shown){ .html = buf_str(&p->page) };
	return rc;
}

enum err_code
preview_show(struct preview *p, const struct preview_kind *k, const char *lang,
    struct preview_shown *out, struct err *e)
{
	const char *base = p->site.base_url;

	set_links(p, mem_fmt("%sa/%s", base, sample_link),
	    mem_fmt("%so/%s", base, sample_optout));
	if (k->what == PAGE)
		return show_page(p, k, lang, out, e);
	return k->what == REPORT ? show_report(p, k, lang, out, e) :
	    show_mail(p, k, lang, out, e);
}

/* "Prawf / Test: " before the subject, each word from its own language. */
static enum err_code
mark_subject(struct preview *p, const char *lang, struct err *e)
{
	const struct langs	*l = &p->site.langs;
	struct view		*none = view_new();
	struct buf		 words;
	enum err_code		 rc = ERR_OK;
	size_t			 i, from = langs_find(l, lang);
	const size_t		 end = from < l->n ? from + 1 : l->n;

	buf_init(&words, WORDS_MAX);
	for (i = from < l->n ? from : 0; i < end && rc == ERR_OK; i++) {
		if (words.len > 0)
			buf_adds(&words, " / ");
		rc = templates_render(p->templates, l->code[i], "test_word",
		    none, ESCAPE_NONE, &words, e);
	}
	buf_addf(&words, ": %s", buf_str(&p->compose.subject));
	buf_reset(&p->compose.subject);
	buf_adds(&p->compose.subject, buf_str(&words));
	buf_wipe(&words);
	view_free(none);
	return rc;
}

enum err_code
preview_test(struct preview *p, const struct preview_kind *k, const char *lang,
    const char *address, struct smtp_mail *mail, struct err *e)
{
	const struct site	*site = &p->survey->site;
	char			*what = mem_fmt("test %lld", (long long)p->now);
	char			*help = mem_fmt("%shelp%s%s", site->base_url,
				    site->survey[0] != '\0' ? "/" : "",
				    site->survey);
	enum err_code		 rc;

	p->site.scale_links = false;	/* a link of its own for each answer */
	set_links(p, help, mem_str(help));
	rc = begin_mail(p, k, lang, what, e);
	free(what);
	if (rc == ERR_OK)
		rc = mark_subject(p, lang, e);
	return rc == ERR_OK ? end_mail(p, k, "", address, mail, e) : rc;
}
