/*
 * healthlift.c - the administrator takes back what a wave made of addresses.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/wave.h"
#include "io/file.h"
#include "io/health.h"
#include "io/healthlift.h"
#include "io/healthlog.h"
#include "io/lock.h"
#include "io/roster_write.h"
#include "io/state.h"
#include "io/waves.h"

#define ROSTER_MODE	0600
#define WAIT_SECONDS	1	/* a bounce or an opt-out is soon over */

static enum err_code
check_wave(const char *dir, const char *wave, struct err *e)
{
	struct wave_ref	 ref;
	char		*path;
	enum err_code	 rc;
	bool		 there = false;

	if (!wave_name_valid(wave))
		return err_set(e, ERR_INPUT, "expected an address, or the name "
		    "of a wave");
	if ((rc = waves_by_name(dir, wave, &ref, e)) != ERR_ABSENT)
		return rc;
	path = state_path(dir, STATE_PUBLISHED, wave);
	rc = file_there(path, &there, e);
	free(path);
	return rc != ERR_OK || there ? rc :
	    err_set(e, ERR_ABSENT, "there is no wave %s", wave);
}

static bool
lift(void *arg, struct health_record *r)
{
	if (r->event == BOUNCE_HARD && strcmp(r->wave, arg) == 0)
		r->lifted = true;
	return true;
}

static bool
is_marked(const struct ailing *a, const char *wave)
{
	return a->health.state == HEALTH_HARD &&
	    strcmp(a->health.since, wave) == 0;
}

/* The roster anew, with what ails all others. */
static enum err_code
write_roster(const char *dir, const struct infirmary *h, const char *wave,
    struct err *e)
{
	char		*path = state_path(dir, STATE_ROSTER, NULL);
	struct roster	*r = NULL;
	struct store	*s = NULL;
	enum err_code	 rc;
	size_t		 i;

	if ((rc = roster_open(dir, &r, e)) == ERR_OK &&
	    (rc = store_create(path, ROSTER_MODE, 0, &s, e)) == ERR_OK)
		rc = roster_copy_but_health(r, NULL, s, e);
	for (i = 0; i < h->n && rc == ERR_OK; i++)
		if (!is_marked(&h->of[i], wave))
			rc = roster_put_ailing(s, &h->of[i], e);
	if (rc == ERR_OK)
		rc = store_commit(&s, e);
	store_close(&s);
	roster_close(&r);
	free(path);
	return rc;
}

/* The log first: the roster alone would be told the same again by it. */
static enum err_code
lift_locked(const char *dir, const char *wave, size_t *told, struct err *e)
{
	struct infirmary	h;
	enum err_code		rc;
	char			name[WAVE_NAME_MAX + 1];
	size_t			i;

	memcpy(name, wave, strlen(wave) + 1);
	if ((rc = health_read(dir, &h, e)) != ERR_OK)
		return rc;
	for (i = 0, *told = 0; i < h.n; i++)
		*told += is_marked(&h.of[i], wave);
	rc = healthlog_filter(dir, lift, name, e);
	if (rc == ERR_OK && *told > 0)
		rc = write_roster(dir, &h, wave, e);
	health_wipe(&h);
	return rc;
}

enum err_code
healthlift_wave(const char *state_dir, const char *wave, size_t *told,
    struct err *e)
{
	char		*lock = state_path(state_dir, STATE_ROSTER_LOCK, NULL);
	enum err_code	 rc = check_wave(state_dir, wave, e);
	int		 fd = -1;

	if (rc == ERR_OK)
		rc = lock_take(lock, LOCK_EXCLUSIVE, WAIT_SECONDS, &fd, e);
	if (rc == ERR_OK)
		rc = lift_locked(state_dir, wave, told, e);
	lock_release(&fd);
	free(lock);
	return rc;
}
