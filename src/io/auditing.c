/*
 * auditing.c - walks the state directory: names, kinds, modes, owners, ages.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "core/wave.h"
#include "io/auditing.h"
#include "io/auditing_parts.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/published.h"
#include "io/state.h"
#include "io/wavefile.h"

#define DAY	86400

void
audit_fault(struct audit_work *w, const char *path, const char *fmt, ...)
{
	va_list	 ap;
	char	*why;

	va_start(ap, fmt);
	why = mem_vfmt(fmt, ap);
	va_end(ap);
	w->out->faults++;
	w->a->fault(w->a->arg, path, why);
	free(why);
}

enum err_code
audit_reader(struct audit_work *w, const char *path, enum err_code rc,
    struct err *e)
{
	const char	*dir = w->a->state_dir, *why = e->msg;
	size_t		 len = strlen(dir);

	if (rc == ERR_OK || rc == ERR_SYS)
		return rc;
	/* readers put the path first; the fault names it already */
	if (strncmp(why, dir, len) == 0 && why[len] == '/' &&
	    strncmp(why + len + 1, path, strlen(path)) == 0 &&
	    strncmp(why + len + 1 + strlen(path), ": ", 2) == 0)
		why += len + 1 + strlen(path) + 2;
	audit_fault(w, path, "%s", why);
	return ERR_OK;
}

/* Is the wave that a file names revealed, is it published? */
static enum err_code
look_up(struct audit_work *w, const char *wave, struct err *e)
{
	struct wave_ref	 ref;
	enum err_code	 rc;
	char		*path;

	if (strcmp(w->wave, wave) == 0)
		return ERR_OK;
	rc = waves_by_name(w->a->state_dir, wave, &ref, e);
	if (rc != ERR_OK && rc != ERR_ABSENT)
		return rc;
	w->revealed = rc == ERR_OK;
	path = state_path(w->a->state_dir, STATE_PUBLISHED, wave);
	w->published = file_exists(path);
	free(path);
	memcpy(w->wave, wave, strlen(wave) + 1);
	return ERR_OK;
}

static void
judge_digest(struct audit_work *w, const struct auditing_item *it)
{
	char		*path;
	struct stat	 st;

	if (!w->published) {
		if (!w->revealed || it->st->st_size > 0)
			audit_fault(w, it->path, "tells of digests of a wave "
			    "that is not published");
		return;
	}
	path = state_path(w->a->state_dir, STATE_PUBLISHED, it->place->wave);
	if (stat(path, &st) == 0 && w->a->now - (int64_t)st.st_mtime >
	    AUDITING_DIGEST * DAY)
		audit_fault(w, it->path, "goes seven days after publication: "
		    "run sensed-digest");
	free(path);
}

/* May a file of this kind stand there in the present state of its wave? */
static enum err_code
judge_wave(struct audit_work *w, const struct auditing_item *it,
    struct err *e)
{
	enum inventory_kind	kind = it->place->file->kind;
	enum err_code		rc;

	if (it->place->wave[0] == '\0' || kind == INV_LOCK)
		return ERR_OK;
	if ((rc = look_up(w, it->place->wave, e)) != ERR_OK)
		return rc;
	if (kind == INV_DIGEST)
		judge_digest(w, it);
	if (!inventory_transient(kind))
		return ERR_OK;
	if (w->published)
		audit_fault(w, it->path, "stands beside the publication of %s: "
		    "sensed-digest destroys it", it->place->wave);
	else if (!w->revealed)
		audit_fault(w, it->path, "of a wave that is neither open nor "
		    "closed: sensed --once destroys it");
	else if (kind == INV_WAVE_HIDDEN)
		audit_fault(w, it->path, "the wave is open already");
	return ERR_OK;
}

/* What the name and the inode tell; false: leave its contents alone. */
static bool
judge(struct audit_work *w, const struct auditing_item *it)
{
	const struct inventory_file	*f = it->place->file;
	bool				 dir = S_ISDIR(it->st->st_mode);

	if (dir != f->dir || (!dir && !S_ISREG(it->st->st_mode))) {
		audit_fault(w, it->path, "is no %s", f->dir ? "directory" :
		    "regular file");
		return false;
	}
	if (!audit_access(w, it))
		return false;
	if (w->a->wave == NULL)
		return true;
	if (!dir && it->st->st_nlink > 1)
		audit_fault(w, it->path, "has another name somewhere: a copy "
		    "that publication does not remove");
	if (it->place->leftover && w->a->now - (int64_t)it->st->st_mtime >
	    AUDITING_STALE)
		audit_fault(w, it->path, "left by a write that was cut short "
		    "more than an hour ago");
	return true;
}

static enum err_code	walk(struct audit_work *w, const char *path,
			    bool reached, struct err *e);

static enum err_code
look(struct audit_work *w, const char *path, bool reached, struct err *e)
{
	struct inventory_place	 place;
	struct stat		 st;
	struct auditing_item	 it = { path, &place, &st, reached };
	enum err_code		 rc;
	char			*full;
	bool			 there;

	full = mem_fmt("%s/%s", w->a->state_dir, path);
	there = lstat(full, &st) == 0;
	rc = there || errno == ENOENT ? ERR_OK : err_sys(e, "%s", full);
	free(full);
	if (!there)
		return rc;	/* gone meanwhile, perhaps */
	w->out->looked++;
	if (!inventory_find(path, &place)) {
		if (w->a->wave != NULL)
			audit_fault(w, path, "sensed never writes a file of "
			    "this name");
		return ERR_OK;
	}
	if (!judge(w, &it))
		return ERR_OK;
	if (w->a->wave != NULL) {
		w->a->found(w->a->arg, &it);
		if ((rc = judge_wave(w, &it, e)) != ERR_OK)
			return rc;
	}
	if (S_ISDIR(st.st_mode))
		return walk(w, path, reached && (st.st_mode & 0011) != 0, e);
	return w->a->wave != NULL ? audit_contents(w, &it, e) : ERR_OK;
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
real(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static enum err_code
walk(struct audit_work *w, const char *path, bool reached, struct err *e)
{
	enum err_code	  rc = ERR_OK;
	struct dirent	**names;
	char		 *full, *child;
	int		  i, n;

	full = mem_fmt("%s/%s", w->a->state_dir, path);
	n = scandir(full, &names, real, by_bytes);
	if (n == -1)
		rc = errno == ENOENT ? ERR_OK : err_sys(e, "%s", full);
	free(full);
	for (i = 0; i < n; i++) {
		child = mem_fmt("%s%s%s", path, *path != '\0' ? "/" : "",
		    names[i]->d_name);
		if (rc == ERR_OK)
			rc = look(w, child, reached, e);
		free(child);
		free(names[i]);
	}
	if (n != -1)
		free(names);
	return rc;
}

/* What must be there while the wave is open or closed. */
static void
judge_missing(struct audit_work *w, const struct wave_ref *ref)
{
	static const enum state_file needed[] = {
		STATE_BALLOT_KEY, STATE_TOKEN_KEY, STATE_LIST
	};
	const char	*dir = w->a->state_dir;
	size_t		 i, len = strlen(dir) + 1;
	char		*path;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		path = state_path(dir, needed[i], ref->name);
		if (!file_exists(path))
			audit_fault(w, path + len, "is missing: the wave can "
			    "never be published");
		free(path);
	}
	for (i = 0; i < w->out->boxes; i++) {
		path = state_box(dir, ref->tag, ref->name, (unsigned int)i);
		if (!file_exists(path))
			audit_fault(w, path + len, "is missing: its answers "
			    "are lost");
		free(path);
	}
}

static enum err_code
find_open(struct audit_work *w, struct wave_ref *ref, bool *found,
    struct err *e)
{
	struct wave	 wave;
	enum err_code	 rc;
	char		*path;

	rc = waves_by_name(w->a->state_dir, w->a->wave, ref, e);
	*found = rc == ERR_OK;
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	path = state_wave(w->a->state_dir, ref->tag, ref->name);
	rc = wavefile_read(path, WAVE_BRIEF, &wave, e);
	free(path);
	/* a damaged one is told when the walk comes to it */
	if (rc != ERR_OK) {
		w->out->state = AUDITING_CLOSED;
		return rc == ERR_CORRUPT || rc == ERR_NEWER ? ERR_OK : rc;
	}
	w->out->state = wave.state == WAVE_OPEN ? AUDITING_OPEN :
	    AUDITING_CLOSED;
	w->out->opened = wave.opened;
	w->out->closes = wave.closes;
	w->out->people = wave.people;
	w->out->boxes = wave.boxes;
	wave_wipe(&wave);
	return ERR_OK;
}

/* Whose the two parts of the store are. */
static enum err_code
find_owners(struct audit_work *w, struct err *e)
{
	struct stat	 st;
	char		*path;

	if (stat(w->a->state_dir, &st) == -1)
		return err_sys(e, "%s", w->a->state_dir);
	w->owner = w->answers = st.st_uid;
	path = state_path(w->a->state_dir, STATE_ANSWERS_DIR, NULL);
	if (stat(path, &st) == 0 && st.st_uid != 0)
		w->answers = st.st_uid;
	free(path);
	return ERR_OK;
}

static enum err_code
run_locked(struct audit_work *w, struct err *e)
{
	struct wave_ref	 ref;
	enum err_code	 rc;
	bool		 open;

	if ((rc = find_owners(w, e)) != ERR_OK)
		return rc;
	if ((rc = find_open(w, &ref, &open, e)) != ERR_OK)
		return rc;
	if ((rc = look(w, "", true, e)) != ERR_OK)
		return rc;
	if ((rc = look_up(w, w->a->wave, e)) != ERR_OK)
		return rc;
	if (w->published)
		w->out->state = AUDITING_PUBLISHED;
	else if (open)
		judge_missing(w, &ref);
	return ERR_OK;
}

enum err_code
auditing_run(const struct auditing *a, struct auditing_result *out,
    struct err *e)
{
	struct audit_work	 w = { .a = a, .out = out };
	int			 fd = -1;
	enum err_code		 rc;
	char			*path;

	memset(out, 0, sizeof(*out));
	if (!wave_name_valid(a->wave))
		return err_set(e, ERR_ABSENT, "%s: no such wave", a->wave);
	path = state_path(a->state_dir, STATE_WAVE_LOCK, a->wave);
	rc = lock_take(path, LOCK_TRY, 0, &fd, e);
	free(path);
	if (rc == ERR_ABSENT)
		return err_set(e, rc, "%s: no such wave", a->wave);
	if (rc == ERR_BUSY)
		return err_set(e, rc, "wave %s is being opened, closed or "
		    "published at this moment; try again", a->wave);
	if (rc == ERR_OK)
		rc = run_locked(&w, e);
	lock_release(&fd);
	return rc;
}

enum err_code
auditing_access(const struct auditing *a, struct auditing_result *out,
    struct err *e)
{
	struct audit_work	w = { .a = a, .out = out };
	enum err_code		rc;

	memset(out, 0, sizeof(*out));
	if (!file_exists(a->state_dir))
		return ERR_OK;
	rc = find_owners(&w, e);
	return rc == ERR_OK ? look(&w, "", true, e) : rc;
}
