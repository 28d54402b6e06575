/*
 * keeper.c - closes waves, applies opt-outs, and forks a mailer.
 *
 * Has no network and never waits for mail, so that a slow relay cannot keep a
 * wave open.  A mailer is a child that does one pass over the open waves and
 * ends: it starts from what is on the disk each time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>

#include "base/log.h"
#include "io/clock.h"
#include "io/closing.h"
#include "io/opening.h"
#include "io/roster.h"
#include "io/state.h"
#include "prog/keeper.h"
#include "prog/mailer.h"
#include "prog/prog.h"

#define POLL_SECONDS	15

struct keeper {
	const struct conf	*conf;
	char			*waves;		/* the directory */
	struct timespec		 changed;	/* when it last did */
	struct mailer		 mailer;
	sigset_t		 open_mask;	/* while waiting */
	struct err		 said;		/* the last fault logged */
};

/* Logs a fault once, not every 15 seconds. */
static void
say(struct keeper *k, enum err_code rc, const struct err *e)
{
	if (rc == ERR_OK)
		k->said.msg[0] = '\0';
	else if (strcmp(e->msg, k->said.msg) != 0) {
		log_err("%s", e->msg);
		k->said = *e;
	}
}

/* Everything that is due but mail. */
static enum err_code
keep(struct keeper *k)
{
	struct err	e, late;
	size_t		n = 0;
	enum err_code	rc, second;

	rc = closing_due(k->conf->state_dir, clock_now(), &n, &e);
	if (n > 0)
		log_info("closed: %zu", n);
	second = roster_apply_optouts(k->conf->state_dir, &late);
	if (rc == ERR_OK && second != ERR_OK && second != ERR_ABSENT) {
		rc = second;
		e = late;
	}
	say(k, rc, &e);
	return rc;
}

static int
once(struct keeper *k)
{
	enum err_code	rc = keep(k);
	int		status;

	sigprocmask(SIG_SETMASK, &k->open_mask, NULL);
	mailer_start(&k->mailer, k->conf, true, &k->open_mask);
	status = mailer_finish(&k->mailer);
	return rc != ERR_OK ? prog_sysexit(rc) : status;
}

/* True if a wave was opened, closed or published since the last time. */
static bool
waves_changed(struct keeper *k)
{
	struct stat	st;
	bool		changed;

	if (stat(k->waves, &st) == -1)
		return false;
	changed = st.st_mtim.tv_sec != k->changed.tv_sec ||
	    st.st_mtim.tv_nsec != k->changed.tv_nsec;
	k->changed = st.st_mtim;
	return changed;
}

static int
loop(struct keeper *k)
{
	const struct timespec wait = { POLL_SECONDS, 0 };

	log_info("started");
	while (atomic_load(&prog_stop) == 0) {
		keep(k);
		if (mailer_may_start(&k->mailer, waves_changed(k)))
			mailer_start(&k->mailer, k->conf, false, &k->open_mask);
		ppoll(NULL, 0, &wait, &k->open_mask);
	}
	mailer_finish(&k->mailer);
	log_info("stopped");
	return EX_OK;
}

static void
on_child(int sig)
{
	(void)sig;	/* only so that the wait ends */
}

/* Signals arrive while the keeper waits, and only then. */
static void
catch_signals(struct keeper *k)
{
	struct sigaction	sa = { .sa_handler = on_child };
	sigset_t		block;

	sigemptyset(&sa.sa_mask);
	sigaction(SIGCHLD, &sa, NULL);
	prog_signals();
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, &k->open_mask);
	sigdelset(&k->open_mask, SIGTERM);
	sigdelset(&k->open_mask, SIGINT);
	sigdelset(&k->open_mask, SIGCHLD);
}

int
keeper_run(const struct conf *c, bool just_once)
{
	struct keeper	k = { .conf = c };
	struct err	e;
	enum err_code	rc;
	int		status;

	if ((rc = state_prepare(c->state_dir, &e)) == ERR_OK)
		rc = opening_clean(c, &e);
	if (rc != ERR_OK) {
		log_err("%s", e.msg);
		return prog_sysexit(rc);
	}
	k.waves = state_path(c->state_dir, STATE_WAVES_DIR, NULL);
	catch_signals(&k);
	status = just_once ? once(&k) : loop(&k);
	free(k.waves);
	return status;
}
