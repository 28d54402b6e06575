/*
 * keeper.h - the daemon's first process: opens and closes waves, and mails.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_KEEPER_H
#define SENSED_PROG_KEEPER_H

#include <stdbool.h>

#include "io/conf.h"

/*
 * Destroys what openings cut short have left, then does all that is due: once,
 * or until SIGTERM or SIGINT.  Logs what is wrong; the exit status.  SIGHUP
 * reads the file at path again, into *c: see prog/reload.h.
 */
int	keeper_run(struct conf *c, const char *path, bool once);

#endif
