/*
 * reload.h - takes a new configuration while the daemon runs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_RELOAD_H
#define SENSED_PROG_RELOAD_H

#include "io/conf.h"

/*
 * Reads the file, and puts what it says into *c in place of what was there.
 * If anything is wrong with it, or it names another state directory, that is
 * logged and *c stays.  The service manager is told when it is done.
 */
void	reload_conf(const char *path, struct conf *c);

#endif
