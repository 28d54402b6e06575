/*
 * conf_parts.h - readers of single keys, between the files of conf.
 *
 * Nobody but conf.c, conf_mail.c and conf_survey.c includes this.  Each reader
 * is a key_reader whose base is a struct conf.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_CONF_PARTS_H
#define SENSED_IO_CONF_PARTS_H

#include "io/conf.h"
#include "io/keys.h"

#define CONF_TEXT_MAX		2000	/* bytes of any text */

/* conf_mail.c */
enum err_code	conf_read_relays(const struct setting *s, void *base,
		    struct err *e) MUST_USE;
enum err_code	conf_read_from(const struct setting *s, void *base,
		    struct err *e) MUST_USE;
enum err_code	conf_read_reader(const struct setting *s, void *base,
		    struct err *e) MUST_USE;
enum err_code	conf_read_return_path(const struct setting *s, void *base,
		    struct err *e) MUST_USE;
enum err_code	conf_read_reply_to(const struct setting *s, void *base,
		    struct err *e) MUST_USE;
enum err_code	conf_read_operator(const struct setting *s, void *base,
		    struct err *e) MUST_USE;
enum err_code	conf_read_answer_links(const struct setting *s, void *base,
		    struct err *e) MUST_USE;
enum err_code	conf_read_base_url(const struct setting *s, void *base,
		    struct err *e) MUST_USE;

/* What no key alone can tell: TLS, relay and user together. */
enum err_code	conf_check_mail(const struct setting *root,
		    const struct conf *c, struct err *e) MUST_USE;

/* conf.c: a list of contacts; the caller wipes it, on error too. */
enum err_code	conf_read_support(const struct setting *s,
		    struct support **out, size_t *n, struct err *e) MUST_USE;
void		conf_support_wipe(struct support *support, size_t n);

/* conf_survey.c: needs the languages in base. */
enum err_code	conf_read_surveys(const struct setting *s, void *base,
		    struct err *e) MUST_USE;
void		conf_survey_wipe(struct conf_survey *s);

/* Fills s->site, when all of c is read. */
void		conf_survey_site(const struct conf *c, struct conf_survey *s);

/* conf_question.c: the files that a survey names. */
enum err_code	conf_read_questions(const char *path, const struct langs *l,
		    struct question_set *q, struct err *e) MUST_USE;
enum err_code	conf_read_prompts(const char *path, const struct langs *l,
		    struct prompts *p, struct err *e) MUST_USE;

#endif
