/*
 * words.h - values that every page and mail needs, as flags and digits.
 *
 * Pages, letters and digests name the same things alike, so their templates
 * can share partials.  No word a person reads is here: a month is the flag
 * "m11", a sense the flag "purpose", and the template says it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_WORDS_H
#define SENSED_CORE_WORDS_H

#include "core/civil.h"
#include "core/mustache.h"
#include "core/question.h"
#include "core/sense.h"
#include "core/site.h"

/*
 * A map under key: the flags "w0" (Sunday) to "w6" and "m1" to "m12", and the
 * texts day, year and time ("09:00").  Nothing at all if the month is 0.
 */
void	words_date(struct view *v, const char *key, const struct civil *c);

/* The flag of a sense: its key. */
void	words_sense(struct view *v, enum sense s);

/* Sets a text unless it is NULL or empty, so that a section can ask for it. */
void	words_text(struct view *v, const char *key, const char *text);

/*
 * lang, first and last (flags, on: a document in one language), served (flag:
 * asked are people served, not staff), of_survey ("/served": what follows help
 * and privacy in a URL), organisation, base_url, web_name (the same, as people
 * read it), sender_name (if known), signed (the same, or the organisation),
 * reply_address, has_support and support (a list of name and contact).
 */
void	words_site(struct view *v, const struct site *site, const char *lang);

/*
 * A map comments: reader (who reads them first), and the limits of CONTENT 6
 * as chars, responses and least.
 */
void	words_comments(struct view *v, const char *reader);

/* questions_number, and the flag six: the usual set. */
void	words_questions(struct view *v, const struct question_set *q);

#endif
