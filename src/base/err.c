/*
 * err.c - words for the one error type.
 *
 * Formats into the fixed message of struct err and never allocates, so that it
 * works when nothing else does.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

enum err_code
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	e->code = code;
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	return code;
}

enum err_code
err_sys(struct err *e, const char *fmt, ...)
{
	int	saved = errno;
	size_t	len;
	va_list	ap;

	e->code = ERR_SYS;
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	len = strlen(e->msg);
	snprintf(e->msg + len, sizeof(e->msg) - len, ": %s", strerror(saved));
	errno = saved;
	return ERR_SYS;
}

enum err_code
err_newer(struct err *e, const char *path, const char *format)
{
	return err_set(e, ERR_NEWER, "%s: has format %.8s, of a sensed newer "
	    "than this %s: install that again; nothing was changed", path,
	    format, PACKAGE_VERSION);
}

enum err_code
err_prefix(struct err *e, const char *fmt, ...)
{
	char	old[sizeof(e->msg)];
	size_t	len;
	va_list	ap;

	memcpy(old, e->msg, sizeof(old));
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	len = strlen(e->msg);
	snprintf(e->msg + len, sizeof(e->msg) - len, "%s", old);
	return e->code;
}
