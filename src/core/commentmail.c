/*
 * commentmail.c - fills the views of the mails that carry comments.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/commentmail.h"
#include "core/words.h"

#define ROUND	100	/* bytes of HTML around one comment, and more */

/* Bytes of a text once it is escaped for HTML. */
static size_t
escaped(const char *s)
{
	size_t n = ROUND;

	for (; *s != '\0'; s++)
		n += strchr("<>&\"'", *s) != NULL ? 6 : 1;
	return n;
}

size_t
comment_mail_fits(const struct comments *c, size_t from, size_t end)
{
	size_t i = from, bytes = 0;

	do
		bytes += escaped(c->of[i++].text);
	while (i < end && bytes + escaped(c->of[i].text) <=
	    COMMENTMAIL_BYTES);
	return i - from;
}

static void
add_groups(struct view *v, const struct comment_mail *m)
{
	const struct comment	*of = m->comments->of;
	struct view		*groups = view_list(v, "groups"), *item;
	struct view		*remarks = NULL;
	size_t			 i;

	for (i = m->from; i < m->from + m->n; i++) {
		if (remarks == NULL || of[i].unit != of[i - 1].unit) {
			item = view_item(groups);
			view_text(item, "unit_name",
			    m->pub->unit[of[i].unit].name);
			view_text(item, "unit_id",
			    m->pub->unit[of[i].unit].id);
			remarks = view_list(item, "remarks");
		}
		item = view_item(remarks);
		view_textf(item, "number", "%zu", i + 1);
		view_text(item, "remark", of[i].text);
	}
}

struct view *
comment_mail_view(const struct comment_mail *m, size_t lang)
{
	struct view *v = view_new();

	words_site(v, m->site, m->site->langs.code[lang]);
	words_text(v, "reader_name", m->reader_name);
	words_date(v, "wave", &m->opened);
	words_comments(v, m->comments->reader);
	view_text(v, "wave_name", m->pub->wave);
	view_text(v, "unit_name",
	    m->pub->unit[m->comments->of[m->from].unit].name);
	view_flag(v, "several", m->parts > 1);
	view_textf(v, "part", "%u", m->part);
	view_textf(v, "parts", "%u", m->parts);
	add_groups(v, m);
	return v;
}
