/*
 * settext.h - what libconfig would let pass, found in the text of a file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SETTEXT_H
#define SENSED_IO_SETTEXT_H

#include <stddef.h>

#include "base/err.h"

#define SETTEXT_DIGITS	9	/* more may overflow 32 bits, unseen */

/*
 * ERR_INPUT, "FILE:LINE: ...": not UTF-8, a NUL (also as \x00 in a text), a
 * number of more than SETTEXT_DIGITS digits, a number in hexadecimal.
 */
enum err_code	settext_check(const char *path, const char *text, size_t len,
		    struct err *e) MUST_USE;

#endif
