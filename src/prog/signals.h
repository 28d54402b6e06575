/*
 * signals.h - what wakes the daemon's parent.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_SIGNALS_H
#define SENSED_PROG_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/*
 * Holds back SIGTERM, SIGINT (both: prog_signals), SIGCHLD and, if stays is
 * set, SIGHUP: they arrive only while the process waits with *open_mask.
 */
void	signals_catch(sigset_t *open_mask, bool stays);

/* True if SIGHUP came since the last call. */
bool	signals_reload(void);

/* The end of a child that was waited for must not end the next wait. */
void	signals_forget_child(void);

#endif
