/*
 * notify.c - tells the service manager how the daemon is: libsystemd.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include "io/notify.h"

#ifdef HAVE_SYSTEMD
static const char *const words[NOTIFY__MAX] = {
	[NOTIFY_READY] = "READY=1",
	[NOTIFY_RELOADING] = "RELOADING=1",
	[NOTIFY_PROGRESS] = "WATCHDOG=1",
	[NOTIFY_STOPPING] = "STOPPING=1",
};
#endif

void
notify(enum notify what)
{
#ifdef HAVE_SYSTEMD
	/* Whoever listens notices what is missing: there is nothing to do. */
	(void)sd_notify(0, words[what]);
#else
	(void)what;
#endif
}
