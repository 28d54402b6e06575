/*
 * publishing.c - the one moment a wave becomes figures.
 *
 * From counts (counting.c) and what was frozen to the one file that stays; then
 * everything else is destroyed.  It never prints, and never sends.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/counting.h"
#include "io/file.h"
#include "io/healthnote.h"
#include "io/history.h"
#include "io/list.h"
#include "io/lock.h"
#include "io/mailing.h"
#include "io/published.h"
#include "io/publishing.h"
#include "io/remains.h"
#include "io/state.h"
#include "io/wavefile.h"

struct work {
	const char		*dir;
	struct wave		 wave;
	unsigned char		 token_key[CRYPT_KEY];
	unsigned char		 ballot_key[CRYPT_KEY];
	struct counts		*cell;		/* one a unit */
	struct comments		 comments;
};

/*
 * Takes those whose every mail was refused at sending off the invited of
 * their cells (SCORING 2).  Not where as many answered as would then be left
 * over: a wave is not lost because a relay was wrong about an address.
 */
static void
subtract(struct work *w, const uint32_t *refused)
{
	struct unit	*u;
	uint32_t	 i;

	for (i = 0; i < w->wave.tree.n; i++) {
		u = &w->wave.tree.unit[i];
		if (refused[i] <= u->invited && u->invited - refused[i] >=
		    w->cell[i].responses)
			u->invited -= refused[i];
	}
}

static enum err_code
subtract_unreachable(struct work *w, const struct list *l,
    const unsigned char *person, struct err *e)
{
	uint32_t		*refused, i;
	struct list_person	 p;
	enum err_code		 rc = ERR_OK;

	refused = mem_zero(w->wave.tree.n, sizeof(*refused));
	for (i = 0; i < list_people(l) && rc == ERR_OK; i++) {
		if ((person[i] & REFUSED_ALWAYS) == 0)
			continue;
		rc = list_get(l, i, &p, e);
		if (rc == ERR_OK && p.unit < w->wave.tree.n)
			refused[p.unit]++;
	}
	if (rc == ERR_OK)
		subtract(w, refused);
	free(refused);
	return rc;
}

static enum err_code
open_list(const struct work *w, struct list **l, struct err *e)
{
	char		*path = state_path(w->dir, STATE_LIST, w->wave.name);
	enum err_code	 rc = list_open(path, w->token_key, l, e);

	if (rc == ERR_ABSENT)
		rc = err_set(e, ERR_CORRUPT, "%s is missing", path);
	free(path);
	return rc;
}

static enum err_code
find_unreachable(struct work *w, struct err *e)
{
	char		*log = state_path(w->dir, STATE_LEDGER, w->wave.name);
	unsigned char	*person = mem_zero(w->wave.people, 1);
	struct list	*l = NULL;
	enum err_code	 rc = open_list(w, &l, e);

	if (rc == ERR_OK) {
		rc = mailing_unreachable(log, w->token_key, w->wave.people,
		    person, e);
		if (rc == ERR_OK)
			rc = subtract_unreachable(w, l, person, e);
		if (rc == ERR_OK)
			rc = healthnote_refusals(w->dir, w->wave.survey,
			    w->wave.name, l, person, e);
	}
	list_close(&l);
	free(person);
	free(log);
	return rc;
}

static enum err_code
make(struct work *w, struct publication *p, struct err *e)
{
	struct publication_input	in = {
		.tree = &w->wave.tree, .cell = w->cell, .k = w->wave.k,
		.protect = w->wave.protect, .know_stayed = true
	};
	struct publication		last;
	bool				found;
	enum err_code			rc;
	int				s;

	for (s = 0; s < SENSE__MAX; s++) {
		in.scale[s] = question_scale(&w->wave.questions,
		    (enum sense)s);
		question_wording(&w->wave.questions, (enum sense)s,
		    in.wording[s]);
	}
	rc = history_latest(w->dir, w->wave.survey, w->wave.opened, &last,
	    &found, e);
	if (rc != ERR_OK)
		return rc;
	in.last = found ? &last : NULL;
	rc = publication_make(p, &in, e);
	if (found)
		publication_wipe(&last);
	if (rc != ERR_OK)
		return rc;
	memcpy(p->wave, w->wave.name, sizeof(p->wave));
	memcpy(p->survey, w->wave.survey, sizeof(p->survey));
	p->opened = w->wave.opened;
	p->closed = w->wave.closes;
	return ERR_OK;
}

/* An empty ledger says that mails of its kind are owed. */
static enum err_code
owe(const struct work *w, enum state_file ledger, struct err *e)
{
	char		*path = state_path(w->dir, ledger, w->wave.name);
	enum err_code	 rc = file_replace(path, "", 0, 0600, e);

	free(path);
	return rc;
}

static enum err_code
reveal(const struct work *w, const struct publication *p, struct err *e)
{
	char		*path = state_path(w->dir, STATE_PUBLISHED,
			    w->wave.name);
	enum err_code	 rc;

	rc = owe(w, STATE_DIGEST_LEDGER, e);
	if (rc == ERR_OK && w->comments.n > 0)
		rc = owe(w, STATE_REVIEW_LEDGER, e);
	if (rc == ERR_OK)
		rc = published_write(path, p, &w->comments, e);
	free(path);
	return rc;
}

/* Leaves the comments that may be shown, in an order nobody can know. */
static void
choose_comments(struct work *w, const struct publication *p)
{
	unsigned char seed[CRYPT_KEY];

	if (w->wave.comments == 0)
		return;
	w->comments.level = w->wave.comments;
	memcpy(w->comments.reader, w->wave.reader, sizeof(w->wave.reader));
	crypt_random(seed, sizeof(seed));
	comments_choose(&w->comments, p, seed);
	crypt_wipe(seed, sizeof(seed));
}

static enum err_code
read_keys(struct work *w, struct err *e)
{
	char		*path;
	enum err_code	 rc;

	path = state_path(w->dir, STATE_TOKEN_KEY, w->wave.name);
	rc = state_key_read(path, w->token_key, e);
	free(path);
	if (rc == ERR_OK) {
		path = state_path(w->dir, STATE_BALLOT_KEY, w->wave.name);
		rc = state_key_read(path, w->ballot_key, e);
		free(path);
	}
	if (rc == ERR_ABSENT)
		rc = err_set(e, ERR_CORRUPT, "wave %s: a key is missing; the "
		    "wave can never be published (sensectl discard destroys "
		    "it)", w->wave.name);
	return rc;
}

static enum err_code
publish(struct work *w, counting_progress *progress, void *arg,
    struct err *e)
{
	struct publication	p;
	struct counted		to = { NULL, &w->comments };
	enum err_code		rc;

	if ((rc = read_keys(w, e)) != ERR_OK)
		return rc;
	to.cell = w->cell = mem_zero(w->wave.tree.n, sizeof(*w->cell));
	rc = counting_boxes(w->dir, &w->wave, w->ballot_key, &to, progress,
	    arg, e);
	if (rc != ERR_OK)
		return rc;
	if ((rc = find_unreachable(w, e)) != ERR_OK)
		return rc;
	if ((rc = make(w, &p, e)) != ERR_OK)
		return rc;
	choose_comments(w, &p);
	rc = reveal(w, &p, e);
	publication_wipe(&p);
	return rc;
}

static enum err_code
publish_ref(struct work *w, const struct wave_ref *ref, int64_t now,
    counting_progress *progress, void *arg, struct err *e)
{
	char		*path = state_wave(w->dir, ref->tag, ref->name);
	enum err_code	 rc;

	rc = wavefile_read(path, WAVE_WHOLE, &w->wave, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	if (w->wave.state != WAVE_CLOSED || now < w->wave.closes)
		rc = err_set(e, ERR_REFUSED, "wave %s is still open; figures "
		    "are made once, after closing", ref->name);
	else
		rc = publish(w, progress, arg, e);
	crypt_wipe(w->token_key, sizeof(w->token_key));
	crypt_wipe(w->ballot_key, sizeof(w->ballot_key));
	if (w->cell != NULL)
		crypt_wipe(w->cell, w->wave.tree.n * sizeof(*w->cell));
	free(w->cell);
	comments_wipe(&w->comments);
	wave_wipe(&w->wave);
	return rc;
}

/* Publishes unless it was done; then destroys what is left. */
static enum err_code
run_locked(const char *state_dir, const char *wave, int64_t now,
    counting_progress *progress, void *arg, struct err *e)
{
	struct work	 w = { .dir = state_dir };
	struct wave_ref	 ref;
	enum err_code	 found, rc;
	char		*path;
	bool		 there;

	path = state_path(state_dir, STATE_PUBLISHED, wave);
	rc = file_there(path, &there, e);
	/* whoever revealed it may have died before its name was on the disk */
	if (rc == ERR_OK && there)
		rc = file_sync_parent(path, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	found = waves_by_name(state_dir, wave, &ref, e);
	if (found != ERR_OK && (found != ERR_ABSENT || !there))
		return found;
	if (!there)
		rc = publish_ref(&w, &ref, now, progress, arg, e);
	if (rc == ERR_OK)
		rc = remains_destroy(state_dir, wave, e);
	if (rc == ERR_OK && found == ERR_ABSENT)
		rc = err_set(e, ERR_USED, "wave %s is published already", wave);
	return rc;
}

enum err_code
publishing_run(const char *state_dir, const char *wave, int64_t now,
    counting_progress *progress, void *arg, struct err *e)
{
	char		*lock;
	int		 fd = -1;
	enum err_code	 rc;

	lock = state_path(state_dir, STATE_WAVE_LOCK, wave);
	rc = lock_take(lock, LOCK_EXCLUSIVE, 0, &fd, e);
	free(lock);
	if (rc == ERR_ABSENT)
		return err_set(e, rc, "%s: no such wave", wave);
	if (rc == ERR_OK)
		rc = run_locked(state_dir, wave, now, progress, arg, e);
	lock_release(&fd);
	return rc;
}

/* The wave file of a wave, without its tree; the caller wipes. */
static enum err_code
read_brief(struct work *w, const char *wave, struct err *e)
{
	struct wave_ref	 ref;
	enum err_code	 rc;
	char		*path;

	if ((rc = waves_by_name(w->dir, wave, &ref, e)) != ERR_OK)
		return rc;
	path = state_wave(w->dir, ref.tag, ref.name);
	rc = wavefile_read(path, WAVE_BRIEF, &w->wave, e);
	free(path);
	return rc;
}

enum err_code
publishing_used(const char *state_dir, const char *wave, uint64_t *used,
    struct err *e)
{
	struct work	w = { .dir = state_dir };
	enum err_code	rc;

	if ((rc = read_brief(&w, wave, e)) != ERR_OK)
		return rc;
	rc = counting_used(state_dir, &w.wave, used, e);
	wave_wipe(&w.wave);
	return rc;
}

enum err_code
publishing_possible(const char *state_dir, const char *wave, struct err *e)
{
	struct work	 w = { .dir = state_dir };
	struct list	*l = NULL;
	uint64_t	 used;
	enum err_code	 rc;

	if ((rc = read_brief(&w, wave, e)) != ERR_OK)
		return rc;
	rc = read_keys(&w, e);
	if (rc == ERR_OK)
		rc = open_list(&w, &l, e);
	if (rc == ERR_OK)
		rc = counting_used(state_dir, &w.wave, &used, e);
	list_close(&l);
	crypt_wipe(w.token_key, sizeof(w.token_key));
	crypt_wipe(w.ballot_key, sizeof(w.ballot_key));
	wave_wipe(&w.wave);
	return rc;
}
