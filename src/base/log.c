/*
 * log.c - lines on standard error with a journal priority.
 *
 * Each line is one write, so that lines of several processes do not mix.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static enum log_level	highest = LOG_LEVEL_INFO;
static bool		prefixed;

void
log_setup(enum log_level level, bool journal)
{
	highest = level;
	prefixed = journal;
}

static void
line(enum log_level level, const char *fmt, va_list ap)
{
	char	text[1024];
	size_t	len;
	int	saved = errno, n = 0;

	if (level > highest)
		return;
	if (prefixed)
		n = snprintf(text, sizeof(text), "<%d>", (int)level);
	vsnprintf(text + n, sizeof(text) - (size_t)n - 1, fmt, ap);
	len = strlen(text);
	text[len++] = '\n';
	if (write(STDERR_FILENO, text, len) == -1)
		len = 0;	/* nowhere left to say it */
	errno = saved;
}

void
log_err(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line(LOG_LEVEL_ERR, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line(LOG_LEVEL_WARN, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line(LOG_LEVEL_INFO, fmt, ap);
	va_end(ap);
}

void
log_debug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line(LOG_LEVEL_DEBUG, fmt, ap);
	va_end(ap);
}
