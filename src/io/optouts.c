/*
 * optouts.c - takes the opt-outs that sensed.cgi left into the roster.
 *
 * answers/optout/HASH is one empty file an opt-out.  The roster that holds
 * them is revealed first and the files go after: a death between the two does
 * the same again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/token.h"
#include "io/file.h"
#include "io/health.h"
#include "io/healthlog.h"
#include "io/lock.h"
#include "io/roster.h"
#include "io/roster_write.h"
#include "io/state.h"

struct hashes {
	char	(*name)[OPTOUT_HASH_LEN + 1];
	size_t	 n, cap;
};

/* What is not the name of an opt-out is left alone: `known` lies here too. */
static enum err_code
collect(void *arg, const char *name, struct err *e)
{
	struct hashes *h = arg;

	(void)e;
	if (strlen(name) != OPTOUT_HASH_LEN ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz234567") != OPTOUT_HASH_LEN)
		return ERR_OK;
	if (h->n == h->cap) {
		h->cap = h->cap != 0 ? 2 * h->cap : 16;
		h->name = mem_resize(h->name, h->cap, sizeof(*h->name));
	}
	memcpy(h->name[h->n++], name, OPTOUT_HASH_LEN + 1);
	return ERR_OK;
}

static enum err_code
rewrite(const char *state_dir, struct roster *old, const struct hashes *h,
    struct err *e)
{
	char		*path = state_path(state_dir, STATE_ROSTER, NULL);
	struct store	*s;
	enum err_code	 rc;
	size_t		 i;

	rc = store_create(path, 0600, 0, &s, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	rc = roster_copy(old, s, e);
	for (i = 0; i < h->n && rc == ERR_OK; i++)
		rc = roster_put_optout(s, h->name[i], e);
	if (rc != ERR_OK) {
		store_close(&s);
		return rc;
	}
	return store_commit(&s, e);
}

static enum err_code
remove_files(const char *state_dir, const struct hashes *h, struct err *e)
{
	enum err_code	 rc = ERR_OK;
	char		*path;
	size_t		 i;

	for (i = 0; i < h->n && rc == ERR_OK; i++) {
		path = state_path(state_dir, STATE_OPTOUT, h->name[i]);
		rc = file_remove(path, e);
		free(path);
	}
	return rc;
}

/* Under the roster's lock.  Without a roster there is nobody to opt out. */
static enum err_code
apply(const char *state_dir, const struct hashes *h, struct err *e)
{
	struct roster	*old;
	enum err_code	 rc;

	rc = roster_open(state_dir, &old, e);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	rc = rewrite(state_dir, old, h, e);
	roster_close(&old);
	return rc == ERR_OK ? remove_files(state_dir, h, e) : rc;
}

static enum err_code
look_for_complaint(void *arg, const struct health_record *r, struct err *e)
{
	(void)e;
	*(bool *)arg |= r->event == BOUNCE_COMPLAINT;
	return ERR_OK;
}

/* Complaints in the health log; whatever else is there is folded with them. */
static enum err_code
take_complaints(const char *state_dir, const char *lock, struct err *e)
{
	bool		found = false;
	enum err_code	rc;
	int		fd = -1;

	rc = healthlog_each(state_dir, look_for_complaint, &found, e);
	if (rc == ERR_OK && found)
		rc = lock_take(lock, LOCK_EXCLUSIVE, 1, &fd, e);
	if (rc == ERR_OK && found)
		rc = health_fold(state_dir, e);
	lock_release(&fd);
	return rc;
}

enum err_code
roster_apply_optouts(const char *state_dir, struct err *e)
{
	struct hashes	 h = { .n = 0 };
	char		*dir = state_path(state_dir, STATE_OPTOUT_DIR, NULL);
	char		*lock = state_path(state_dir, STATE_ROSTER_LOCK, NULL);
	enum err_code	 rc;
	int		 fd = -1;

	if ((rc = take_complaints(state_dir, lock, e)) == ERR_OK)
		rc = file_each(dir, collect, &h, e);
	if (rc == ERR_OK && h.n > 0)
		rc = lock_take(lock, LOCK_EXCLUSIVE, 1, &fd, e);
	if (rc == ERR_OK && h.n > 0)
		rc = apply(state_dir, &h, e);
	lock_release(&fd);
	free(h.name);
	free(dir);
	free(lock);
	return rc;
}
