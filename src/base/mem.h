/*
 * mem.h - memory that is there, or the process ends.
 *
 * Out of memory ends the process with a line on standard error and exit status
 * 71 (EX_OSERR): the supervisor starts it again, and every change on disk is
 * safe against a death at any point.  So no caller tests for NULL.  Sizes from
 * outside are checked by the caller before they come here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_BASE_MEM_H
#define SENSED_BASE_MEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* n elements of size bytes, all zero; the caller frees.  n * size may be 0. */
void	*mem_zero(size_t n, size_t size) __attribute__((malloc));

/* Ends the process as these do when there is no memory. */
void	mem_exhausted(void) __attribute__((noreturn));

/* p, grown or shrunk to n elements; what is new is not cleared. */
void	*mem_resize(void *p, size_t n, size_t size);

/* A copy of len bytes and a NUL behind them; the caller frees. */
char	*mem_dup(const void *p, size_t len) __attribute__((malloc));

/* A copy of a string; the caller frees. */
char	*mem_str(const char *s) __attribute__((malloc));

/* A formatted string; the caller frees. */
char	*mem_fmt(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char	*mem_vfmt(const char *fmt, va_list ap)
	    __attribute__((format(printf, 1, 0)));

/*
 * While on, whoever follows a null pointer ends as if out of memory: for a
 * library that does not look at what malloc gave it.  Returns what it was
 * before.  Off as far as possible, and always in sanitized builds: it hides a
 * fault of our own.
 */
bool	mem_guard(bool on);

#endif
