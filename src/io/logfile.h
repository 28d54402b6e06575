/*
 * logfile.h - the bytes of a log, plain or compressed by gzip; zlib's user.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_LOGFILE_H
#define SENSED_IO_LOGFILE_H

#include <stddef.h>

#include "base/err.h"

typedef void	logfile_piece(void *arg, const char *p, size_t len);

#define LOGFILE_STDIN	"-"

/*
 * Hands all bytes of a file, or of LOGFILE_STDIN, to each, unpacked, in pieces.
 * ERR_ABSENT; ERR_CORRUPT: the compressed file is damaged or not whole;
 * ERR_INPUT: it is compressed in another way; ERR_SYS.
 */
enum err_code	logfile_read(const char *path, logfile_piece *each, void *arg,
		    struct err *e) MUST_USE;

#endif
