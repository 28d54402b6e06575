/*
 * sandbox_calls.h - the system calls of a role; seccomp's only user.
 *
 * Part of sandbox.h: nothing else includes it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SANDBOX_CALLS_H
#define SENSED_IO_SANDBOX_CALLS_H

#include "base/err.h"
#include "io/sandbox.h"

/* From here on the role's calls and no others.  ERR_SYS. */
enum err_code	sandbox_calls(enum sandbox_role role, struct err *e) MUST_USE;

#endif
