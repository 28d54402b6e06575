/*
 * closing.c - a wave closes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>

#include "io/clock.h"
#include "io/closing.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/state.h"
#include "io/wavefile.h"

/* Closes the wave if it is due, or anyway; the caller holds its lock. */
static enum err_code
close_locked(const char *path, int64_t now, int anyway, size_t *n,
    struct err *e)
{
	struct wave	w;
	enum err_code	rc;

	if ((rc = wavefile_read(path, WAVE_WHOLE, &w, e)) != ERR_OK)
		return rc;
	if (w.state == WAVE_CLOSED && anyway) {
		/* whoever did may have died before that was on the disk */
		if ((rc = file_sync_parent(path, e)) == ERR_OK)
			rc = err_set(e, ERR_USED, "wave %s is closed already",
			    w.name);
	} else if (w.state == WAVE_CLOSED)
		rc = ERR_OK;
	else if (anyway || now >= w.closes) {
		w.state = WAVE_CLOSED;
		if (now < w.closes)
			w.closes = now;
		rc = wavefile_write(path, &w, e);
		++*n;
	}
	wave_wipe(&w);
	return rc;
}

static enum err_code
close_one(const char *state_dir, const struct wave_ref *ref, int64_t now,
    int anyway, size_t *n, struct err *e)
{
	char		*lock = state_path(state_dir, STATE_WAVE_LOCK,
			    ref->name);
	char		*path = state_wave(state_dir, ref->tag, ref->name);
	int		 fd = -1;
	enum err_code	 rc;

	rc = lock_take(lock, LOCK_EXCLUSIVE, 1, &fd, e);
	if (rc == ERR_OK)
		rc = close_locked(path, now, anyway, n, e);
	lock_release(&fd);
	free(path);
	free(lock);
	return rc;
}

enum err_code
closing_due(const char *state_dir, int64_t now, size_t *n, struct err *e)
{
	struct wave_ref	*ref;
	enum err_code	 rc;
	size_t		 count, i;

	*n = 0;
	if ((rc = waves_list(state_dir, &ref, &count, e)) != ERR_OK)
		return rc;
	for (i = 0; i < count && rc == ERR_OK; i++) {
		rc = close_one(state_dir, &ref[i], now, 0, n, e);
		if (rc == ERR_ABSENT)
			rc = ERR_OK;	/* published meanwhile */
	}
	free(ref);
	return rc;
}

enum err_code
closing_now(const char *state_dir, const char *wave, int64_t now,
    struct err *e)
{
	struct wave_ref	ref;
	enum err_code	rc;
	size_t		n = 0;

	if ((rc = waves_by_name(state_dir, wave, &ref, e)) != ERR_OK)
		return rc;
	return close_one(state_dir, &ref, now, 1, &n, e);
}

/* The caller holds the wave's lock. */
static enum err_code
extend_locked(const char *path, int64_t closes, int64_t now, struct err *e)
{
	struct wave	w;
	enum err_code	rc;
	char		old[32];

	if ((rc = wavefile_read(path, WAVE_WHOLE, &w, e)) != ERR_OK)
		return rc;
	clock_iso(old, w.closes);
	if (!wave_takes_answers(&w, now))
		rc = err_set(e, ERR_REFUSED, "wave %s is closed since %s: "
		    "what was promised then holds", w.name, old);
	else if (closes <= w.closes)
		rc = err_set(e, ERR_INPUT, "wave %s closes at %s; expected a "
		    "later time, or 'sensectl close %s' to close it now",
		    w.name, old, w.name);
	else {
		w.closes = closes;
		rc = wavefile_write(path, &w, e);
	}
	wave_wipe(&w);
	return rc;
}

enum err_code
closing_extend(const char *state_dir, const char *wave, int64_t closes,
    int64_t now, struct err *e)
{
	struct wave_ref	 ref;
	char		*lock, *path;
	int		 fd = -1;
	enum err_code	 rc;

	if ((rc = waves_by_name(state_dir, wave, &ref, e)) != ERR_OK)
		return rc;
	lock = state_path(state_dir, STATE_WAVE_LOCK, wave);
	path = state_wave(state_dir, ref.tag, wave);
	rc = lock_take(lock, LOCK_EXCLUSIVE, 1, &fd, e);
	if (rc == ERR_OK)
		rc = extend_locked(path, closes, now, e);
	lock_release(&fd);
	free(path);
	free(lock);
	return rc;
}
