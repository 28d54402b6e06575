/*
 * ctl_templates.c - every page and letter, in every language, rendered once.
 *
 * With sample values: what counts is that each template is there and whole.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>

#include "core/letter.h"
#include "core/page.h"
#include "io/clock.h"
#include "io/template.h"
#include "prog/ctl.h"

#define PAGE_MAX	(256 * 1024)

/* The templates of a mail; a digest's need a publication: see the demo. */
static const char *const letters[] = {
	"invitation.subject", "invitation.text", "invitation.html",
	"reminder.subject", "reminder.text", "reminder.html"
};

static enum err_code
check_page(const struct conf *c, struct templates *t, enum page p, size_t lang,
    struct err *e)
{
	const struct page_input	 in = {
		.page = p, .site = &c->site, .lang = lang, .action = "c",
		.questions = &c->survey[0].questions, .langs = &c->site.langs,
		.min_group = c->min_group, .closes = clock_civil(clock_now()),
		.code = "", .code_shown = ""
	};
	struct view		*v = page_view(&in);
	struct buf		 b;
	enum err_code		 rc;

	buf_init(&b, PAGE_MAX);
	rc = templates_render(t, c->site.langs.code[lang], page_template(p), v,
	    ESCAPE_HTML, &b, e);
	buf_wipe(&b);
	view_free(v);
	return rc;
}

static enum err_code
check_letters(const struct conf *c, struct templates *t, size_t lang,
    struct err *e)
{
	const struct wave	 w = { .k = c->min_group,
				    .langs = c->site.langs,
				    .questions = c->survey[0].questions };
	const struct letter	 l = {
		.site = &c->site, .wave = &w,
		.closes = clock_civil(clock_now()), .person_name = "A",
		.link = c->site.base_url, .optout = c->site.base_url
	};
	struct view		*v = letter_view(&l, lang);
	struct buf		 b;
	enum err_code		 rc = ERR_OK;
	size_t			 i;

	buf_init(&b, PAGE_MAX);
	for (i = 0; i < sizeof(letters) / sizeof(letters[0]) && rc == ERR_OK;
	    i++) {
		buf_reset(&b);
		rc = templates_render(t, c->site.langs.code[lang], letters[i],
		    v, ESCAPE_HTML, &b, e);
	}
	buf_wipe(&b);
	view_free(v);
	return rc;
}

enum err_code
ctl_templates(const struct conf *c, struct err *e)
{
	struct templates	*t = templates_new(c->templates);
	enum err_code		 rc = ERR_OK;
	size_t			 lang;
	int			 p;

	for (lang = 0; lang < c->site.langs.n && rc == ERR_OK; lang++) {
		for (p = 0; p < PAGE__MAX && rc == ERR_OK; p++)
			rc = check_page(c, t, (enum page)p, lang, e);
		if (rc == ERR_OK)
			rc = check_letters(c, t, lang, e);
		if (rc == ERR_OK)
			printf("ok: templates in %s/%s\n", c->templates,
			    c->site.langs.code[lang]);
	}
	templates_free(t);
	return rc;
}
