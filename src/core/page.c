/*
 * page.c - fills the views of the web pages.
 *
 * The page of a wrong or closed link gets nothing of the request, so that all
 * causes give the same bytes (H5).  A form's answers come back only as which
 * radio is chosen; no stored answer ever gets here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/buf.h"
#include "core/page.h"
#include "core/words.h"

#define ID_MAX	(3 * ITEM_KEY_MAX + 32)	/* "KEY-hint KEY-picked KEY-error" */

static const struct {
	const char	*template;
	const char	*action;	/* when the caller names none */
	bool		 switches;	/* can be read in another language */
} pages[PAGE__MAX] = {
	[PAGE_FORM] = { "form", "", true },
	[PAGE_THANKS] = { "thanks", "", false },
	[PAGE_ANSWERED] = { "answered", "", false },
	[PAGE_CHANGE] = { "change", "c", true },
	[PAGE_GONE] = { "gone", "", true },
	[PAGE_OPTOUT] = { "optout", "", true },
	[PAGE_OPTOUT_DONE] = { "optout_done", "", false },
	[PAGE_PRIVACY] = { "privacy", "privacy", true },
	[PAGE_HELP] = { "help", "help", true },
	[PAGE_HEALTH] = { "health", "", false },
	[PAGE_WRONG] = { "wrong", "", false },
	[PAGE_BUSY] = { "busy", "", false },
};

const char *
page_template(enum page p)
{
	return pages[p].template;
}

/* The choices of a question as they stand on the page. */
static const unsigned char choices[] = { 5, 4, 3, 2, 1, ANSWER_SKIP };

static void
add_choices(struct view *question, unsigned char chosen)
{
	struct view	*list = view_list(question, "choices"), *v;
	char		 flag[] = "a0";
	size_t		 i;

	for (i = 0; i < sizeof(choices); i++) {
		v = view_item(list);
		flag[1] = choices[i] == ANSWER_SKIP ? '0' :
		    (char)('0' + choices[i]);
		view_flag(v, flag, true);
		view_text(v, "n", flag + 1);
		view_text(v, "value", choices[i] == ANSWER_SKIP ?
		    "" : flag + 1);
		view_flag(v, "checked", chosen == choices[i]);
	}
}

/* What aria-describedby names: those notes of a question that are there. */
static void
add_described(struct view *v, const char *key, bool hint, bool picked,
    bool wrong)
{
	struct buf b;

	buf_init(&b, ID_MAX);
	if (hint)
		buf_addf(&b, "%s-hint", key);
	if (picked)
		buf_addf(&b, "%s%s-picked", b.len > 0 ? " " : "", key);
	if (wrong)
		buf_addf(&b, "%s%s-error", b.len > 0 ? " " : "", key);
	words_text(v, "described", buf_str(&b));
	buf_wipe(&b);
}

/* As a hidden field of the busy page: skipped and missing look alike. */
static void
add_value(struct view *v, unsigned char chosen)
{
	bool answered = chosen >= 1 && chosen <= 5;

	view_flag(v, "blank", !answered);
	if (answered)
		view_textf(v, "value", "%d", chosen);
	else
		view_text(v, "value", "");
}

static void
add_question(struct view *v, const struct page_input *in, size_t i, size_t lang)
{
	const struct item *it = &in->questions->item[i];
	unsigned char	   chosen = in->answer == NULL ? 0 : in->answer[i];
	const char	  *hint = it->hint[lang];
	bool		   wrong = in->error && i == 0;
	bool		   picked = in->picked != 0 && i == 0;

	view_text(v, "key", it->key);
	view_text(v, "text", it->text[lang]);
	words_text(v, "hint", hint);
	view_flag(v, "wrong", wrong);
	view_flag(v, "from_mail", picked);
	add_described(v, it->key, hint != NULL && hint[0] != '\0', picked,
	    wrong);
	if (in->page == PAGE_FORM)
		add_choices(v, chosen);
	else
		add_value(v, chosen);
}

/* The page's language among those of the questions; else their first. */
static size_t
question_lang(const struct page_input *in)
{
	size_t i;

	if (in->langs == NULL)
		return in->lang;
	i = langs_find(in->langs, in->site->langs.code[in->lang]);
	return i < in->langs->n ? i : 0;
}

static void
add_questions(struct view *v, const struct page_input *in)
{
	const struct question_set *q = in->questions;
	size_t			   lang, i;
	struct view		  *list;

	if (q == NULL || q->n == 0)
		return;
	lang = question_lang(in);
	words_questions(v, q);
	view_text(v, "stem", q->stem[lang]);
	view_textf(v, "first_radio", "%s-%d", q->item[0].key, choices[0]);
	list = view_list(v, "questions");
	for (i = 0; i < q->n; i++)
		add_question(view_item(list), in, i, lang);
}

/*
 * With more than one language: the list to switch to, and the query that keeps
 * the present one on the next page.
 */
static void
add_languages(struct view *v, const struct page_input *in)
{
	const struct langs *l = &in->site->langs;
	struct view	   *list, *item;
	size_t		    i;

	if (l->n < 2)
		return;
	view_textf(v, "query", "?lang=%s", l->code[in->lang]);
	view_flag(v, "many", pages[in->page].switches || in->reading);
	list = view_list(v, "languages");
	for (i = 0; i < l->n; i++) {
		item = view_item(list);
		view_flag(item, l->code[i], true);
		view_text(item, "code", l->code[i]);
		view_flag(item, "current", i == in->lang);
	}
}

static void
add_privacy(struct view *v, const struct site *site)
{
	words_text(v, "lawful_basis", site->lawful_basis);
	words_text(v, "contact", site->contact);
	words_text(v, "server_control", site->server_control);
	view_flag(v, "staff_copy", site->staff_copy);
	if (site->comments)
		words_comments(v, site->reader.name);
	view_flag(v, "scale_links", site->scale_links);
	if (site->keep_years > 0)
		view_textf(v, "keep_years", "%u", site->keep_years);
}

/* The box, and the limits that its hint tells. */
static void
add_comment(struct view *v, const struct page_input *in)
{
	words_text(v, "comment", in->comment);
	if (in->reader == NULL)
		return;
	words_comments(v, in->reader);
	view_flag(v, "comment_long", in->comment_long && !in->error);
}

static void
add_form(struct view *v, const struct page_input *in)
{
	add_comment(v, in);
	view_flag(v, "error", in->error);
	view_flag(v, "unpicked", in->unpicked);
	if (in->picked != 0)
		view_textf(v, "picked", "%d", in->picked);
	words_text(v, "code", in->code);
	words_text(v, "from", in->from);
	words_text(v, "code_shown", in->code_shown);
	words_date(v, "closes_day", &in->closes);
	add_questions(v, in);
	view_flag(v, "again", in->code != NULL && in->action != NULL &&
	    in->answer != NULL && in->questions != NULL &&
	    in->questions->n > 0);
}

struct view *
page_view(const struct page_input *in)
{
	struct view		*v = view_new();
	const struct site	*site = in->site;

	words_site(v, site, site->langs.code[in->lang]);
	view_text(v, "action",
	    in->action != NULL ? in->action : pages[in->page].action);
	view_textf(v, "min_group", "%u",
	    in->min_group > 0 ? in->min_group : site->min_group);
	view_flag(v, "reading", in->reading);
	add_languages(v, in);
	add_privacy(v, site);
	add_form(v, in);
	return v;
}
