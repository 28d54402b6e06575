/*
 * confine.c - fork, enter the sandbox, do one step, end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "prog/confine.h"
#include "prog/prog.h"

#define LOOK_MILLISECONDS	10000

static int
child(enum sandbox_role role, const struct conf *c, confine_step *step,
    void *arg)
{
	struct err	e;
	enum err_code	rc;

	rc = sandbox_enter(role, c->state_dir, c->templates, &e);
	if (rc == ERR_OK)
		return step(arg);
	log_err("%s", e.msg);
	return prog_sysexit(rc);
}

/* Until the child has ended, or cannot be watched. */
static void
watch(pid_t pid, confine_meanwhile *meanwhile, void *arg)
{
	struct pollfd	end = { .events = POLLIN };
	int		n;

	if ((end.fd = (int)syscall(SYS_pidfd_open, pid, 0)) == -1)
		return;
	while ((n = poll(&end, 1, LOOK_MILLISECONDS)) <= 0) {
		if (n == 0)
			meanwhile(arg);
		else if (errno != EINTR)
			break;
	}
	close(end.fd);
}

int
confine(enum sandbox_role role, const struct conf *c, confine_step *step,
    void *arg)
{
	return confine_watched(role, c, step, arg, NULL);
}

int
confine_watched(enum sandbox_role role, const struct conf *c,
    confine_step *step, void *arg, confine_meanwhile *meanwhile)
{
	pid_t	parent = getpid(), pid, ended;
	int	status;

	if ((pid = fork()) == 0) {
		/* a kill may come at any time: nothing is lost by one more */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(getppid() == parent ? child(role, c, step, arg) :
		    EX_TEMPFAIL);
	}
	if (pid == -1) {
		log_err("fork: %s", strerror(errno));
		return EX_OSERR;
	}
	if (meanwhile != NULL)
		watch(pid, meanwhile, arg);
	do
		ended = waitpid(pid, &status, 0);
	while (ended == -1 && errno == EINTR);
	if (ended == -1) {
		log_err("wait: %s", strerror(errno));
		return EX_OSERR;
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	log_err("a step was ended by signal %d", WTERMSIG(status));
	return EX_SOFTWARE;
}
