/*
 * mem.c - allocation that cannot fail, because it ends the process.
 *
 * The one place that ends the process for want of memory.  Never prints what
 * the memory was for: that could be a secret.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/mem.h"

#define NULL_BYTES	65536	/* so far from null is still null's fault */

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED	1
#elif defined(__has_feature)
#define SANITIZED	__has_feature(address_sanitizer)
#else
#define SANITIZED	0
#endif

void
mem_exhausted(void)
{
	static const char words[] = "sensed: out of memory\n";

	if (write(STDERR_FILENO, words, sizeof(words) - 1) == -1)
		_exit(EX_OSERR);
	_exit(EX_OSERR);
}

void *
mem_zero(size_t n, size_t size)
{
	void *p = calloc(n != 0 ? n : 1, size != 0 ? size : 1);

	if (p == NULL)
		mem_exhausted();
	return p;
}

void *
mem_resize(void *p, size_t n, size_t size)
{
	void *q;

	if (size != 0 && n > SIZE_MAX / size)
		mem_exhausted();
	q = realloc(p, n * size != 0 ? n * size : 1);
	if (q == NULL)
		mem_exhausted();
	return q;
}

char *
mem_dup(const void *p, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		mem_exhausted();
	copy = mem_zero(len + 1, 1);
	if (len != 0)
		memcpy(copy, p, len);
	return copy;
}

char *
mem_str(const char *s)
{
	return mem_dup(s, strlen(s));
}

char *
mem_vfmt(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) == -1)
		mem_exhausted();
	return s;
}

char *
mem_fmt(const char *fmt, ...)
{
	char	*s;
	va_list	 ap;

	va_start(ap, fmt);
	s = mem_vfmt(fmt, ap);
	va_end(ap);
	return s;
}

static void
on_fault(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if ((uintptr_t)info->si_addr < NULL_BYTES)
		mem_exhausted();
	signal(sig, SIG_DFL);	/* the fault comes again, and is told */
}

bool
mem_guard(bool on)
{
	struct sigaction sa = { .sa_flags = on ? SA_SIGINFO : 0 }, old;

	sigemptyset(&sa.sa_mask);
	if (on)
		sa.sa_sigaction = on_fault;
	else
		sa.sa_handler = SIG_DFL;
	if (SANITIZED || sigaction(SIGSEGV, &sa, &old) == -1)
		return false;
	return old.sa_flags & SA_SIGINFO;
}
