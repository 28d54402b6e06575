/*
 * request.h - from what a web server hands over to what is asked.
 *
 * STANDARDS H1, H2 and DESIGN 5.  A request is judged by its outside; what a
 * form's body holds is form.h's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_REQUEST_H
#define SENSED_CORE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "core/question.h"
#include "core/token.h"

#define REQUEST_BODY_MAX	4096
#define REQUEST_BODY_SHORT	1024	/* most, of a wave without comments */

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
	ROUTE_FORM,		/* a/LINK, and to read a/LINK/1 to 5 */
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
	unsigned char	 picked;	/* the same: a link of the scale; 0 */
	char		 survey[SURVEY_NAME_MAX + 1];	/* privacy, help; "" */
	char		 token[OPTOUT_LEN + 1];	/* ROUTE_OPTOUT, and */
	char		 hash[OPTOUT_HASH_LEN + 1];	/* its file's name */
	const char	*allow;		/* with 405: the Allow header */
};

/* Bytes of the body worth reading: a length up to REQUEST_BODY_MAX, or 0. */
size_t		request_expects(const char *length);

/* A language as an address or a button names it; false: none. */
bool		request_lang(const char *s, char out[LANG_LEN + 1]);

/*
 * Judges all but the fields.  0: *r is filled, and the body of a form's POST
 * is whole.  Otherwise the status to answer: 400, 404, 405, 411, 413, 415;
 * route, lang and allow are good even then.
 */
unsigned int	request_read(struct request *r, const struct request_raw *in);

#endif
