/*
 * history.c - which waves have been published.
 *
 * Reads the directory of publications afresh at every call; destroys what is
 * older than is promised, and writes nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/history.h"
#include "io/published.h"
#include "io/state.h"
#include "io/waves.h"

struct names {
	char	**name;
	size_t	  n;
};

static enum err_code
collect(void *arg, const char *file, struct err *e)
{
	struct names	*names = arg;
	size_t		 len = strlen(file);

	(void)e;
	if (len <= 5 || strcmp(file + len - 5, ".gdbm") != 0)
		return ERR_OK;
	names->name = mem_resize(names->name, names->n + 1,
	    sizeof(*names->name));
	names->name[names->n++] = mem_dup(file, len - 5);
	return ERR_OK;
}

enum err_code
history_list(const char *state_dir, char ***out, size_t *n, struct err *e)
{
	struct names	 names = { NULL, 0 };
	char		*dir = state_path(state_dir, STATE_PUBLISHED_DIR, NULL);
	enum err_code	 rc;

	rc = file_each(dir, collect, &names, e);
	free(dir);
	*out = names.name;
	*n = names.n;
	return rc;
}

/* A wave that may be visited: its place among the names. */
struct found {
	int64_t	opened;
	size_t	name;
};

static int
latest_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return (x->opened < y->opened) - (x->opened > y->opened);
}

static enum err_code
look_at(const char *path, const char *survey, int64_t before, size_t name,
    struct found *found, size_t *n, struct err *e)
{
	struct publication	p;
	enum err_code		rc;

	if ((rc = published_head(path, &p, e)) != ERR_OK)
		return rc;
	if (strcmp(p.survey, survey) == 0 && p.opened < before)
		found[(*n)++] = (struct found){ p.opened, name };
	return ERR_OK;
}

static enum err_code
visit_one(const char *path, history_visit *visit, void *arg, struct err *e)
{
	struct publication	p;
	enum err_code		rc;

	if ((rc = published_read(path, &p, e)) != ERR_OK)
		return rc;
	rc = visit(arg, &p, e);
	publication_wipe(&p);
	return rc;
}

enum err_code
history_back(const char *state_dir, const char *survey, int64_t before,
    size_t max, history_visit *visit, void *arg, struct err *e)
{
	enum err_code	  rc;
	struct found	 *found;
	size_t		  n, n_found = 0, i;
	char		**names, *path;

	rc = history_list(state_dir, &names, &n, e);
	found = mem_zero(n, sizeof(*found));
	for (i = 0; i < n && rc == ERR_OK; i++) {
		path = state_path(state_dir, STATE_PUBLISHED, names[i]);
		rc = look_at(path, survey, before, i, found, &n_found, e);
		free(path);
	}
	if (n_found > 1)
		qsort(found, n_found, sizeof(*found), latest_first);
	for (i = 0; i < n_found && i < max && rc == ERR_OK; i++) {
		path = state_path(state_dir, STATE_PUBLISHED,
		    names[found[i].name]);
		rc = visit_one(path, visit, arg, e);
		free(path);
	}
	for (i = 0; i < n; i++)
		free(names[i]);
	free(names);
	free(found);
	return rc;
}

struct latest {
	struct publication	*p;
	bool			 found;
};

static enum err_code
keep(void *arg, struct publication *p, struct err *e)
{
	struct latest *l = arg;

	(void)e;
	*l->p = *p;
	memset(p, 0, sizeof(*p));
	l->found = true;
	return ERR_OK;
}

enum err_code
history_latest(const char *state_dir, const char *survey, int64_t before,
    struct publication *p, bool *found, struct err *e)
{
	struct latest	l = { p, false };
	enum err_code	rc = history_back(state_dir, survey, before, 1, keep,
			    &l, e);

	*found = l.found;
	return rc;
}

/* The same day and hour, so many years later. */
static int64_t
years_later(int64_t when, unsigned int years)
{
	struct civil c = clock_civil(when);

	c.year += (int)years;
	return clock_moment(&c);
}

bool
history_owes(const char *state_dir, const char *wave)
{
	static const enum state_file owed[] = {
		STATE_DIGEST_LEDGER, STATE_REVIEW_LEDGER, STATE_COMMENTS_LEDGER
	};
	bool	 owes = false;
	char	*path;
	size_t	 i;

	for (i = 0; i < sizeof(owed) / sizeof(owed[0]); i++) {
		path = state_path(state_dir, owed[i], wave);
		owes = owes || file_exists(path);
		free(path);
	}
	return owes;
}

/* While anything of a wave is still to be done, its figures are its state. */
static bool
finished(const char *state_dir, const char *wave)
{
	struct wave_ref	ref;
	struct err	ignored;

	return !history_owes(state_dir, wave) &&
	    waves_by_name(state_dir, wave, &ref, &ignored) == ERR_ABSENT;
}

static enum err_code
expire(const char *state_dir, const char *wave, unsigned int years,
    int64_t now, history_expired *tell, struct err *e)
{
	char			*path = state_path(state_dir, STATE_PUBLISHED,
				    wave);
	struct publication	 p;
	enum err_code		 rc;
	int64_t			 until = INT64_MAX;

	if ((rc = published_read(path, &p, e)) == ERR_OK) {
		until = years_later(p.closed, years);
		publication_wipe(&p);
	}
	if (now >= until && finished(state_dir, wave)) {
		rc = file_destroy(path, e);
		if (rc == ERR_OK)
			tell(wave);
	}
	free(path);
	return rc;
}

enum err_code
history_expire(const char *state_dir, unsigned int years, int64_t now,
    history_expired *tell, struct err *e)
{
	enum err_code	  rc;
	size_t		  n, i;
	char		**names;

	rc = history_list(state_dir, &names, &n, e);
	for (i = 0; i < n; i++) {
		if (rc == ERR_OK)
			rc = expire(state_dir, names[i], years, now, tell, e);
		free(names[i]);
	}
	free(names);
	return rc;
}
