/*
 * letter.c - fills the view of an invitation or a reminder.
 *
 * The numbers in it come from the frozen wave, never from a configuration
 * that may have changed since (CONTENT 1).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "core/letter.h"
#include "core/words.h"

/* The first question and its five answers, each with what its link ends in. */
static void
add_scale(struct view *v, const struct question_set *q, size_t lang)
{
	struct view	*scale = view_map(v, "scale"), *list, *item;
	char		 flag[] = "a5";

	view_text(scale, "stem", q->stem[lang]);
	view_text(scale, "text", q->item[0].text[lang]);
	list = view_list(scale, "choices");
	for (; flag[1] >= '1'; flag[1]--) {
		item = view_item(list);
		view_flag(item, flag, true);
		view_text(item, "n", flag + 1);
	}
}

struct view *
letter_view(const struct letter *l, size_t lang)
{
	struct view *v = view_new();

	words_site(v, l->site, l->wave->langs.code[lang]);
	words_questions(v, &l->wave->questions);
	words_text(v, "person_name", l->person_name);
	words_date(v, "closes_day", &l->closes);
	view_textf(v, "min_group", "%u", l->wave->k);
	view_text(v, "link", l->link);
	if (l->site->scale_links && l->wave->questions.n > 0)
		add_scale(v, &l->wave->questions, lang);
	words_text(v, "optout_link", l->optout);
	return v;
}
