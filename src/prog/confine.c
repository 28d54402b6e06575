/*
 * confine.c - fork, enter the sandbox, do one step, end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "prog/confine.h"
#include "prog/prog.h"

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

int
confine(enum sandbox_role role, const struct conf *c, confine_step *step,
    void *arg)
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
