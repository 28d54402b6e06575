/*
 * answer.h - one request, one reply: what sensed.cgi does.
 *
 * DESIGN 4 and 5, STANDARDS H1 to H14.  A failing store is always 503, never
 * a page that says the link is wrong; and nothing that a reply says depends on
 * whether a token was used, unless the request was a POST with that token.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_ANSWER_H
#define SENSED_IO_ANSWER_H

#include "base/err.h"
#include "core/request.h"
#include "io/conf.h"
#include "io/submit.h"
#include "io/web.h"

struct answer;

/* One a process.  conf is borrowed; the clock is io/clock.h's, or a test's. */
struct answer	*answer_new(const struct conf *conf, submit_clock *now);
void		 answer_free(struct answer *a);

/*
 * Fills *out, always.  Anything but ERR_OK: out is the busy page, or an empty
 * 503 where even that cannot be made, and *e says why, fit for a log: a box
 * number at most, never a link, code, hash or answer.
 */
enum err_code	 answer_request(struct answer *a, const struct request_raw *in,
		    struct web_reply *out, struct err *e) MUST_USE;

#endif
