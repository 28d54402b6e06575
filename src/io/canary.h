/*
 * canary.h - requests the canary, as a person opens a link.
 *
 * STANDARDS C7: so that a search of the logs afterwards proves something.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_CANARY_H
#define SENSED_IO_CANARY_H

#include <stddef.h>

#include "base/err.h"
#include "io/probe.h"

/* One request, and what came of it. */
typedef void	canary_told(void *arg, const char *method, const char *url,
		    const struct probe *p);

struct canary {
	canary_told	*told;
	void		*arg;
	size_t		 reached;	/* requests that a server answered */
	size_t		 ours;		/* of them, with our pages */
};

/*
 * Asks for the form, its recording, an opt-out and the change page, below
 * base_url, and then the same by http if that is https: links are typed, too.
 * The first request that reaches nobody is the last one there.  ERR_BUSY:
 * nobody was reached at base_url, so that nothing can be in a log; ERR_SYS.
 */
enum err_code	canary_request(struct canary *c, const char *base_url,
		    struct err *e) MUST_USE;

/*
 * The addresses of number 0 and up, to be freed; *body is what is posted, NULL
 * for one that is got.  NULL: there are no more.
 */
char		*canary_url(size_t number, const char *base_url,
		    const char **body);

#endif
