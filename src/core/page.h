/*
 * page.h - the values behind every web page.
 *
 * A page is a template and a view; no word of it is here.  CONTENT 5, 9, 11
 * and STANDARDS 2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_PAGE_H
#define SENSED_CORE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/civil.h"
#include "core/mustache.h"
#include "core/question.h"
#include "core/site.h"

enum page {
	PAGE_FORM,		/* 200, or 422 with an error summary */
	PAGE_THANKS,		/* 200 */
	PAGE_ANSWERED,		/* 409: only the private code changes it */
	PAGE_CHANGE,		/* asks for the change code; 422: unknown */
	PAGE_GONE,		/* 404: one page for every cause */
	PAGE_OPTOUT,		/* asks, one button */
	PAGE_OPTOUT_DONE,	/* 200 */
	PAGE_PRIVACY,
	PAGE_HELP,
	PAGE_HEALTH,		/* "ok", for the administrator's monitor */
	PAGE_WRONG,		/* 400, 405, 411, 413, 415 */
	PAGE_BUSY,		/* 503: nothing was lost, press again */
	PAGE__MAX
};

struct page_input {
	enum page		 page;
	const struct site	*site;
	size_t			 lang;		/* index into site->langs */
	const char		*action;	/* "a/LINK", "c" or "o/TOKEN":
						 * where the page's form posts,
						 * below base_url; NULL: the
						 * page's own, or none */
	const struct question_set *questions;	/* PAGE_FORM; PAGE_BUSY, with
						 * answer, code and from: what
						 * the button posts again */
	const struct langs	*langs;		/* of the questions */
	const unsigned char	*answer;	/* ITEMS_MAX: chosen so far, 0
						 * nothing, ANSWER_SKIP prefer
						 * not to say; NULL: none */
	unsigned int		 min_group;	/* frozen k, 0 if no wave */
	struct civil		 closes;	/* FORM, THANKS */
	const char		*code;		/* FORM: hidden; 31 letters */
	const char		*from;		/* FORM by change: old code */
	const char		*code_shown;	/* THANKS: in groups */
	unsigned char		 picked;	/* FORM, BUSY: the first answer,
						 * by a link of the scale; 0 */
	bool			 unpicked;	/* FORM: it alone was posted */
	const char		*reader;	/* FORM: who reads comments
						 * first; NULL: no comments */
	const char		*comment;	/* typed so far; NULL: none */
	bool			 comment_long;	/* FORM: it does not fit */
	bool			 error;		/* FORM: nothing was answered;
						 * CHANGE: unknown code */
	bool			 reading;	/* BUSY: it was a GET, nothing
						 * was to be saved */
};

#define ANSWER_SKIP	9	/* "Prefer not to say", on the page only */

/* The template's name, "form" and so on. */
const char	*page_template(enum page p);

/* The view of a page; the caller frees it. */
struct view	*page_view(const struct page_input *in);

#endif
