/*
 * releasing.c - comments that their reader has read go on to leaders.
 *
 * The publication is written anew with the comments that stay; its figures are
 * those that were read, and are not computed again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/redact.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/published.h"
#include "io/releasing.h"
#include "io/state.h"

enum err_code
releasing_read(const char *state_dir, const char *wave,
    struct publication *p, struct comments *c, struct err *e)
{
	char		*path = state_path(state_dir, STATE_PUBLISHED, wave);
	enum err_code	 rc = published_read(path, p, e);

	if (rc == ERR_ABSENT)
		rc = err_set(e, rc, "wave %s is not published", wave);
	else if (rc == ERR_OK) {
		rc = published_comments(path, p, c, e);
		if (rc == ERR_OK && c->n == 0)
			rc = err_set(e, ERR_ABSENT, "wave %s has no comments",
			    wave);
		if (rc != ERR_OK)
			publication_wipe(p);
	}
	free(path);
	return rc;
}

/* Makes the ledger that says leaders are owed them. */
static enum err_code
owe(const char *state_dir, const char *wave, struct err *e)
{
	char		*path = state_path(state_dir, STATE_COMMENTS_LEDGER,
			    wave);
	enum err_code	 rc = file_replace(path, "", 0, 0600, e);

	free(path);
	return rc;
}

/* Replaces the publication, and overwrites the bytes of the old one. */
static enum err_code
replace(const char *state_dir, const struct publication *p,
    const struct comments *c, struct err *e)
{
	char		*path = state_path(state_dir, STATE_PUBLISHED,
			    p->wave);
	int		 old = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	enum err_code	 rc = old == -1 ? err_sys(e, "%s", path) : ERR_OK;

	if (rc == ERR_OK)
		rc = published_write(path, p, c, e);
	if (rc == ERR_OK)
		rc = file_blank(old, path, e);
	if (old != -1)
		close(old);
	free(path);
	return rc;
}

static enum err_code
release(const char *state_dir, const struct publication *p,
    struct comments *c, const char *file, struct err *e)
{
	char		*text;
	size_t		 len;
	enum err_code	 rc;

	if (c->released)
		return err_set(e, ERR_USED, "the comments of wave %s were "
		    "released before; what was held back is gone", p->wave);
	rc = file_read(file, redact_max(p, c), &text, &len, e);
	if (rc != ERR_OK)
		return rc;
	rc = redact_read(c, text, len, file, e);
	crypt_wipe(text, len);
	free(text);
	c->released = true;
	if (rc == ERR_OK && c->n > 0)
		rc = owe(state_dir, p->wave, e);
	return rc == ERR_OK ? replace(state_dir, p, c, e) : rc;
}

enum err_code
releasing_run(const char *state_dir, const char *wave, const char *file,
    size_t *kept, size_t *held, struct err *e)
{
	char			*lock = state_path(state_dir, STATE_WAVE_LOCK,
				    wave);
	struct publication	 p;
	struct comments		 c;
	enum err_code		 rc;
	int			 fd = -1;

	rc = lock_take(lock, LOCK_EXCLUSIVE, 0, &fd, e);
	free(lock);
	if (rc == ERR_ABSENT)
		return err_set(e, rc, "%s: no such wave", wave);
	if (rc == ERR_OK)
		rc = releasing_read(state_dir, wave, &p, &c, e);
	if (rc == ERR_OK) {
		*held = c.n;
		rc = release(state_dir, &p, &c, file, e);
		*kept = c.n;
		*held -= c.n;
		comments_wipe(&c);
		publication_wipe(&p);
	}
	lock_release(&fd);
	return rc;
}
