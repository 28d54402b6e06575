/*
 * remains.c - destroying what a wave has on the disk.
 *
 * Files are overwritten before they are unlinked (file_destroy), keys first:
 * without them nothing that might survive elsewhere can be opened.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/remains.h"
#include "io/state.h"
#include "io/waves.h"

/*
 * Files named after the wave alone, in the order of their destruction; and
 * what a write that was cut short has left of one.
 */
static const struct {
	enum state_file	 file;
	const char	*after;
} own[] = {
	{ STATE_BALLOT_KEY, "" }, { STATE_BALLOT_KEY, ".new" },
	{ STATE_TOKEN_KEY, "" }, { STATE_TOKEN_KEY, ".new" },
	{ STATE_LIST, "" }, { STATE_LEDGER, "" },
	{ STATE_PUBLISHED, ".new" }, { STATE_DIGEST_LEDGER, ".new" },
	{ STATE_REVIEW_LEDGER, ".new" },
	{ STATE_COMMENTS_LEDGER, ".new" },
	{ STATE_ATTENTION_MAIL, "" }, { STATE_ATTENTION_MAIL, ".new" },
	{ STATE_ATTENTION_PUBLISH, "" }, { STATE_ATTENTION_PUBLISH, ".new" }
};

/* What follows TAG-WAVE in waves/; the revealed file goes last. */
static const char *const wave_files[] = {
	".opening.new", ".opening", ".gdbm.new", ".gdbm"
};

struct hunt {
	const char	*dir;		/* where names are looked at */
	const char	*wave;
	const char	*after;		/* what follows WAVE in the name */
};

/* Destroys dir/TT-WAVE<after>. */
static enum err_code
destroy_tagged(void *arg, const char *name, struct err *e)
{
	const struct hunt	*h = arg;
	size_t			 len = strlen(h->wave);
	enum err_code		 rc;
	char			*path;

	if (strlen(name) < 3 || name[2] != '-' ||
	    strncmp(name + 3, h->wave, len) != 0 ||
	    strcmp(name + 3 + len, h->after) != 0)
		return ERR_OK;
	path = mem_fmt("%s/%s", h->dir, name);
	rc = file_destroy(path, e);
	free(path);
	return rc;
}

static enum err_code
hunt_in(const char *state_dir, enum state_file where, const char *wave,
    const char *after, struct err *e)
{
	char		*dir = state_path(state_dir, where, NULL);
	struct hunt	 h = { dir, wave, after };
	enum err_code	 rc;

	rc = file_each(dir, destroy_tagged, &h, e);
	free(dir);
	return rc;
}

enum err_code
remains_destroy(const char *state_dir, const char *wave, struct err *e)
{
	enum err_code	 rc = ERR_OK;
	size_t		 i;
	char		*new, *path;

	for (i = 0; i < sizeof(own) / sizeof(own[0]) && rc == ERR_OK; i++) {
		path = state_path(state_dir, own[i].file, wave);
		new = mem_fmt("%s%s", path, own[i].after);
		rc = file_destroy(new, e);
		free(new);
		free(path);
	}
	if (rc == ERR_OK)
		rc = hunt_in(state_dir, STATE_ANSWERS_DIR, wave, "", e);
	for (i = 0; i < sizeof(wave_files) / sizeof(wave_files[0]) &&
	    rc == ERR_OK; i++)
		rc = hunt_in(state_dir, STATE_WAVES_DIR, wave, wave_files[i],
		    e);
	return rc;
}

/* Destroys the remains of one wave unless it is revealed or being worked on. */
static enum err_code
clean_wave(const char *state_dir, const char *wave, struct err *e)
{
	struct wave_ref	 ref;
	enum err_code	 rc;
	char		*path;
	int		 fd = -1;

	path = state_path(state_dir, STATE_WAVE_LOCK, wave);
	rc = lock_take(path, LOCK_TRY, 1, &fd, e);
	free(path);
	if (rc != ERR_OK)
		return rc == ERR_BUSY ? ERR_OK : rc;
	rc = waves_by_name(state_dir, wave, &ref, e);
	if (rc == ERR_ABSENT)
		rc = remains_destroy(state_dir, wave, e);
	lock_release(&fd);
	return rc;
}

struct sweep {
	const char	*state_dir;
	size_t		 before;	/* 3 where TAG- is before WAVE, or 0 */
	const char	*after;		/* and behind it */
};

static enum err_code
sweep_one(void *arg, const char *name, struct err *e)
{
	const struct sweep	*s = arg;
	size_t			 len = strlen(name), tail = strlen(s->after);
	enum err_code		 rc = ERR_OK;
	char			*wave;

	if (len <= s->before + tail || (s->before > 0 && name[2] != '-') ||
	    strcmp(name + len - tail, s->after) != 0)
		return ERR_OK;
	wave = mem_dup(name + s->before, len - s->before - tail);
	if (wave_name_valid(wave))
		rc = clean_wave(s->state_dir, wave, e);
	free(wave);
	return rc;
}

/*
 * Where remains may lie.  The ballot key is written first at opening and
 * destroyed first, the boxes come after the keys and go after them; so these
 * directories together name every wave that has any.
 */
static const struct {
	const char	*dir;
	size_t		 before;
	const char	*after;
} places[] = {
	{ "keys/ballot", 0, "" },
	{ "keys/ballot", 0, ".new" },
	{ "keys/token", 0, "" },
	{ "keys/token", 0, ".new" },
	{ "ledgers", 0, ".list" },
	{ "ledgers", 0, ".log" },
	{ "answers", 3, "" },
	{ "attention", 0, ".mail" },
	{ "attention", 0, ".mail.new" },
	{ "attention", 0, ".publish" },
	{ "attention", 0, ".publish.new" },
	{ "waves", 3, ".opening" },
	{ "waves", 3, ".opening.new" },
};

enum err_code
remains_clean(const char *state_dir, struct err *e)
{
	struct sweep	 s = { state_dir, 0, "" };
	enum err_code	 rc = ERR_OK;
	size_t		 i;
	char		*dir;

	for (i = 0; i < sizeof(places) / sizeof(places[0]) && rc == ERR_OK;
	    i++) {
		dir = mem_fmt("%s/%s", state_dir, places[i].dir);
		s.before = places[i].before;
		s.after = places[i].after;
		rc = file_each(dir, sweep_one, &s, e);
		free(dir);
	}
	return rc;
}
