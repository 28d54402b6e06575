/*
 * civil.h - a moment as people write it, in the organisation's time zone.
 *
 * Filled by io/clock.c; the core never asks what time it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_CIVIL_H
#define SENSED_CORE_CIVIL_H

struct civil {
	int	year;
	int	month;		/* 1..12 */
	int	day;		/* 1..31 */
	int	weekday;	/* 0 is Sunday */
	int	hour, minute, second;
	int	offset;		/* minutes east of UTC */
};

#endif
