/*
 * pages.h - the pages that sensed.cgi answers with.
 *
 * Language, status, template and the style's hash are put together here; what
 * is to be said is decided in answer.c.  Every call fills the reply.  On an
 * error the reply is an empty 503, and the error says which template is wrong.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_PAGES_H
#define SENSED_IO_PAGES_H

#include <stdbool.h>

#include "base/err.h"
#include "core/box.h"
#include "core/form.h"
#include "core/page.h"
#include "core/wave.h"
#include "io/conf.h"
#include "io/web.h"

/* Templates and the hashes of their styles, read once a process.  conf must
 * outlive it. */
struct pages;

struct pages	*pages_new(const struct conf *conf);
void		 pages_free(struct pages *p);

/* One request on its way to a reply. */
struct exchange {
	struct pages		*pages;
	struct request		 r;
	struct form		 form;	/* empty, unless the form was split */
	struct wave		 wave;	/* empty, unless it was found */
	struct web_reply	*out;
	struct err		*e;
};

/* A page that knows nothing of a wave or a person. */
enum err_code	pages_plain(struct exchange *x, unsigned int status,
		    enum page page) MUST_USE;

/*
 * Help or privacy, of the survey that the request names, or of the first; 404
 * if there is none of that name.
 */
enum err_code	pages_about(struct exchange *x, enum page page) MUST_USE;

/* Page c: asks for the change code; again, 422, if it is unknown. */
enum err_code	pages_change(struct exchange *x, bool unknown) MUST_USE;

/*
 * The form, with the code it will be saved under; from is the code that it
 * changes, or NULL.  kept: with the choices of the form that was posted.  422
 * is the page with the error summary.
 */
enum err_code	pages_form(struct exchange *x, unsigned int status,
		    const struct seat *seat, const struct link *code,
		    const struct link *from, bool kept) MUST_USE;

/* A form with a code that nobody has; empty, or to a GET as x->form is. */
enum err_code	pages_fresh_form(struct exchange *x, unsigned int status,
		    const struct seat *seat, unsigned int box,
		    const struct link *from) MUST_USE;

enum err_code	pages_answered(struct exchange *x, const struct seat *seat)
		    MUST_USE;
enum err_code	pages_thanks(struct exchange *x, const struct seat *seat)
		    MUST_USE;

/* Asks whether to opt out. */
enum err_code	pages_optout(struct exchange *x) MUST_USE;

/*
 * The store failed with rc: kind words and, after the POST of a form, a button
 * that sends it again.  Returns rc and leaves *x->e alone, unless even this
 * page cannot be made.
 */
enum err_code	pages_busy(struct exchange *x, enum err_code rc) MUST_USE;

#endif
