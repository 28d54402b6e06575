/*
 * counting.c - the boxes of a wave as counts.
 *
 * Opens every ballot, adds it to the counts of its unit and forgets it; what
 * leaves this file is counts, and comments that stand beside no answer.  Those
 * are held in memory: a wave with comments needs room for all of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>

#include "core/box.h"
#include "io/boxfile.h"
#include "io/counting.h"
#include "io/lock.h"
#include "io/state.h"

struct counting {
	const char		*dir;
	const struct wave	*wave;
	const unsigned char	*ballot_key;
	const struct counted	*to;
};

/* The box's lock is taken and let go once: no commit is under way any more. */
static enum err_code
wait_for_box(const struct counting *w, unsigned int n, struct err *e)
{
	char		*path;
	int		 fd = -1;
	enum err_code	 rc;

	path = state_box_lock(w->dir, w->wave->tag, w->wave->name, n);
	rc = lock_take(path, LOCK_EXCLUSIVE, 0, &fd, e);
	lock_release(&fd);
	if (rc == ERR_ABSENT)
		rc = err_set(e, ERR_CORRUPT, "%s is missing", path);
	free(path);
	return rc;
}

static enum err_code
read_box(const struct counting *w, unsigned int n, struct box *b, struct err *e)
{
	char		*path;
	enum err_code	 rc;

	path = state_box(w->dir, w->wave->tag, w->wave->name, n);
	rc = boxfile_read(path, b, e);
	if (rc == ERR_ABSENT)
		rc = err_set(e, ERR_CORRUPT, "%s is missing", path);
	free(path);
	return rc;
}

static enum err_code
count_ballot(struct counting *w, const struct ballot *b, struct err *e)
{
	size_t i;

	if (b->unit >= w->wave->tree.n)
		return err_set(e, ERR_CORRUPT, "a ballot of an unknown unit");
	for (i = 0; i < ITEMS_MAX; i++)
		if (b->answer[i] > 5 ||
		    (i >= w->wave->questions.n && b->answer[i] != 0))
			return err_set(e, ERR_CORRUPT, "a ballot with an "
			    "answer outside 1 to 5");
	if (b->comments != (w->wave->comments > 0))
		return err_set(e, ERR_CORRUPT, "a ballot of another kind of "
		    "wave");
	if (question_count(&w->wave->questions, b->answer,
	    &w->to->cell[b->unit]) && w->to->comments != NULL)
		comments_add(w->to->comments, b->unit, b->comment);
	return ERR_OK;
}

static enum err_code
count_box(struct counting *w, unsigned int n, struct err *e)
{
	struct ballot	ballot;
	struct box	b;
	enum err_code	rc;
	size_t		i, ballots;

	if ((rc = wait_for_box(w, n, e)) != ERR_OK)
		return rc;
	if ((rc = read_box(w, n, &b, e)) != ERR_OK)
		return rc;
	ballots = box_ballots(&b);
	for (i = 0; i < ballots && rc == ERR_OK; i++) {
		rc = box_open_ballot(&b, i, w->wave->ballot_pub, w->ballot_key,
		    &ballot, e);
		if (rc == ERR_OK)
			rc = count_ballot(w, &ballot, e);
	}
	if (rc == ERR_OK && box_used(&b) != ballots)
		rc = err_set(e, ERR_CORRUPT, "used links and ballots differ");
	if (rc != ERR_OK)
		err_prefix(e, "wave %s, box %u: ", w->wave->name, n);
	crypt_wipe(&ballot, sizeof(ballot));
	box_wipe(&b);
	return rc;
}

enum err_code
counting_boxes(const char *state_dir, const struct wave *wave,
    const unsigned char ballot_key[CRYPT_KEY], const struct counted *to,
    counting_progress *progress, void *arg, struct err *e)
{
	struct counting	w = { state_dir, wave, ballot_key, to };
	enum err_code	rc = ERR_OK;
	unsigned int	i;

	for (i = 0; i < wave->boxes && rc == ERR_OK; i++) {
		rc = count_box(&w, i, e);
		if (rc == ERR_OK && progress != NULL)
			progress(arg, i + 1, wave->boxes);
	}
	return rc;
}

enum err_code
counting_used(const char *state_dir, const struct wave *wave,
    uint64_t *used, struct err *e)
{
	struct counting	w = { .dir = state_dir, .wave = wave };
	enum err_code	rc = ERR_OK;
	unsigned int	i;
	struct box	b;

	*used = 0;
	for (i = 0; i < wave->boxes && rc == ERR_OK; i++)
		if ((rc = read_box(&w, i, &b, e)) == ERR_OK) {
			*used += box_used(&b);
			box_wipe(&b);
		}
	return rc;
}
