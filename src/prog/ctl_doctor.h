/*
 * ctl_doctor.h - what sensectl check looks at around the surveys.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_CTL_DOCTOR_H
#define SENSED_PROG_CTL_DOCTOR_H

#include "prog/ctl.h"

/*
 * Owners and modes of the state directory (STANDARDS C5); adds to *warnings.
 * ERR_SYS: the service cannot read or write all of it.
 */
enum err_code	ctl_access(const struct conf *c, unsigned int *warnings,
		    struct err *e) MUST_USE;

/* Room on the disk, core dumps and the clock; adds to *warnings. */
enum err_code	ctl_machine(const struct conf *c, unsigned int *warnings,
		    struct err *e) MUST_USE;

/* The clock, and core dumps; adds to *warnings. */
enum err_code	ctl_machine(const struct conf *c, unsigned int *warnings,
		    struct err *e) MUST_USE;

/*
 * Prints what the network says, unless CTL_OFFLINE is given; adds to
 * *warnings.  ERR_REFUSED: CTL_STRICT is given, and not all is well.
 */
enum err_code	ctl_network(const struct ctl *c, unsigned int *warnings,
		    struct err *e) MUST_USE;

/* Prints the note for the IT desk, in CTL_LANG or the first language. */
enum err_code	ctl_it_note(const struct ctl *c, struct err *e) MUST_USE;

#endif
