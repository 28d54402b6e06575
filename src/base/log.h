/*
 * log.h - what the programs tell the administrator.
 *
 * Lines on standard error, each with its journal priority in front (sd-daemon:
 * "<3>") when the journal reads them.  Only programs log; library code returns
 * a struct err.  No token, address, name or answer ever gets here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_BASE_LOG_H
#define SENSED_BASE_LOG_H

#include <stdbool.h>

enum log_level {
	LOG_LEVEL_ERR = 3,
	LOG_LEVEL_WARN = 4,
	LOG_LEVEL_INFO = 6,
	LOG_LEVEL_DEBUG = 7
};

/*
 * Lines above this level are dropped (LOG_LEVEL_INFO until called); journal
 * puts the priority before each line.
 */
void	log_setup(enum log_level level, bool journal);

void	log_err(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
