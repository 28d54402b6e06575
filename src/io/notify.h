/*
 * notify.h - tells the service manager how the daemon is.
 *
 * sd_notify(3).  Does nothing, and cannot fail, where nobody listens, and in a
 * build without systemd.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_NOTIFY_H
#define SENSED_IO_NOTIFY_H

enum notify {
	NOTIFY_READY,		/* started, or done with reloading */
	NOTIFY_RELOADING,	/* NOTIFY_READY follows */
	NOTIFY_PROGRESS,	/* feeds the watchdog: only after real work */
	NOTIFY_STOPPING,
	NOTIFY__MAX
};

void	notify(enum notify what);

#endif
