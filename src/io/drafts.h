/*
 * drafts.h - the letters of an open wave, each rendered once.
 *
 * What a letter says depends on its template, its language, whether a name is
 * known, and when the wave closes; all else that differs are slots.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_DRAFTS_H
#define SENSED_IO_DRAFTS_H

#include <stdbool.h>

#include "core/wave.h"
#include "io/compose.h"

enum draft_slot {
	DRAFT_NAME,
	DRAFT_LINK,
	DRAFT_OPTOUT,
	DRAFT__MAX
};

struct drafts;

/* All of these must outlive it. */
struct drafts	*drafts_new(const struct wave *wave, const struct site *site,
		    struct templates *t);
void		 drafts_free(struct drafts *d);

/* The wave closes then; safe from several threads. */
void		 drafts_extend(struct drafts *d, int64_t closes);

/*
 * The draft of a template, in the language of that number or, from langs.n on,
 * in all of them, the first first; named: for those whose name is known.  Good
 * until drafts_free; safe from several threads.  As compose_render.
 */
enum err_code	 drafts_get(struct drafts *d, const char *name, size_t lang,
		    bool named, const struct draft **out, struct err *e)
		    MUST_USE;

#endif
