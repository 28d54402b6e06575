/*
 * request.h - from what a web server hands over to what is asked.
 *
 * STANDARDS H1, H2 and DESIGN 5.  Two stages: a request is judged by its
 * outside and its body is split into fields; the items among them get their
 * meaning later, from the question set of the wave that the link names.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_REQUEST_H
#define SENSED_CORE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "core/question.h"
#include "core/token.h"

#define REQUEST_BODY_MAX	1024
#define FIELDS_MAX		(ITEMS_MAX + 4)	/* code, from, step, lang */

/* A request from outside; any text may be NULL, which is as if empty. */
struct request_raw {
	const char	*method;
	const char	*path;		/* PATH_INFO: it alone is the route */
	const char	*query;		/* "lang=xx"; else ignored */
	const char	*type;		/* Content-Type */
	const char	*length;	/* Content-Length, as it was sent */
	const char	*body;
	size_t		 body_len;	/* bytes that came, at most length */
};

enum route {
	ROUTE_FORM,		/* a/LINK */
	ROUTE_CHANGE,		/* c */
	ROUTE_OPTOUT,		/* o/TOKEN */
	ROUTE_PRIVACY,		/* privacy, privacy/SURVEY; so too */
	ROUTE_HELP,
	ROUTE_HEALTH,
	ROUTE__MAX
};

struct request {
	enum route	 route;
	bool		 post;		/* else GET or HEAD */
	char		 lang[LANG_LEN + 1];	/* of the page; "" if unsaid */
	struct link	 link;		/* ROUTE_FORM */
	char		 survey[SURVEY_NAME_MAX + 1];	/* of these; or "" */
	char		 token[OPTOUT_LEN + 1];	/* ROUTE_OPTOUT, and */
	char		 hash[OPTOUT_HASH_LEN + 1];	/* its file's name */
	const char	*allow;		/* with 405: the Allow header */
};

/* Bytes of the body worth reading: a length up to REQUEST_BODY_MAX, or 0. */
size_t		request_expects(const char *length);

/*
 * Judges all but the fields.  0: *r is filled, and the body of a form's POST
 * is whole.  Otherwise the status to answer: 400, 404, 405, 411, 413, 415;
 * route, lang and allow are good even then.
 */
unsigned int	request_read(struct request *r, const struct request_raw *in);

enum form_step {
	STEP_NONE,		/* an answer by link */
	STEP_ASK,		/* page c: here is my code */
	STEP_CHANGE		/* page c: here are my new answers */
};

/* A body, split.  It holds secrets: wipe it. */
struct form {
	char		 text[REQUEST_BODY_MAX + 1];
	size_t		 n;
	const char	*name[FIELDS_MAX], *value[FIELDS_MAX];
	bool		 has_code;	/* as a person may type it */
	bool		 own_code;	/* as our own form sends it */
	bool		 has_from;	/* so too */
	struct link	 code, from;
	enum form_step	 step;
	char		 lang[LANG_LEN + 1];	/* its button; "" if not */
	unsigned char	 answer[ITEMS_MAX];	/* 0, or 1..5 */
	unsigned char	 chosen[ITEMS_MAX];	/* the same, or ANSWER_SKIP */
};

/*
 * Splits the body of a POST to a/ or c.  False (400): NUL, bad encoding, a
 * field twice, too many, an unknown step, a malformed lang or from.  A
 * malformed code only lacks: a person may have mistyped it.
 */
bool		form_split(struct form *f, const char *body, size_t len);

/* Binds the items.  False (400): unknown, or neither empty nor 1..5. */
bool		form_bind(struct form *f, const struct question_set *q);

/* True if one of the six core questions has an answer. */
bool		form_answered(const struct form *f,
		    const struct question_set *q);
void		form_wipe(struct form *f);

#endif
