/*
 * form.h - the fields of a form that was posted.
 *
 * STANDARDS H2 and H7.  Two stages: a body is split into fields; the items
 * among them get their meaning later, from the question set of the wave that
 * the link names.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_FORM_H
#define SENSED_CORE_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "core/question.h"
#include "core/request.h"
#include "core/token.h"

#define FIELDS_MAX		(ITEMS_MAX + 6)	/* code, from, step, lang,
						 * picked, comment */

enum form_step {
	STEP_NONE,		/* an answer by link */
	STEP_ASK,		/* page c: here is my code */
	STEP_CHANGE		/* page c: here are my new answers */
};

/* A body, split.  It holds secrets: wipe it. */
struct form {
	char		 text[REQUEST_BODY_MAX + 1];
	size_t		 len;		/* of the body */
	size_t		 n;
	const char	*name[FIELDS_MAX], *value[FIELDS_MAX];
	bool		 has_code;	/* as a person may type it */
	bool		 own_code;	/* as our own form sends it */
	bool		 has_from;	/* so too */
	struct link	 code, from;
	enum form_step	 step;
	char		 lang[LANG_LEN + 1];	/* its button; "" if not */
	const char	*comment;	/* clean, may be too long; NULL: none */
	unsigned char	 picked;	/* the first item's, by the link; 0 */
	bool		 unpicked;	/* form_unpick took it back */
	unsigned char	 answer[ITEMS_MAX];	/* 0, or 1..5 */
	unsigned char	 chosen[ITEMS_MAX];	/* the same, or ANSWER_SKIP */
};

/*
 * Splits the body of a POST to a/ or c.  False (400): NUL, bad encoding, a
 * field twice, too many, an unknown step, a malformed lang, from or picked, a
 * comment that is not UTF-8.  A malformed code only lacks: a person may have
 * mistyped it.
 */
bool		form_split(struct form *f, const char *body, size_t len);

/*
 * Binds the items.  False (400): unknown, or neither empty nor 1..5; a comment
 * in a wave without them.
 */
bool		form_bind(struct form *f, const struct question_set *q,
		    bool comments);

/* True if one of the six core questions has an answer. */
bool		form_answered(const struct form *f,
		    const struct question_set *q);

/*
 * H7: takes the answer back that the link had picked, if it is the only one;
 * nobody may have seen the page.  True if it did.
 */
bool		form_unpick(struct form *f);

void		form_wipe(struct form *f);

#endif
