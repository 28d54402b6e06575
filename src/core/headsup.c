/*
 * headsup.c - fills the view of the mail that tells leaders of a wave to come.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "core/headsup.h"
#include "core/words.h"

struct view *
headsup_view(const struct headsup *h, const char *lang)
{
	struct view *v = view_new();

	words_site(v, h->site, lang);
	words_text(v, "person_name", h->name);
	words_date(v, "opens_day", &h->opens);
	words_date(v, "closes_day", &h->closes);
	words_date(v, "digest_day", &h->digest);
	return v;
}
