/*
 * submit.c - the order of a POST: lock, wave afresh, box, commit, unlock.
 *
 * The look at the wave file under the box's lock is the one that decides
 * whether an answer is late: whoever closes the wave writes that state first
 * and then takes every box's lock once, so no commit begins after that.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/boxfile.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/state.h"
#include "io/store.h"
#include "io/submit.h"
#include "io/wavefile.h"

enum err_code
submit_wave(const char *state_dir, unsigned int tag, int64_t now,
    struct wave *w, struct err *e)
{
	struct wave_ref	 ref;
	enum err_code	 rc;
	char		*path;

	if ((rc = waves_by_tag(state_dir, tag, &ref, e)) != ERR_OK)
		return rc;
	path = state_wave(state_dir, tag, ref.name);
	rc = wavefile_read(path, WAVE_BRIEF, w, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	if (!wave_takes_answers(w, now)) {
		wave_wipe(w);
		return err_set(e, ERR_REFUSED, "the wave takes no answers");
	}
	return ERR_OK;
}

enum err_code
submit_box(const char *state_dir, const struct wave *w, unsigned int box,
    struct box *b, struct err *e)
{
	char		*path = state_box(state_dir, w->tag, w->name, box);
	enum err_code	 rc = boxfile_read(path, b, e);

	free(path);
	if (rc == ERR_ABSENT)
		rc = e->code = ERR_CORRUPT;
	return rc;
}

/* Changes the box in memory and, if that records the form, on disk. */
static enum err_code
change_box(const char *path, struct box *b, const struct wave *w,
    const struct link *token, const struct form *f, enum box_verdict *verdict,
    struct seat *seat, struct err *e)
{
	const unsigned char	*code = f->code.secret, *holder;
	struct box_given	 given = { f->answer, NULL, w->ballot_pub };
	enum err_code		 rc;

	if (w->comments > 0)
		given.comment = f->comment != NULL ? f->comment : "";
	rc = token != NULL ? box_answer(b, token->secret, code, &given,
	    verdict, e) : box_change(b, f->from.secret, code, &given, verdict,
	    e);
	if (rc != ERR_OK || *verdict == BOX_NO_TOKEN)
		return rc;
	if (token != NULL)
		rc = box_token_seat(b, token->secret, seat, e);
	else {
		holder = *verdict == BOX_RECORDED ? code : f->from.secret;
		rc = box_code_seat(b, holder, seat, e);
	}
	if (rc != ERR_OK || *verdict != BOX_RECORDED)
		return rc;
	return boxfile_commit(path, b, e);
}

/* Everything that happens under the lock: H10. */
static enum err_code
record(const char *state_dir, const struct link *token, const struct form *f,
    int64_t now, enum box_verdict *verdict, struct seat *seat, struct err *e)
{
	struct wave	 w;
	struct box	 b;
	enum err_code	 rc;
	char		*path;

	rc = submit_wave(state_dir, f->code.tag, now, &w, e);
	if (rc != ERR_OK)
		return rc;
	rc = submit_box(state_dir, &w, f->code.box, &b, e);
	if (rc == ERR_OK) {
		path = state_box(state_dir, w.tag, w.name, f->code.box);
		rc = change_box(path, &b, &w, token, f, verdict, seat, e);
		free(path);
		box_wipe(&b);
	}
	wave_wipe(&w);
	return rc;
}

enum err_code
submit_ballot(const char *state_dir, const struct link *token,
    const struct form *form, submit_clock *now, enum box_verdict *verdict,
    struct seat *seat, struct err *e)
{
	const struct link	*c = &form->code;
	struct wave_ref		 ref;
	struct wave		 w;
	enum err_code		 rc;
	char			*path;
	int			 lock = -1;

	if ((rc = waves_by_tag(state_dir, c->tag, &ref, e)) != ERR_OK)
		return rc;
	path = state_box_lock(state_dir, c->tag, ref.name, c->box);
	rc = lock_take(path, LOCK_EXCLUSIVE, 0, &lock, e);
	free(path);
	if (rc == ERR_OK)
		rc = record(state_dir, token, form, now(), verdict, seat, e);
	else if (rc == ERR_ABSENT) {
		/* gone with its wave, or a store that lost it? */
		rc = submit_wave(state_dir, c->tag, now(), &w, e);
		if (rc == ERR_OK) {
			wave_wipe(&w);
			rc = err_set(e, ERR_CORRUPT, "its lock file is gone");
		}
	}
	lock_release(&lock);
	return rc;
}

enum err_code
submit_optout_known(const char *state_dir, const char *hash, struct err *e)
{
	enum err_code	 rc;
	char		*path, *value = NULL;
	size_t		 len;

	path = state_path(state_dir, STATE_OPTOUT_KNOWN, NULL);
	rc = store_find(path, hash, strlen(hash), &value, &len, e);
	free(path);
	free(value);
	return rc;
}

enum err_code
submit_optout(const char *state_dir, const char *hash, struct err *e)
{
	enum err_code	 rc;
	char		*path;
	int		 fd;

	if ((rc = submit_optout_known(state_dir, hash, e)) != ERR_OK)
		return rc;
	path = state_path(state_dir, STATE_OPTOUT, hash);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
	if (fd == -1 || fsync(fd) == -1)
		rc = err_sys(e, "cannot keep an opt-out");
	else if (file_sync_parent(path, e) != ERR_OK)
		rc = err_set(e, ERR_SYS, "cannot sync the opt-outs");
	if (fd != -1)
		close(fd);
	free(path);
	return rc;
}
