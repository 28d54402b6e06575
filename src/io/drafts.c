/*
 * drafts.c - renders letters with marks for what differs, and keeps them.
 *
 * A wave that is extended while mail goes out closes later in the letters that
 * follow: drafts of the old time stay, since another thread may use them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/letter.h"
#include "io/clock.h"
#include "io/drafts.h"

_Static_assert((int)DRAFT__MAX <= STENCIL_SLOTS, "slots");

struct kept {
	struct kept	*next;
	const char	*name;		/* the caller's constant */
	size_t		 lang;
	bool		 named;
	int64_t		 closes;
	struct draft	 draft;
};

struct drafts {
	const struct wave	*wave;
	const struct site	*site;
	struct templates	*templates;
	atomic_llong		 closes;	/* of the wave */
	pthread_mutex_t		 mutex;		/* of first */
	struct kept		*first;
};

struct drafts *
drafts_new(const struct wave *wave, const struct site *site,
    struct templates *t)
{
	struct drafts *d = mem_zero(1, sizeof(*d));

	d->wave = wave;
	atomic_init(&d->closes, wave->closes);
	d->site = site;
	d->templates = t;
	pthread_mutex_init(&d->mutex, NULL);
	return d;
}

void
drafts_free(struct drafts *d)
{
	struct kept *k;

	if (d == NULL)
		return;
	while ((k = d->first) != NULL) {
		d->first = k->next;
		draft_wipe(&k->draft);
		free(k);
	}
	pthread_mutex_destroy(&d->mutex);
	free(d);
}

/* In one language, or in all of them, the first first. */
static struct view *
view(const void *letter, size_t lang)
{
	return letter_view(letter, lang);
}

static enum err_code
render(const struct drafts *d, const struct kept *k, struct compose *c,
    struct err *e)
{
	const struct letter		letter = {
		.site = d->site, .wave = d->wave,
		.closes = clock_civil(k->closes),
		.person_name = k->named ? stencil_mark(DRAFT_NAME) : "",
		.link = stencil_mark(DRAFT_LINK),
		.optout = stencil_mark(DRAFT_OPTOUT)
	};
	const struct compose_words	words = { k->name, &d->wave->langs,
					    view, &letter };

	return compose_render(c, d->templates, &words, k->lang, e);
}

/* The first of this kind, under the mutex. */
static enum err_code
make(struct drafts *d, const struct kept *like, const struct draft **out,
    struct err *e)
{
	struct compose	 c;
	struct kept	*k = mem_zero(1, sizeof(*k));
	enum err_code	 rc;

	*k = *like;
	compose_init(&c);
	if ((rc = render(d, k, &c, e)) == ERR_OK)
		rc = compose_draft(&c, &k->draft, e);
	compose_wipe(&c);
	if (rc != ERR_OK) {
		free(k);
		return rc;
	}
	k->next = d->first;
	d->first = k;
	*out = &k->draft;
	return ERR_OK;
}

void
drafts_extend(struct drafts *d, int64_t closes)
{
	atomic_store(&d->closes, closes);
}

enum err_code
drafts_get(struct drafts *d, const char *name, size_t lang, bool named,
    const struct draft **out, struct err *e)
{
	const struct kept	 like = {
		.name = name, .lang = lang, .named = named,
		.closes = atomic_load(&d->closes)
	};
	struct kept		*k;
	enum err_code		 rc = ERR_OK;

	pthread_mutex_lock(&d->mutex);
	for (k = d->first; k != NULL; k = k->next)
		if (k->lang == lang && k->named == named &&
		    k->closes == like.closes && strcmp(k->name, name) == 0)
			break;
	if (k != NULL)
		*out = &k->draft;
	else
		rc = make(d, &like, out, e);
	pthread_mutex_unlock(&d->mutex);
	return rc;
}
