/*
 * progress.h - a line on the terminal for work that takes over a second.
 *
 * On standard error, and only if that is a terminal: quiet in a pipe.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_PROGRESS_H
#define SENSED_PROG_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	int64_t	started, shown;	/* milliseconds; 0: not yet */
	bool	on_screen;
};

/* Shows "what: done of all", at most ten times a second. */
void	progress_show(struct progress *p, const char *what, uint64_t done,
	    uint64_t all);

/* The same without numbers, for a wait of unknown length. */
void	progress_wait(struct progress *p, const char *what);

/* Clears the line if there is one. */
void	progress_end(struct progress *p);

#endif
