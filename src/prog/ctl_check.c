/*
 * ctl_check.c - sensectl check: is everything as it should be?
 *
 * The configuration was read before this is called; here come the templates
 * (every page, every mail, every language), the roster and what a person still
 * has to supply.  Sends nothing and writes nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/letter.h"
#include "core/page.h"
#include "io/clock.h"
#include "io/roster.h"
#include "io/template.h"
#include "prog/ctl.h"

#define PAGE_MAX	(256 * 1024)
#define SUPPORT_DAYS	180
#define DAY		86400

/* The templates of a mail; a digest's need a publication: see the demo. */
static const char *const letters[] = {
	"invitation.subject", "invitation.text", "invitation.html",
	"reminder.subject", "reminder.text", "reminder.html"
};

static void
warn(unsigned int *n, const char *what, const char *todo)
{
	printf("warning: %s: %s\n", what, todo);
	++*n;
}

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

static enum err_code
check_templates(const struct conf *c, struct err *e)
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

static enum err_code
count_person(void *arg, const struct person *p, struct err *e)
{
	(void)p, (void)e;
	++*(uint32_t *)arg;
	return ERR_OK;
}

static enum err_code
check_survey(const struct conf *c, const struct conf_survey *s,
    unsigned int *warnings, struct err *e)
{
	struct roster	*r = NULL;
	struct tree	 t;
	uint32_t	 people = 0;
	enum err_code	 rc;

	tree_init(&t);
	rc = roster_open(c->state_dir, &r, e);
	if (rc == ERR_OK)
		rc = roster_tree(r, s->name, &t, e);
	if (rc == ERR_OK)
		rc = roster_each(r, s->name, count_person, &people, e);
	if (rc == ERR_OK)
		printf("ok: survey %s: %" PRIu32 " people in %" PRIu32
		    " units, %zu questions\n", s->name, people, t.n,
		    s->questions.n);
	else if (rc == ERR_ABSENT) {
		warn(warnings, s->name, "no roster yet; run sensectl import");
		rc = ERR_OK;
	}
	roster_close(&r);
	tree_wipe(&t);
	return rc;
}

static void
check_support(const struct conf *c, unsigned int *n)
{
	int64_t	checked, now = clock_now();
	size_t	i;

	if (c->site.n_support == 0)
		warn(n, "support", "no contact for a person in distress is "
		    "configured; every page and mail should name one");
	for (i = 0; i < c->site.n_support; i++)
		if (!clock_parse(c->site.support[i].checked, &checked) ||
		    now - checked > SUPPORT_DAYS * DAY)
			warn(n, c->site.support[i].name, "not checked in the "
			    "last 180 days; call it, then set `checked'");
}

static void
check_texts(const struct conf *c, unsigned int *n)
{
	static const char todo[] = "missing; the privacy page needs it";

	if (c->site.lawful_basis[0] == '\0')
		warn(n, "privacy.lawful_basis", todo);
	if (c->site.contact[0] == '\0')
		warn(n, "privacy.contact", todo);
	if (c->site.server_control[0] == '\0')
		warn(n, "privacy.server_control", todo);
	if (c->mail.scale_links)
		warn(n, "mail.answer_links", "\"scale\" shows a mail "
		    "gateway's click log which answer was pressed first");
}

enum err_code
ctl_check(const struct ctl *c, struct err *e)
{
	unsigned int	warnings = 0;
	enum err_code	rc;
	size_t		i;

	printf("ok: configuration %s\n", c->conf_path);
	if ((rc = check_templates(c->conf, e)) != ERR_OK)
		return rc;
	for (i = 0; i < c->conf->n_surveys && rc == ERR_OK; i++)
		rc = check_survey(c->conf, &c->conf->survey[i], &warnings, e);
	if (rc != ERR_OK)
		return rc;
	check_support(c->conf, &warnings);
	check_texts(c->conf, &warnings);
	printf("%u warning%s\n", warnings, warnings == 1 ? "" : "s");
	return ERR_OK;
}
