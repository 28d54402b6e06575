/*
 * doctor.h - what the network has to say about our mail and our pages.
 *
 * STANDARDS C2 to C5: names, relays, the web address, the clock.  Each strand
 * is a child with a time limit, all side by side: what answers too late, or
 * makes its strand die, is told as not known.  Sends and writes nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_DOCTOR_H
#define SENSED_IO_DOCTOR_H

#include "base/err.h"
#include "io/conf.h"

#define DOCTOR_SECONDS	15	/* the longest that all of it can take */

enum doctor_level {
	DOCTOR_FINE,
	DOCTOR_WARNING,		/* not known, or not as it could be */
	DOCTOR_PROBLEM		/* mail will be refused, pages not reached */
};

struct doctor {
	const struct conf	*conf;
	const char		*password;	/* NULL: do not log in */
	const char		*resolver;	/* see resolver_open; or NULL */
};

/* Called for each finding: what it is, what it means, what to do. */
typedef void	doctor_tell(void *arg, enum doctor_level level,
		    const char *words);

/* C4: is the return path of the sender's domain?  Needs no network. */
void	doctor_alignment(const struct site *site, doctor_tell *tell,
	    void *arg);

/*
 * Looks and tells.  Names reserved for examples are asked for only if a
 * resolver is given.  What the network says is never an error.  ERR_INPUT: the
 * resolver is malformed; ERR_SYS.
 */
enum err_code	doctor_run(const struct doctor *d, doctor_tell *tell,
		    void *arg, struct err *e) MUST_USE;

#endif
