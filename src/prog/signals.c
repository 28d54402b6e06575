/*
 * signals.c - what wakes the daemon's parent.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdatomic.h>
#include <time.h>

#include "prog/prog.h"
#include "prog/signals.h"

static atomic_int hangup;

static void
on_child(int sig)
{
	(void)sig;	/* only so that the wait ends with a mailer */
}

static void
on_hangup(int sig)
{
	(void)sig;
	atomic_store(&hangup, 1);
}

static void
hold(int sig, sigset_t *open_mask)
{
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, sig);
	sigprocmask(SIG_BLOCK, &one, NULL);
	sigdelset(open_mask, sig);
}

void
signals_catch(sigset_t *open_mask, bool stays)
{
	struct sigaction sa = { .sa_handler = on_child };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGCHLD, &sa, NULL);
	prog_signals();
	sigprocmask(SIG_BLOCK, NULL, open_mask);
	hold(SIGTERM, open_mask);
	hold(SIGINT, open_mask);
	hold(SIGCHLD, open_mask);
	if (!stays)
		return;
	sa.sa_handler = on_hangup;
	sigaction(SIGHUP, &sa, NULL);
	hold(SIGHUP, open_mask);
}

bool
signals_reload(void)
{
	return atomic_exchange(&hangup, 0) != 0;
}

void
signals_forget_child(void)
{
	const struct timespec	none = { 0, 0 };
	sigset_t		child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	(void)sigtimedwait(&child, NULL, &none);
}
