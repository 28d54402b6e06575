/*
 * freeze.h - what is fixed at opening, and when a wave may open at all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_FREEZE_H
#define SENSED_IO_FREEZE_H

#include <stdbool.h>

#include "base/err.h"
#include "core/wave.h"
#include "io/opening.h"

/*
 * Fills name, times, k, protect, languages and questions of *w from the
 * configuration.  ERR_INPUT: a bad wave name or closing time.
 */
enum err_code	freeze_wave(const struct opening *o, struct wave *w,
		    struct err *e) MUST_USE;

/*
 * Asks the disk whether it may open now, and chooses a tag that no wave uses.
 * ERR_REFUSED, see opening_run.
 */
enum err_code	freeze_check(const struct opening *o, struct wave *w,
		    struct err *e) MUST_USE;

/* False only if surely no wave file stands under its name. */
bool		freeze_revealed(const char *state_dir, const struct wave *w);

#endif
