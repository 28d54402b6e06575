/*
 * logs.h - searches every file below a directory for links and codes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_LOGS_H
#define SENSED_IO_LOGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/logscan.h"

struct logs {
	/* a line that holds one; never what it holds */
	void		(*found)(void *arg, const char *path, uint64_t line,
			    enum logscan_kind kind);
	/* something that could not be searched, and why */
	void		(*skipped)(void *arg, const struct err *why);
	void		*arg;
	size_t		 files;		/* searched to their end */
	uint64_t	 bytes;		/* of them, unpacked */
};

/*
 * Searches path, a file, a directory with all below it, or LOGFILE_STDIN; links
 * are followed, compressed logs read (io/logfile.h).  ERR_ABSENT, ERR_SYS: not
 * even begun.
 */
enum err_code	logs_search(struct logs *l, const char *path, struct err *e)
		    MUST_USE;

#endif
