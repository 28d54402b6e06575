/*
 * waveorder.h - which waves of a survey came last.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_WAVEORDER_H
#define SENSED_IO_WAVEORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/health.h"

#define WAVEORDER_MAX	(HEALTH_MARKS + 1)

struct waveorder {
	char	wave[WAVEORDER_MAX][WAVE_NAME_MAX + 1];	/* newest first */
	int64_t	opened[WAVEORDER_MAX];
	size_t	n;
	bool	live;		/* the newest is not published yet */
};

/* ERR_CORRUPT, ERR_SYS: a wave or a publication cannot be read. */
enum err_code	waveorder_read(const char *state_dir, const char *survey,
		    struct waveorder *o, struct err *e) MUST_USE;

#endif
