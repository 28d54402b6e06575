/*
 * words.c - the values that templates share.
 *
 * Only names of values are here, and digits; every word is in a template.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/mem.h"
#include "core/comments.h"
#include "core/words.h"

static void
set_flag(struct view *v, const char *letter, int n)
{
	char key[8];

	key[0] = letter[0];
	key[1] = n < 10 ? (char)('0' + n) : '1';
	key[2] = n < 10 ? '\0' : (char)('0' + n - 10);
	key[3] = '\0';
	view_flag(v, key, true);
}

void
words_date(struct view *v, const char *key, const struct civil *c)
{
	struct view *m;

	if (c->month == 0)
		return;
	m = view_map(v, key);
	set_flag(m, "w", c->weekday);
	set_flag(m, "m", c->month);
	view_textf(m, "day", "%d", c->day);
	view_textf(m, "year", "%d", c->year);
	view_textf(m, "time", "%02d:%02d", c->hour, c->minute);
}

void
words_sense(struct view *v, enum sense s)
{
	view_flag(v, sense_key(s), true);
}

void
words_text(struct view *v, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0')
		view_text(v, key, text);
}

static const char *
first_of(const char *a, const char *b)
{
	return a != NULL && a[0] != '\0' ? a : b;
}

/* "pulse.taf.example" of "https://pulse.taf.example/", for people to read. */
static void
add_web_name(struct view *v, const char *url)
{
	const char	*name = strstr(url, "://");
	size_t		 len;

	name = name != NULL ? name + 3 : url;
	len = strlen(name);
	if (len > 0 && name[len - 1] == '/')
		len--;
	view_textf(v, "web_name", "%.*s", (int)len, name);
}

void
words_site(struct view *v, const struct site *site, const char *lang)
{
	struct view	*list, *item;
	size_t		 i;

	view_text(v, "lang", lang);
	view_flag(v, "first", true);
	view_flag(v, "last", true);
	view_flag(v, "served", site->served);
	if (site->survey[0] != '\0')
		view_textf(v, "of_survey", "/%s", site->survey);
	view_text(v, "organisation", site->organisation);
	view_text(v, "base_url", site->base_url);
	add_web_name(v, site->base_url);
	words_text(v, "sender_name", site->from.name);
	view_text(v, "signed",
	    first_of(site->from.name, site->organisation));
	words_text(v, "reply_address",
	    first_of(site->reply_to, site->from.address));
	view_flag(v, "has_support", site->n_support > 0);
	list = view_list(v, "support");
	for (i = 0; i < site->n_support; i++) {
		item = view_item(list);
		view_text(item, "name", site->support[i].name);
		view_text(item, "contact", site->support[i].contact);
	}
}

void
words_questions(struct view *v, const struct question_set *q)
{
	view_textf(v, "questions_number", "%zu", q->n);
	view_flag(v, "six", q->n == SENSE__MAX);
}

void
words_comments(struct view *v, const char *reader)
{
	struct view *m = view_map(v, "comments");

	view_text(m, "reader", reader);
	view_textf(m, "chars", "%d", COMMENT_CHARS);
	view_textf(m, "responses", "%d", COMMENTS_RESPONSES);
	view_textf(m, "least", "%d", COMMENTS_LEAST);
}
