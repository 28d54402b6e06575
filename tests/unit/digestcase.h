/*
 * digestcase.h - a digest of North, unit T1 of worked example 2.
 *
 * For unit tests only: the fixture, changed by each case as it needs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_DIGESTCASE_H
#define SENSED_TESTS_DIGESTCASE_H

#include "core/digest.h"
#include "example2.h"
#include "organisation.h"
#include "rendered.h"

static struct site		site;
static struct publication	pub, last;
static struct prompts		prompts;
static struct digest		digest;

static inline int
set_up(void **state)
{
	int s;

	(void)state;
	site = organisation();
	pub = example2();
	last = example2();
	memset(&prompts, 0, sizeof(prompts));
	for (s = 0; s < SENSE__MAX; s++) {
		prompts.leader[s][0][0] = mem_fmt("Leader one, %d.", s);
		prompts.leader[s][0][1] = TEXT("Leader two.");
		prompts.leader[s][0][2] = TEXT("Leader three.");
		prompts.member[s][0][0] = TEXT("Member one.");
		prompts.member[s][0][1] = TEXT("Member two.");
	}
	digest = (struct digest){
		.site = &site,
		.pub = &pub,
		.unit = U_T1,
		.prompts = &prompts,
		.reader_name = "Sam Price",
		.opened = { 2026, 10, 13, 2, 9, 0, 0, 60 },
		.last_opened = { 2026, 7, 14, 2, 9, 0, 0, 60 },
		.last_closed = { 2026, 8, 4, 2, 9, 0, 0, 60 },
		.tell_by = { 2026, 11, 10, 2, 9, 0, 0, 0 },
	};
	return 0;
}

static inline int
tear_down(void **state)
{
	int s;

	(void)state;
	for (s = 0; s < SENSE__MAX; s++)
		free(prompts.leader[s][0][0]);
	example2_free(&pub);
	example2_free(&last);
	return 0;
}

static inline char *
part(const char *name, enum escape escape)
{
	struct view	*v = digest_view(&digest, 0);
	char		*text = rendered(name, v, escape);

	view_free(v);
	return text;
}

static inline char *
text_part(void)
{
	return part("digest.text", ESCAPE_NONE);
}

/* The change of every sense of T1: as CHANGE_NO_CLEAR, by a tenth. */
static inline void
give_change(struct pub_unit *u)
{
	int s;

	for (s = 0; s < SENSE__MAX; s++) {
		u->sense[s].change = CHANGE_NO_CLEAR;
		u->sense[s].has_change_figure = true;
		u->sense[s].change_tenths = s - 1;
	}
}

#endif
