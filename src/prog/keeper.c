/*
 * keeper.c - the daemon's parent, and the keeper that it forks.
 *
 * The parent reads no file and opens no socket: it waits, and starts others.
 * The keeper is a child without a network that closes waves, applies opt-outs,
 * opens waves by the calendar, and ends; then comes the mailer.  Both start
 * from what is on the disk and from the time of day, however it was reached.
 * Nobody waits for mail, so that a slow relay cannot keep a wave open.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>

#include "base/log.h"
#include "io/clock.h"
#include "io/closing.h"
#include "io/notify.h"
#include "io/opening.h"
#include "io/roster.h"
#include "io/state.h"
#include "prog/attend.h"
#include "prog/confine.h"
#include "prog/keeper.h"
#include "prog/mailer.h"
#include "prog/opener.h"
#include "prog/prog.h"
#include "prog/reload.h"
#include "prog/signals.h"

#define POLL_SECONDS	15

/* What the keepers of one daemon know of each other: shared memory. */
struct shared {
	struct err	said;		/* last fault logged */
	struct opener	opener;
	struct mailer_memory mail;
};

struct keeper {
	struct conf		*conf;
	const char		*path;		/* of its file */
	char			*waves;		/* the directory */
	struct timespec		 changed;	/* when it last did */
	struct mailer		 mailer;
	sigset_t		 open_mask;	/* while waiting */
	int64_t			 now;		/* as the keeper starts */
	struct shared		*shared;
	unsigned int		 steps;		/* of the opener, as seen */
};

/* Logs a fault once, not every 15 seconds. */
static void
say(struct keeper *k, enum err_code rc, const struct err *e)
{
	if (rc == ERR_OK)
		k->shared->said.msg[0] = '\0';
	else if (strcmp(e->msg, k->shared->said.msg) != 0) {
		log_err("%s", e->msg);
		k->shared->said = *e;
	}
}

/* A step of the keeper: what a crash has left half done. */
static int
clean(void *arg)
{
	const struct keeper	*k = arg;
	struct err		 e;
	enum err_code		 rc = opening_clean(k->conf, &e);

	if (rc != ERR_OK)
		log_err("%s", e.msg);
	return prog_sysexit(rc);
}

/* A step of the keeper: everything that is due but mail. */
static int
keep(void *arg)
{
	struct keeper	*k = arg;
	struct err	e, late;
	size_t		n = 0;
	enum err_code	rc, second;

	rc = closing_due(k->conf->state_dir, k->now, &n, &e);
	if (n > 0)
		log_info("closed: %zu", n);
	second = roster_apply_optouts(k->conf->state_dir, &late);
	if (rc == ERR_OK && second != ERR_OK && second != ERR_ABSENT) {
		rc = second;
		e = late;
	}
	say(k, rc, &e);
	attend_space(k->conf->state_dir);
	second = opener_run(&k->shared->opener, k->conf, k->now);
	return prog_sysexit(rc != ERR_OK ? rc : second);
}

static int
once(struct keeper *k)
{
	int	kept, status;

	k->now = clock_now();
	kept = confine(SANDBOX_KEEPER, k->conf, keep, k);
	sigprocmask(SIG_SETMASK, &k->open_mask, NULL);
	mailer_start(&k->mailer, k->conf, true, &k->open_mask);
	status = mailer_finish(&k->mailer);
	return kept != EX_OK ? kept : status;
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

/* An opening may take longer than the watchdog waits: is there progress? */
static void
feed(void *arg)
{
	struct keeper	*k = arg;
	unsigned int	 steps = atomic_load(&k->shared->opener.steps);

	if (steps != k->steps)
		notify(NOTIFY_PROGRESS);
	k->steps = steps;
}

static int
loop(struct keeper *k)
{
	const struct timespec wait = { POLL_SECONDS, 0 };

	log_info("started");
	notify(NOTIFY_READY);
	while (atomic_load(&prog_stop) == 0) {
		k->now = clock_now();
		confine_watched(SANDBOX_KEEPER, k->conf, keep, k, feed);
		signals_forget_child();	/* before the mailer is looked after */
		notify(NOTIFY_PROGRESS);
		if (mailer_may_start(&k->mailer, waves_changed(k)))
			mailer_start(&k->mailer, k->conf, false, &k->open_mask);
		ppoll(NULL, 0, &wait, &k->open_mask);
		if (signals_reload())
			reload_conf(k->path, k->conf);
	}
	notify(NOTIFY_STOPPING);
	mailer_finish(&k->mailer);
	log_info("stopped");
	return EX_OK;
}

int
keeper_run(struct conf *c, const char *path, bool just_once)
{
	struct keeper	k = { .conf = c, .path = path };
	struct err	e;
	int		status;

	if (state_prepare(c->state_dir, &e) != ERR_OK) {
		log_err("%s", e.msg);
		return prog_sysexit(e.code);
	}
	if ((status = confine(SANDBOX_KEEPER, c, clean, &k)) != EX_OK)
		return status;
	k.shared = mmap(NULL, sizeof(*k.shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (k.shared == MAP_FAILED) {
		log_err("no memory to share");
		return EX_OSERR;
	}
	k.mailer.memory = &k.shared->mail;
	k.waves = state_path(c->state_dir, STATE_WAVES_DIR, NULL);
	signals_catch(&k.open_mask, !just_once);
	status = just_once ? once(&k) : loop(&k);
	free(k.waves);
	return status;
}
