/*
 * wavefile.h - the wave file: state, times and all that was frozen.
 *
 * Written whole at opening and when the state changes, under the wave's lock.
 * sensed.cgi reads it and cannot write it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_WAVEFILE_H
#define SENSED_IO_WAVEFILE_H

#include "base/err.h"
#include "core/wave.h"
#include "io/waves.h"

enum wave_reading {
	WAVE_BRIEF,	/* all but the tree */
	WAVE_WHOLE
};

/* Reads a wave file, which the caller wipes.  ERR_ABSENT, ERR_CORRUPT. */
enum err_code	wavefile_read(const char *path, enum wave_reading how,
		    struct wave *w, struct err *e) MUST_USE;

/* Writes path (durably, by rename) from w, whose tree must be whole. */
enum err_code	wavefile_write(const char *path, const struct wave *w,
		    struct err *e) MUST_USE;

#endif
