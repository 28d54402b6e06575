/*
 * waves.h - which waves are open or closed, by the names of their files.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_WAVES_H
#define SENSED_IO_WAVES_H

#include <stddef.h>

#include "base/err.h"
#include "core/wave.h"

/* A revealed wave, by what its file name tells. */
struct wave_ref {
	unsigned int	tag;
	char		name[WAVE_NAME_MAX + 1];
};

/*
 * All revealed waves, in byte order of file name; the caller frees *out.
 * Names that we never wrote are left out.
 */
enum err_code	waves_list(const char *state_dir, struct wave_ref **out,
		    size_t *n, struct err *e) MUST_USE;

/* The revealed wave with this tag, or this name.  ERR_ABSENT. */
enum err_code	waves_by_tag(const char *state_dir, unsigned int tag,
		    struct wave_ref *out, struct err *e) MUST_USE;
enum err_code	waves_by_name(const char *state_dir, const char *name,
		    struct wave_ref *out, struct err *e) MUST_USE;

#endif
