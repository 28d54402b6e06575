/*
 * web.h - one request at a time, as CGI or FastCGI; libfcgi's only user.
 *
 * STANDARDS H2, H3, H9, P5 and P8.  What is asked and what is answered is the
 * handler's; reading, the constant headers, the time limit and the processes
 * are here.  Nothing of a request is kept, logged or put into an error.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_WEB_H
#define SENSED_IO_WEB_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/request.h"

#define WEB_SECONDS	20	/* a worker gives a request up: H9 */
#define WEB_WORKERS_MAX	256
#define WEB_REPLY_MAX	(256 * 1024)	/* bytes of a page: a form is 30 KB */

struct web_reply {
	unsigned int	 status;
	const char	*allow;		/* constant; NULL: no Allow header */
	const char	*style;		/* base64 SHA-256; NULL: no style */
	struct buf	 body;		/* HTML; wiped when it is sent */
};

/* Fills *out, which comes empty. */
typedef void	web_handler(void *arg, const struct request_raw *in,
		    struct web_reply *out);

/*
 * Called once in each process that answers, before it reads a byte of any
 * request; fastcgi tells that more connections will be taken.
 */
typedef void	web_begin(void *arg, bool fastcgi);

struct web_service {
	web_begin	*begin;		/* NULL: nothing to do */
	web_handler	*handle;
	void		*arg;		/* of both */
	unsigned int	 workers;	/* 0: four a core */
};

/*
 * Serves what descriptor 0 brings.  A listening socket: FastCGI, with worker
 * processes until SIGTERM, when each finishes the request in hand; a worker
 * that dies is replaced.  Anything else: CGI, the one request of the
 * environment and standard input.
 *
 * Returns ERR_OK at the end, in the parent and in every worker: the caller
 * just leaves.  ERR_INPUT: not started by a web server, or the socket is TCP
 * and not on loopback.  ERR_SYS.
 */
enum err_code	web_serve(const struct web_service *s, struct err *e)
		    MUST_USE;

#endif
