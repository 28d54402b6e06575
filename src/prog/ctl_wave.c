/*
 * ctl_wave.c - sensectl open, close and discard.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/clock.h"
#include "io/closing.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/opened.h"
#include "io/opening.h"
#include "io/publishing.h"
#include "io/remains.h"
#include "io/state.h"
#include "io/waves.h"
#include "prog/ctl.h"
#include "prog/progress.h"

static void
show(void *arg, const char *what, uint32_t done, uint32_t all)
{
	progress_show(arg, what, done, all);
}

enum err_code
ctl_open(const struct ctl *c, struct err *e)
{
	struct progress	progress = { 0 };
	struct opened	done;
	struct opening	o = {
		.conf = c->conf, .survey = conf_survey(c->conf, c->arg),
		.wave = c->opt[CTL_WAVE], .now = clock_now(),
		.force = c->opt[CTL_FORCE] != NULL, .progress = show,
		.arg = &progress
	};
	char		closes[32];
	enum err_code	rc;

	if (o.survey == NULL)
		return err_set(e, ERR_ABSENT, "%s: no such survey in %s",
		    c->arg, c->conf_path);
	if (c->opt[CTL_CLOSES] != NULL &&
	    !clock_parse(c->opt[CTL_CLOSES], &o.closes))
		return err_set(e, ERR_INPUT, "--closes %s: expected a time "
		    "such as 2026-10-19T09:00", c->opt[CTL_CLOSES]);
	rc = opening_run(&o, &done, e);
	progress_end(&progress);
	if (rc != ERR_OK)
		return rc;
	clock_iso(closes, done.closes);
	printf("wave %s is open until %s: %" PRIu32 " people in %" PRIu32
	    " units, %u boxes\n", done.wave, closes, done.people, done.units,
	    done.boxes);
	if (done.left_out > 0)
		printf("%" PRIu32 " people are left out, since no mail reaches "
		    "them: sensectl unreachable\n", done.left_out);
	return ERR_OK;
}

enum err_code
ctl_close(const struct ctl *c, struct err *e)
{
	enum err_code rc;

	rc = closing_now(c->conf->state_dir, c->arg, clock_now(), e);
	if (rc == ERR_OK)
		printf("wave %s is closed; sensed-digest publishes it\n",
		    c->arg);
	return rc;
}

/*
 * An opening that died before it was noted is noted now, while the wave is
 * there to tell; one that cannot be read tells nothing, and goes all the same.
 */
static void
note_openings(const struct conf *c)
{
	struct err	e;
	int64_t		when;
	size_t		i;

	for (i = 0; i < c->n_surveys; i++)
		if (opened_last(c->state_dir, c->survey[i].name, INT64_MAX,
		    &when, &e) != ERR_OK)
			continue;
}

static enum err_code
discard_locked(const struct conf *c, const char *wave, bool force,
    struct err *e)
{
	static const enum state_file beside[] = {
		STATE_DIGEST_LEDGER, STATE_REVIEW_LEDGER,
		STATE_ATTENTION_MISSED
	};
	const char	*dir = c->state_dir;
	size_t		 i;
	enum err_code	 rc;
	char		*path = state_path(dir, STATE_PUBLISHED, wave);
	bool		 there;

	rc = file_there(path, &there, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	if (there)
		return err_set(e, ERR_REFUSED, "wave %s is published; its "
		    "figures stay", wave);
	rc = publishing_possible(dir, wave, e);
	if (rc == ERR_OK && !force)
		return err_set(e, ERR_REFUSED, "wave %s can still be "
		    "published; discard would destroy its answers for ever "
		    "(--force does it all the same)", wave);
	if (rc != ERR_OK && rc != ERR_CORRUPT)
		return rc;
	note_openings(c);
	if ((rc = remains_destroy(dir, wave, e)) != ERR_OK)
		return rc;
	/* what outlives a publication, but not a wave without one */
	for (i = 0; i < sizeof(beside) / sizeof(beside[0]) && rc == ERR_OK;
	    i++) {
		path = state_path(dir, beside[i], wave);
		rc = file_remove(path, e);
		free(path);
	}
	return rc;
}

/* A store that came back from a backup has the wave, and no lock. */
static enum err_code
discard_lock(const char *dir, const char *wave, int *fd, struct err *e)
{
	char		*lock = state_path(dir, STATE_WAVE_LOCK, wave);
	enum err_code	 rc = lock_take(lock, LOCK_EXCLUSIVE, 0, fd, e);
	struct wave_ref	 ref;

	if (rc == ERR_ABSENT && (rc = waves_by_name(dir, wave, &ref, e)) ==
	    ERR_OK && (rc = state_prepare(dir, e)) == ERR_OK)
		rc = lock_take(lock, LOCK_EXCLUSIVE, 1, fd, e);
	free(lock);
	return rc;
}

enum err_code
ctl_discard(const struct ctl *c, struct err *e)
{
	const char	*dir = c->conf->state_dir;
	int		 fd = -1;
	enum err_code	 rc;

	if (!wave_name_valid(c->arg))
		return err_set(e, ERR_ABSENT, "%s: no such wave", c->arg);
	rc = discard_lock(dir, c->arg, &fd, e);
	if (rc == ERR_ABSENT)
		return err_set(e, rc, "%s: no such wave", c->arg);
	if (rc == ERR_OK)
		rc = discard_locked(c->conf, c->arg,
		    c->opt[CTL_FORCE] != NULL, e);
	lock_release(&fd);
	if (rc == ERR_OK)
		printf("wave %s is destroyed: nothing of it was published\n",
		    c->arg);
	return rc;
}
