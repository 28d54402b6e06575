/*
 * wording.c - are all words there, in every language?
 *
 * Knows which templates the programs ask for by name; what those include is
 * found in themselves.  Renders nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/page.h"
#include "io/file.h"
#include "io/template.h"
#include "io/wording.h"

#define MARK		"NEEDS REVIEW BY A"
#define FILE_BYTES_MAX	(1U << 20)

/* Beside those of pages. */
static const char *const names[] = {
	"below", "it_note.text", "preview", "report", "style", "test_word",
	"invitation.subject", "invitation.text", "invitation.html",
	"reminder.subject", "reminder.text", "reminder.html",
	"heads_up.subject", "heads_up.text", "heads_up.html",
	"operator.subject", "operator.text", "operator.html",
	"digest.subject", "digest.text", "digest.html",
	"review.subject", "review.text", "review.html",
	"comments.subject", "comments.text", "comments.html"
};

static enum err_code
check_language(struct templates *t, const char *lang, struct err *e)
{
	enum err_code	rc = ERR_OK;
	size_t		i;
	int		p;

	for (p = 0; p < PAGE__MAX && rc == ERR_OK; p++)
		rc = templates_check(t, lang, page_template((enum page)p), e);
	for (i = 0; i < sizeof(names) / sizeof(names[0]) && rc == ERR_OK; i++)
		rc = templates_check(t, lang, names[i], e);
	return rc;
}

enum err_code
wording_check(const struct conf *c, struct err *e)
{
	const struct langs	*l = &c->site.langs;
	struct templates	*t = templates_new(c->templates);
	enum err_code		 rc = ERR_OK;
	size_t			 i;

	for (i = 0; i < l->n && rc == ERR_OK; i++)
		rc = check_language(t, l->code[i], e);
	templates_free(t);
	return rc;
}

/* A question or prompt file marks a language as "cy: NEEDS REVIEW...". */
static enum err_code
look_in_file(const char *path, const char *lang, wording_found *found,
    void *arg, struct err *e)
{
	char		*mark, *text;
	size_t		 len;
	enum err_code	 rc;

	if (path[0] == '\0')
		return ERR_OK;
	if ((rc = file_read(path, FILE_BYTES_MAX, &text, &len, e)) != ERR_OK)
		return rc;
	mark = mem_fmt("%s: " MARK, lang);
	if (memmem(text, len, mark, strlen(mark)) != NULL)
		found(arg, path, 1);
	free(mark);
	free(text);
	return ERR_OK;
}

static enum err_code
look_in_templates(const struct conf *c, const char *lang, wording_found *found,
    void *arg, struct err *e)
{
	struct templates	*t = templates_new(c->templates);
	enum err_code		 rc;
	size_t			 n;
	char			*path;

	rc = check_language(t, lang, e);
	if (rc == ERR_OK && (n = templates_marked(t, lang, MARK)) > 0) {
		path = mem_fmt("%s/%s", c->templates, lang);
		found(arg, path, n);
		free(path);
	}
	templates_free(t);
	return rc;
}

enum err_code
wording_unreviewed(const struct conf *c, size_t lang, wording_found *found,
    void *arg, struct err *e)
{
	const char		 *code = c->site.langs.code[lang];
	const struct conf_survey *s;
	enum err_code		  rc;
	size_t			  i;

	rc = look_in_templates(c, code, found, arg, e);
	for (i = 0; i < c->n_surveys && rc == ERR_OK; i++) {
		s = &c->survey[i];
		rc = look_in_file(s->question_file, code, found, arg, e);
		if (rc == ERR_OK)
			rc = look_in_file(s->prompt_file, code, found, arg, e);
	}
	return rc;
}
