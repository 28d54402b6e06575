/*
 * reload.c - takes a new configuration while the daemon runs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "io/clock.h"
#include "io/notify.h"
#include "prog/reload.h"
#include "prog/wholeconf.h"

/* The new one may have set its zone already. */
static void
stay(const struct conf *c, const struct err *e)
{
	struct err zone;

	log_err("%s", e->msg);
	log_err("the configuration is not taken: all stays as it was");
	if (clock_zone(c->timezone, &zone) != ERR_OK)
		log_err("%s", zone.msg);
}

static void
take(const char *path, struct conf *c)
{
	struct conf	read;
	struct err	e;

	if (wholeconf(path, &read, &e) != ERR_OK) {
		stay(c, &e);
		return;
	}
	if (strcmp(read.state_dir, c->state_dir) != 0) {
		(void)!err_set(&e, ERR_REFUSED, "%s: state_dir is another: "
		    "restart sensed for that", path);
		conf_wipe(&read);
		stay(c, &e);
		return;
	}
	conf_wipe(c);
	*c = read;
	log_info("the configuration was read again");
}

void
reload_conf(const char *path, struct conf *c)
{
	notify(NOTIFY_RELOADING);
	take(path, c);
	notify(NOTIFY_READY);
}
