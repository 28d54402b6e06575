/*
 * ctl_canary.h - the canary of sensectl check-logs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_CTL_CANARY_H
#define SENSED_PROG_CTL_CANARY_H

#include "prog/ctl.h"

/*
 * Requests the canary in a process of its own, which is not root's where the
 * store is not, prints what came of each request, and what is to be done next.
 * ERR_BUSY: nobody was reached, nothing is proved; ERR_SYS.
 */
enum err_code	ctl_canary_request(const struct ctl *c, struct err *e)
		    MUST_USE;

/* Prints what would have to be opened instead. */
void		ctl_canary_show(const struct conf *c);

#endif
