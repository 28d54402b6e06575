/*
 * mailer.c - the mailer process: its passes, its beginning and its end.
 *
 * A fault of one wave does not keep the mail of another.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/log.h"
#include "io/mailing.h"
#include "io/orders.h"
#include "io/sandbox.h"
#include "io/smtp.h"
#include "prog/alerts.h"
#include "prog/attend.h"
#include "prog/leaders.h"
#include "prog/mailer.h"
#include "prog/passlog.h"
#include "prog/progress.h"
#include "prog/prog.h"

#define PAUSE_SECONDS	60	/* between two mailers, at least */
#define PAUSE_TIMES	20	/* and so many times what the last took */
#define PAUSE_MOST	600	/* an order waits no longer than that */

static void
show(void *arg, uint64_t done, uint64_t all)
{
	progress_show(arg, "mailed", done, all);
}

/* An order waited for the end of the pass: true when it was given. */
static bool
let(const struct mailing *m, const struct wave_ref *wave)
{
	log_info("%s: mailing waits for an order", wave->name);
	if (orders_let(m->conf->state_dir, wave->name, m->stop))
		return true;
	if (atomic_load(m->stop) == 0)
		log_warn("%s: whoever has an order does not give it, and holds "
		    "up the mail: is a sensectl stopped?", wave->name);
	return false;
}

static enum err_code
mail_wave(const struct mailing *m, const struct wave_ref *wave, bool once)
{
	struct mailing_result	r;
	struct err		e;
	enum err_code		rc;

	do {
		rc = mailing_run(m, wave, &r, &e);
		passlog(wave->name, &r);
		attend_pass(m->conf->state_dir, wave->name, &r, rc, &e);
	} while (r.awaited && rc == ERR_OK && let(m, wave));
	if (rc == ERR_OK && r.awaited && atomic_load(m->stop) == 0)
		return ERR_BUSY;
	if (rc == ERR_OK && r.paused && once)
		log_warn("%s: mailing is paused; 'sensectl resume %s' goes on",
		    wave->name, wave->name);
	return rc;
}

static enum err_code
mail_all(const struct mailing *m, bool once, struct err *e)
{
	struct wave_ref	*wave;
	enum err_code	 rc, worst = ERR_OK;
	size_t		 n, i;

	rc = waves_list(m->conf->state_dir, &wave, &n, e);
	if (rc != ERR_OK) {
		log_err("%s", e->msg);
		return rc;
	}
	for (i = 0; i < n && atomic_load(m->stop) == 0; i++) {
		rc = mail_wave(m, &wave[i], once);
		if (worst == ERR_OK)
			worst = rc;
	}
	free(wave);
	return worst;
}

/* All of the child's life; its exit status. */
static int
pass(const struct mailer *mailer, const struct conf *c, bool once)
{
	struct progress	 progress = { 0 };
	struct mailing	 m = { .conf = c, .stop = &prog_stop,
			    .seen = mailer->seen, .arg = &progress,
			    .progress = once ? show : NULL };
	char		*password = NULL;
	struct err	 e;
	enum err_code	 rc, leaders;

	if ((rc = smtp_start(&e)) != ERR_OK ||
	    (rc = prog_password(c, &password, &e)) != ERR_OK ||
	    (rc = sandbox_enter(SANDBOX_MAILER, c->state_dir, c->templates,
	    &e)) != ERR_OK) {
		log_err("%s", e.msg);
		return prog_conf_status(rc);
	}
	m.password = password;
	rc = mail_all(&m, once, &e);
	leaders = leaders_mail(&m);
	alerts_mail(&m);
	progress_end(&progress);
	if (password != NULL)
		crypt_wipe(password, strlen(password));
	free(password);
	return prog_sysexit(rc != ERR_OK ? rc : leaders);
}

static time_t
monotonic(void)
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

	m->started = monotonic();
	if ((m->pid = fork()) == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(EX_TEMPFAIL);
		sigprocmask(SIG_SETMASK, mask, NULL);
		_exit(pass(m, c, once));
	}
	if (m->pid == -1) {
		log_err("fork: %s", strerror(errno));
		m->pid = 0;
		m->next = m->started + PAUSE_SECONDS;
	}
}

/* The status of a mailer that has ended; -1: none has. */
static int
reap(struct mailer *m, int how)
{
	time_t	pause;
	int	status;

	if (m->pid == 0 || waitpid(m->pid, &status, how) != m->pid)
		return -1;
	m->pid = 0;
	pause = (monotonic() - m->started) * PAUSE_TIMES;
	if (pause > PAUSE_MOST)
		pause = PAUSE_MOST;
	m->next = monotonic() + (pause > PAUSE_SECONDS ? pause : PAUSE_SECONDS);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	log_err("the mailer was ended by signal %d", WTERMSIG(status));
	return EX_SOFTWARE;
}

bool
mailer_may_start(struct mailer *m, bool now)
{
	reap(m, WNOHANG);
	return m->pid == 0 && (now || monotonic() >= m->next);
}

int
mailer_finish(struct mailer *m)
{
	int status = EX_OSERR;

	while (m->pid != 0) {
		if (atomic_load(&prog_stop) != 0)
			kill(m->pid, SIGTERM);
		if ((status = reap(m, 0)) == -1 && errno != EINTR)
			return EX_OSERR;
	}
	return status;
}
