/*
 * machine.h - what this machine itself has to say: its clock, its core dumps.
 *
 * STANDARDS C5.  Needs no network; reads, and sets nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_MACHINE_H
#define SENSED_IO_MACHINE_H

#include "base/err.h"
#include "io/conf.h"
#include "io/doctor.h"

/*
 * Tells whether the kernel's clock is synchronised, and not before the newest
 * moment that is written in the state directory: an opening, a mail, a
 * closing.  Files' own times tell nothing, a copy may change them.
 */
enum err_code	machine_clock(const struct conf *c, doctor_tell *tell,
		    void *arg, struct err *e) MUST_USE;

/*
 * Tells of core dumps.  Ours leave none, the kernel says; a web server, which
 * has answers in its memory too, may, if the kernel lets those do it that have
 * given up root.
 */
void		machine_dumps(doctor_tell *tell, void *arg);

#endif
