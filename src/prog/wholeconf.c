/*
 * wholeconf.c - the configuration with its calendars.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "io/calendar.h"
#include "prog/prog.h"
#include "prog/wholeconf.h"

enum err_code
wholeconf(const char *path, struct conf *c, struct err *e)
{
	enum err_code rc;

	if ((rc = prog_conf(path, c, e)) != ERR_OK)
		return rc;
	if ((rc = calendar_check(c, e)) != ERR_OK)
		conf_wipe(c);
	return rc;
}
