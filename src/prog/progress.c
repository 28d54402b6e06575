/*
 * progress.c - a line on the terminal for work that takes over a second.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "prog/progress.h"

#define FIRST_AFTER	1000	/* milliseconds */
#define EVERY		100

static int64_t
milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + 1;
}

/* True if it is time for a line, which the caller prints. */
static bool
begin(struct progress *p)
{
	int64_t now = milliseconds();

	if (p->started == 0)
		p->started = now;
	if (now - p->started < FIRST_AFTER || now - p->shown < EVERY)
		return false;
	p->shown = now;
	if (!isatty(STDERR_FILENO))
		return false;
	p->on_screen = true;
	return true;
}

void
progress_show(struct progress *p, const char *what, uint64_t done,
    uint64_t all)
{
	if (!begin(p))
		return;
	fprintf(stderr, "\r\033[K%s: %" PRIu64 " of %" PRIu64 " (%" PRIu64
	    "%%)", what, done, all, all != 0 ? done * 100 / all : 100);
	fflush(stderr);
}

void
progress_wait(struct progress *p, const char *what)
{
	if (!begin(p))
		return;
	fprintf(stderr, "\r\033[K%s (%" PRId64 " s)", what,
	    (p->shown - p->started) / 1000);
	fflush(stderr);
}

void
progress_end(struct progress *p)
{
	if (p->on_screen)
		fputs("\r\033[K", stderr);
	p->on_screen = false;
}
