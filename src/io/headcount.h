/*
 * headcount.h - a survey's tree, and how many people each unit has.
 *
 * From the roster, or from the two files that an import would read.  Names and
 * addresses of people are passed over: only their number is kept.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_HEADCOUNT_H
#define SENSED_IO_HEADCOUNT_H

#include "base/err.h"
#include "core/tree.h"

/*
 * Both fill t, invited and all; the caller wipes it, also after an error.
 * ERR_ABSENT: no roster, survey or file; ERR_CORRUPT, ERR_SYS.
 */
enum err_code	headcount_roster(const char *state_dir, const char *survey,
		    struct tree *t, struct err *e) MUST_USE;

/*
 * ERR_INPUT, "FILE:LINE: ...": no CSV, no tree, a person in an unknown unit.
 * What an import checks besides (addresses, leaders, ids that stand twice) is
 * left to `sensectl import --dry-run`.
 */
enum err_code	headcount_files(const char *units, const char *people,
		    struct tree *t, struct err *e) MUST_USE;

#endif
