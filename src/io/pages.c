/*
 * pages.c - from a decision to a page in somebody's language.
 *
 * Every word is the templates'.  What a page shows of a request is limited to
 * the choices that were posted with it: nothing that is stored is ever shown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/comment.h"
#include "io/clock.h"
#include "io/pages.h"
#include "io/template.h"

#define STYLE_MAX	(64 * 1024)	/* bytes */
#define ACTION_MAX	(2 + LINK_LEN)	/* bytes: "a/LINK" */

_Static_assert(OPTOUT_LEN <= LINK_LEN, "room for an action");

struct pages {
	const struct conf	*conf;
	const struct site	*site;		/* of pages without a wave */
	struct templates	*templates;
	char			 style[LANGS_MAX][45];	/* "": not yet made */
};

struct pages *
pages_new(const struct conf *conf)
{
	struct pages *p = mem_zero(1, sizeof(*p));

	p->conf = conf;
	p->site = conf_site(conf, "");
	p->templates = templates_new(conf->templates);
	return p;
}

void
pages_free(struct pages *p)
{
	if (p == NULL)
		return;
	templates_free(p->templates);
	free(p);
}

/* The hash of the style that pages carry inline, for their CSP header. */
static enum err_code
style_of(struct pages *p, size_t lang, const char **hash, struct err *e)
{
	struct view	*none;
	struct buf	 b;
	enum err_code	 rc = ERR_OK;

	if (p->style[lang][0] == '\0') {
		none = view_new();
		buf_init(&b, STYLE_MAX);
		rc = templates_render(p->templates, p->site->langs.code[lang],
		    "style", none, ESCAPE_HTML, &b, e);
		if (rc == ERR_OK)
			crypt_sha256_base64(p->style[lang], buf_str(&b), b.len);
		buf_wipe(&b);
		view_free(none);
	}
	*hash = p->style[lang];
	return rc;
}

/*
 * The page's language: what the button or else the address asks for, else the
 * holder's, else the first.
 */
static size_t
page_lang(const struct exchange *x, const struct seat *seat)
{
	const struct langs	*site = &x->pages->site->langs;
	const char		*code = x->form.lang[0] != '\0' ?
				    x->form.lang : x->r.lang;
	size_t			 lang;

	if (code[0] == '\0' && seat != NULL && seat->lang < x->wave.langs.n)
		code = x->wave.langs.code[seat->lang];
	lang = langs_find(site, code);
	return lang < site->n ? lang : 0;
}

static enum err_code
show(struct exchange *x, unsigned int status, struct page_input *in)
{
	struct pages	*p = x->pages;
	struct view	*view;
	enum err_code	 rc;

	if (in->site == NULL)
		in->site = p->site;
	x->out->status = status;
	if ((rc = style_of(p, in->lang, &x->out->style, x->e)) == ERR_OK) {
		view = page_view(in);
		rc = templates_render(p->templates,
		    p->site->langs.code[in->lang], page_template(in->page),
		    view, ESCAPE_HTML, &x->out->body, x->e);
		view_free(view);
	}
	if (rc != ERR_OK) {
		buf_wipe(&x->out->body);
		x->out->style = NULL;
		x->out->status = 503;
	}
	return rc;
}

enum err_code
pages_plain(struct exchange *x, unsigned int status, enum page page)
{
	struct page_input in = { .page = page, .lang = page_lang(x, NULL) };

	return show(x, status, &in);
}

enum err_code
pages_about(struct exchange *x, enum page page)
{
	struct page_input		 in = {
		.page = page,
		.lang = page_lang(x, NULL),
	};
	const struct conf_survey	*s = NULL;

	if (x->r.survey[0] != '\0') {
		s = conf_survey(x->pages->conf, x->r.survey);
		if (s == NULL)
			return pages_plain(x, 404, PAGE_GONE);
		in.site = &s->site;
	}
	return show(x, 200, &in);
}

/* Shows a page that holds a form, which posts to where its page is. */
static enum err_code
show_with_action(struct exchange *x, unsigned int status,
    struct page_input *in)
{
	char		link[LINK_LEN + 1], action[ACTION_MAX + 1] = "c";
	enum err_code	rc;

	if (x->r.route == ROUTE_FORM) {
		link_format(link, &x->r.link);
		snprintf(action, sizeof(action), "a/%s", link);
		crypt_wipe(link, sizeof(link));
	} else if (x->r.route == ROUTE_OPTOUT)
		snprintf(action, sizeof(action), "o/%s", x->r.token);
	in->action = action;
	rc = show(x, status, in);
	crypt_wipe(action, sizeof(action));
	return rc;
}

enum err_code
pages_change(struct exchange *x, bool unknown)
{
	struct page_input in = {
		.page = PAGE_CHANGE,
		.lang = page_lang(x, NULL),
		.error = unknown,
	};

	return show_with_action(x, unknown ? 422 : 200, &in);
}

enum err_code
pages_optout(struct exchange *x)
{
	struct page_input in = {
		.page = PAGE_OPTOUT,
		.lang = page_lang(x, NULL),
	};

	return show_with_action(x, 200, &in);
}

/* What the pages of a wave have in common. */
static struct page_input
wave_page(const struct exchange *x, enum page page, const struct seat *seat)
{
	return (struct page_input){
		.reader = x->wave.comments > 0 ? x->wave.reader : NULL,
		.page = page,
		.site = conf_site(x->pages->conf, x->wave.survey),
		.lang = page_lang(x, seat),
		.questions = &x->wave.questions,
		.langs = &x->wave.langs,
		.min_group = x->wave.k,
		.closes = clock_civil(x->wave.closes),
	};
}

/* Shows a page of the form with its codes; from may be NULL. */
static enum err_code
show_with_codes(struct exchange *x, unsigned int status,
    struct page_input *in, const struct link *code, const struct link *from)
{
	char		code_text[LINK_LEN + 1], from_text[LINK_LEN + 1] = "";
	enum err_code	rc;

	link_format(code_text, code);
	in->code = code_text;
	if (from != NULL) {
		link_format(from_text, from);
		in->from = from_text;
	}
	rc = show_with_action(x, status, in);
	crypt_wipe(code_text, sizeof(code_text));
	crypt_wipe(from_text, sizeof(from_text));
	return rc;
}

enum err_code
pages_form(struct exchange *x, unsigned int status, const struct seat *seat,
    const struct link *code, const struct link *from, bool kept)
{
	struct page_input in = wave_page(x, PAGE_FORM, seat);

	if (kept) {
		in.answer = x->form.chosen;
		in.picked = x->form.picked;
		in.unpicked = x->form.unpicked;
		in.comment = x->form.comment;
	}
	in.comment_long = in.comment != NULL && !comment_fits(in.comment);
	in.error = status == 422 &&
	    !form_answered(&x->form, &x->wave.questions);
	return show_with_codes(x, status, &in, code, from);
}

enum err_code
pages_fresh_form(struct exchange *x, unsigned int status,
    const struct seat *seat, unsigned int box, const struct link *from)
{
	struct link	code = { .tag = x->wave.tag, .box = box };
	enum err_code	rc;

	crypt_random(code.secret, sizeof(code.secret));
	rc = pages_form(x, status, seat, &code, from, !x->r.post);
	crypt_wipe(&code, sizeof(code));
	return rc;
}

enum err_code
pages_answered(struct exchange *x, const struct seat *seat)
{
	struct page_input in = wave_page(x, PAGE_ANSWERED, seat);

	return show(x, 409, &in);
}

enum err_code
pages_thanks(struct exchange *x, const struct seat *seat)
{
	struct page_input	in = wave_page(x, PAGE_THANKS, seat);
	char			code[CODE_SHOWN];
	enum err_code		rc;

	code_show(code, &x->form.code);
	in.code_shown = code;
	rc = show(x, 200, &in);
	crypt_wipe(code, sizeof(code));
	return rc;
}

/* True if the button of the busy page can post the same form again. */
static bool
can_repeat(const struct exchange *x)
{
	return x->form.own_code && x->form.step != STEP_ASK &&
	    x->wave.questions.n > 0;
}

enum err_code
pages_busy(struct exchange *x, enum err_code rc)
{
	struct page_input	in = wave_page(x, PAGE_BUSY, NULL);
	struct err		kept = *x->e;
	enum err_code		shown;

	in.reading = !x->r.post || x->form.step == STEP_ASK;
	in.answer = x->form.chosen;
	in.picked = x->form.picked;
	in.comment = x->form.comment;
	shown = can_repeat(x) ? show_with_codes(x, 503, &in, &x->form.code,
	    x->form.has_from ? &x->form.from : NULL) : show(x, 503, &in);
	if (shown == ERR_OK)
		*x->e = kept;
	return rc;
}
