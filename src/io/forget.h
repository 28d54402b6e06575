/*
 * forget.h - removes a person, and takes an opt-out back.
 *
 * Under the roster's lock.  roster/last-SURVEY and answers/optout/known go
 * first and the roster, by which the person is found, last: a death in
 * between leaves a person who is still found, and the same command ends it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_FORGET_H
#define SENSED_IO_FORGET_H

#include "base/err.h"
#include "io/holdings.h"

/*
 * Removes what is stored under an address; *h, which the caller wipes, is what
 * there was.  What stays of it: HELD_OPTOUT; HELD_WAVE, until its publication;
 * HELD_DIGEST, for seven days at most.  An import that names the address again
 * brings the person back.  ERR_ABSENT: there was nothing to remove.
 */
enum err_code	forget_person(const char *state_dir, const char *address,
		    struct holdings *h, struct err *e) MUST_USE;

/* Takes an opt-out back.  ERR_ABSENT: there was none. */
enum err_code	forget_optout(const char *state_dir, const char *address,
		    struct err *e) MUST_USE;

/*
 * Forgets that mail did not reach an address, so that it is mailed again from
 * the next wave on.  ERR_ABSENT: it does, as far as is known.
 */
enum err_code	forget_health(const char *state_dir, const char *address,
		    struct err *e) MUST_USE;

#endif
