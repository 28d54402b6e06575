/*
 * mailer.c - the mailer process: its beginning, its end, its rest, and the care
 * for it meanwhile.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "io/clock.h"
#include "prog/mailer.h"
#include "prog/prog.h"

#define SECOND		((int64_t)1000000)	/* of clock_steady */
#define REST_LEAST	(60 * SECOND)	/* where nothing is left to mail */
#define REST_TIMES	20	/* so that idle passes take a 20th of a core */
#define REST_MOST	(600 * SECOND)	/* an order or a retry waits for it */
/* The longest that a good one waits is for a reply: REPLY_SECONDS, smtp.c. */
#define STILL_MINUTES	30
#define STILL_SECONDS	(STILL_MINUTES * 60)
#define GRACE_SECONDS	60	/* for mails in hand */
#define LOOK_MS		10000	/* between two looks at it */

/*
 * A pass that finds nothing to do is work too: it reads every ledger.  What it
 * waited for, a relay or a cap, does not count.
 */
static int64_t
rest_after(const struct rusage *used)
{
	int64_t rest = (used->ru_utime.tv_sec + used->ru_stime.tv_sec) *
	    REST_TIMES * SECOND;

	if (rest < REST_LEAST)
		return REST_LEAST;
	return rest < REST_MOST ? rest : REST_MOST;
}

/* A machine that was suspended for an hour has not hung for an hour. */
static time_t
awake(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

void
mailer_start(struct mailer *m, const struct conf *c, bool once,
    const sigset_t *mask)
{
	pid_t parent = getpid();

	m->memory->more = m->wanted = false;
	m->moved = awake();
	m->told = 0;
	if ((m->pid = fork()) == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(EX_TEMPFAIL);
		sigprocmask(SIG_SETMASK, mask, NULL);
		_exit(mailpass(c, m->memory, once));
	}
	if (m->pid == -1) {
		log_err("fork: %s", strerror(errno));
		m->pid = 0;
		m->next = clock_steady() + REST_LEAST;
	}
}

/* The status of a mailer that has ended; -1: none has. */
static int
reap(struct mailer *m, int how)
{
	struct rusage	used;
	int		status;

	if (m->pid == 0 || wait4(m->pid, &status, how, &used) != m->pid)
		return -1;
	m->pid = 0;
	m->next = clock_steady() + rest_after(&used);
	if (WIFEXITED(status) && m->memory->more)
		m->wanted = true;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	log_err("the mailer was ended by signal %d", WTERMSIG(status));
	return EX_SOFTWARE;
}

/* One that hangs does not hear SIGTERM either, perhaps. */
static void
watch(struct mailer *m)
{
	unsigned int	steps = atomic_load(&m->memory->steps);
	time_t		now = awake();

	if (m->pid == 0)
		return;
	if (steps != m->steps) {
		m->steps = steps;
		m->moved = now;
		m->told = 0;
	} else if (m->told != 0 && now - m->told >= GRACE_SECONDS) {
		kill(m->pid, SIGKILL);
	} else if (m->told == 0 && now - m->moved >= STILL_SECONDS) {
		log_err("the mailer has not gone on for %d minutes: it is "
		    "ended, and another one starts where the ledger ends",
		    STILL_MINUTES);
		kill(m->pid, SIGTERM);
		m->told = now;
	}
}

bool
mailer_may_start(struct mailer *m, bool now)
{
	m->wanted |= now;
	reap(m, WNOHANG);
	watch(m);
	return m->pid == 0 && (m->wanted || clock_steady() >= m->next);
}

/* Until it ends, a signal comes, or it is time to look at it. */
static bool
wait_for(pid_t pid)
{
	struct pollfd	end = { .events = POLLIN };
	bool		may = true;

	if ((end.fd = (int)syscall(SYS_pidfd_open, pid, 0)) == -1)
		return false;
	if (poll(&end, 1, LOOK_MS) == -1)
		may = errno == EINTR;
	close(end.fd);
	return may;
}

int
mailer_finish(struct mailer *m)
{
	int how, status = EX_OSERR;

	while (m->pid != 0) {
		if (atomic_load(&prog_stop) != 0)
			kill(m->pid, SIGTERM);
		how = wait_for(m->pid) ? WNOHANG : 0;
		status = reap(m, how);
		if (status == -1 && how == 0 && errno != EINTR)
			return EX_OSERR;
		watch(m);
	}
	return status;
}
