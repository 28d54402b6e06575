/*
 * wholeconf.h - the configuration with its calendars.
 *
 * For the programs that go by them: the others do without libical.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_WHOLECONF_H
#define SENSED_PROG_WHOLECONF_H

#include "io/conf.h"

/* As prog_conf; a calendar that cannot be kept is ERR_INPUT too. */
enum err_code	wholeconf(const char *path, struct conf *c, struct err *e)
		    MUST_USE;

#endif
