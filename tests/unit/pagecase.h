/*
 * pagecase.h - a page of a fictional organisation.
 *
 * For unit tests only: the fixture, changed by each case as it needs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_PAGECASE_H
#define SENSED_TESTS_PAGECASE_H

#include "core/page.h"
#include "organisation.h"
#include "rendered.h"

#define CODE	"aaaaabcdefghijklmnopqrstuvwxyz2"
#define FROM	"aaaaabcdefghijklmnopqrstuvwxyz3"
#define EVIL	"</title><script>alert('x')</script>\"&"

static struct site		site;
static struct question_set	questions;
static const struct langs	english = { 1, { "en" } };
static const struct langs	both = { 2, { "en", "cy" } };

static inline int
set_up(void **state)
{
	(void)state;
	rendered_lang = "en";
	site = organisation();
	questions = six_questions(2);
	return 0;
}

static inline struct page_input
input(enum page p)
{
	struct page_input in = {
		.page = p,
		.site = &site,
		.action = "a/" FROM,
		.questions = &questions,
		.langs = &english,
		.min_group = 10,
		.closes = { 2026, 11, 10, 2, 9, 0, 0, 0 },
		.code = CODE,
		.code_shown = "aaaa abcd efgh",
	};

	return in;
}

static inline char *
page(const struct page_input *in)
{
	struct view	*v = page_view(in);
	char		*html = rendered(page_template(in->page), v,
			    ESCAPE_HTML);

	view_free(v);
	return html;
}

#endif
