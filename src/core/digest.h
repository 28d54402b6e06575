/*
 * digest.h - the values behind a leader's digest.
 *
 * From a publication alone; CONTENT 10 and SCORING 6.  Templates
 * "digest.subject", "digest.text" and "digest.html" show equal numbers,
 * because they are given the same strings.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_DIGEST_H
#define SENSED_CORE_DIGEST_H

#include <stdbool.h>

#include "core/civil.h"
#include "core/mustache.h"
#include "core/publication.h"
#include "core/question.h"
#include "core/site.h"
#include "core/trend.h"

struct digest {
	const struct site	*site;
	const struct publication *pub;
	const struct publication *last;	/* the wave before, or NULL */
	const uint32_t		*was;	/* of each unit: its place in last, or
					 * UNIT_NONE; NULL: found by id */
	const struct trend	*trend;	/* the waves before; NULL: none */
	struct civil		 trend_opened[TREND_MAX - 1];	/* of those */
	uint32_t		 unit;	/* whose leader reads it */
	const struct prompts	*prompts;	/* NULL: none */
	const char		*reader_name;	/* "" if not known */
	struct civil		 opened;	/* names the wave: its month */
	struct civil		 last_opened;	/* if last is not NULL */
	struct civil		 last_closed;	/* the same: when its digests
						 * came; month 0: as opened */
	struct civil		 tell_by;	/* 14 days on */
	bool			 member;	/* the staff copy */
	const char		*optout;	/* staff copy: URL, or NULL */
	const struct digest	*other;	/* the other side of the relationship,
					 * in the same mail; NULL: none */
};

/* The unit whose figures the reader gets: itself, shown_instead, or NONE. */
uint32_t	 digest_source(const struct publication *p, uint32_t unit);

/*
 * The one thing to talk about (CONTENT 10, 6): the sense with the lowest
 * score (ties: the earlier), if its hi is below the organisation's score or it
 * shows a possible or clear fall; SENSE__MAX if no sense stands out.  A masked
 * sense has no hi: there the word against the organisation decides.
 */
enum sense	 digest_talk_about(const struct publication *p, uint32_t unit);

/* The sense with the highest score as shown; ties: the earlier. */
enum sense	 digest_highest(const struct publication *p, uint32_t unit);

/*
 * The view in one language, an index into site->langs; the caller frees it.
 * Figures are below the list `sides`, one item, or two with d->other: values
 * of one side cannot be found from the other, so none is ever shown for it.
 */
struct view	*digest_view(const struct digest *d, size_t lang);

/* The same for a page of one side: its values stand beside the others. */
struct view	*digest_page_view(const struct digest *d, size_t lang);

#endif
