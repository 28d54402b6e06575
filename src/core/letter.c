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
	words_text(v, "optout_link", l->optout);
	return v;
}
