/*
 * opening.c - a wave opens.
 *
 * Two passes over the roster: the first counts the people of each unit, the
 * second gives everybody a place in the frozen list, which is in unit order.
 * Boxes are then made from the list, one at a time; memory grows with units,
 * never with people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/box.h"
#include "core/token.h"
#include "io/commentable.h"
#include "io/file.h"
#include "io/freeze.h"
#include "io/health.h"
#include "io/history.h"
#include "io/last.h"
#include "io/list.h"
#include "io/lock.h"
#include "io/opened.h"
#include "io/opening.h"
#include "io/remains.h"
#include "io/roster.h"
#include "io/seating.h"
#include "io/state.h"
#include "io/wavefile.h"
#include "io/wording.h"

#define STEP	2048	/* people between two calls of progress */

/* What the steps of one opening share. */
struct work {
	const struct opening	*o;
	const char		*dir;
	struct wave		 wave;
	struct roster		*roster;
	struct list		*list;
	struct last		*last;
	unsigned char		 token_key[CRYPT_KEY];
	unsigned char		 organisation_key[CRYPT_KEY];
	struct infirmary	 ill;	/* who gets no mail is not asked */
	uint32_t		 left_out;	/* of those: */
	uint32_t		*first;	/* unit -> index of its first person */
	uint32_t		*next;	/* unit -> people placed so far */
	unsigned int		*box;	/* unit -> its first box */
	uint32_t		 seen;
};

static void
tell(const struct work *w, const char *what, uint32_t done, uint32_t all)
{
	if (w->o->progress != NULL && (done % STEP == 0 || done == all))
		w->o->progress(w->o->arg, what, done, all);
}

static enum err_code
count_person(void *arg, const struct person *p, struct err *e)
{
	struct work	*w = arg;
	uint32_t	 u = tree_find(&w->wave.tree, p->unit);

	if (u == UNIT_NONE)
		return err_set(e, ERR_CORRUPT, "roster: person %s is in a "
		    "unit that is not there; import again", p->id);
	if (health_find(&w->ill, w->wave.survey, p->id) != NULL) {
		w->left_out++;
		return ERR_OK;
	}
	w->wave.tree.unit[u].invited++;
	w->wave.people++;
	return ERR_OK;
}

/* Counts people, and lays out list and boxes in unit order. */
static enum err_code
plan(struct work *w, struct err *e)
{
	struct tree	*t = &w->wave.tree;
	struct layout	 l;
	enum err_code	 rc;
	uint32_t	 i, at = 0;

	rc = roster_each(w->roster, w->wave.survey, count_person, w, e);
	if (rc != ERR_OK)
		return rc;
	if (w->wave.people == 0)
		return err_set(e, ERR_INPUT, "survey %s: nobody is on the "
		    "roster%s; import people first", w->wave.survey,
		    w->left_out > 0 ? " who can be reached" : "");
	if (w->o->opens != 0 && w->wave.people < w->o->conf->min_group)
		return err_set(e, ERR_INPUT, "survey %s: %" PRIu32 " people "
		    "are on the roster, fewer than min_group (%u): nothing "
		    "could be published", w->wave.survey, w->wave.people,
		    w->o->conf->min_group);
	w->first = mem_zero(t->n, sizeof(*w->first));
	w->next = mem_zero(t->n, sizeof(*w->next));
	w->box = mem_zero(t->n, sizeof(*w->box));
	layout_init(&l);
	for (i = 0; i < t->n; i++) {
		w->first[i] = at;
		at += t->unit[i].invited;
		w->box[i] = layout_unit(&l, t->unit[i].invited);
	}
	w->wave.boxes = layout_boxes(&l);
	if (w->wave.boxes > BOXES_MAX)
		return err_set(e, ERR_INPUT, "survey %s: too many people for "
		    "one wave", w->wave.survey);
	return ERR_OK;
}

static unsigned char
lang_of(const struct langs *l, const char *code)
{
	size_t i = langs_find(l, code);

	if (i < l->n)
		return (unsigned char)i;
	return l->n > 1 ? LANG_BOTH : 0;
}

static enum err_code
place_person(void *arg, const struct person *p, struct err *e)
{
	struct work		*w = arg;
	uint32_t		 u = tree_find(&w->wave.tree, p->unit), k;
	struct list_person	 lp = { .unit = u };
	unsigned char		 who[BOUNCE_WHO];
	enum err_code		 rc;

	if (health_find(&w->ill, w->wave.survey, p->id) != NULL)
		return ERR_OK;
	if (u == UNIT_NONE || w->next[u] >= w->wave.tree.unit[u].invited)
		return err_set(e, ERR_BUSY, "the roster changed while the "
		    "wave was opening; try again");
	k = w->next[u]++;
	memcpy(lp.id, p->id, sizeof(lp.id));
	lp.box = w->box[u] + layout_part(w->wave.tree.unit[u].invited, k);
	lp.lang = lang_of(&w->wave.langs, p->lang);
	bounce_who(who, w->organisation_key, w->wave.survey, p->id,
	    p->address);
	memcpy(lp.who, who, sizeof(lp.who));
	rc = list_put(w->list, w->first[u] + k, &lp, e);
	if (rc == ERR_OK)
		rc = last_person(w->last, p->id, u, e);
	tell(w, "people", ++w->seen, w->wave.people);
	return rc;
}

static enum err_code
write_list(struct work *w, struct err *e)
{
	char		*path = state_path(w->dir, STATE_LIST, w->wave.name);
	enum err_code	 rc;

	rc = list_create(path, w->token_key, w->wave.people, &w->list, e);
	if (rc == ERR_OK)
		rc = roster_each(w->roster, w->wave.survey, place_person, w,
		    e);
	if (rc == ERR_OK)
		rc = list_finish(&w->list, w->wave.boxes, e);
	if (rc == ERR_OK)
		rc = file_sync_parent(path, e);
	if (rc == ERR_OK)
		rc = last_finish(&w->last, e);
	if (rc == ERR_OK)
		rc = list_open(path, w->token_key, &w->list, e);
	free(path);
	return rc;
}

/* Makes the wave's secrets; the ballot's secret half is not kept in memory. */
static enum err_code
write_keys(struct work *w, struct err *e)
{
	unsigned char	 secret[CRYPT_KEY];
	enum err_code	 rc;
	char		*path;

	crypt_keypair(w->wave.ballot_pub, secret);
	path = state_path(w->dir, STATE_BALLOT_KEY, w->wave.name);
	rc = state_key_write(path, secret, e);
	crypt_wipe(secret, sizeof(secret));
	free(path);
	if (rc != ERR_OK)
		return rc;
	crypt_random(w->token_key, sizeof(w->token_key));
	path = state_path(w->dir, STATE_TOKEN_KEY, w->wave.name);
	rc = state_key_write(path, w->token_key, e);
	free(path);
	return rc;
}

/* Writes the wave file hidden, reads it back whole, reveals it. */
static enum err_code
reveal(struct work *w, struct err *e)
{
	struct wave	 again;
	enum err_code	 rc;
	char		*hidden, *path;

	hidden = state_wave_hidden(w->dir, w->wave.tag, w->wave.name);
	path = state_wave(w->dir, w->wave.tag, w->wave.name);
	rc = wavefile_write(hidden, &w->wave, e);
	if (rc == ERR_OK)
		rc = wavefile_read(hidden, WAVE_WHOLE, &again, e);
	if (rc == ERR_OK) {
		if (again.people != w->wave.people ||
		    again.tree.n != w->wave.tree.n)
			rc = err_set(e, ERR_CORRUPT, "%s: not what was "
			    "written", hidden);
		wave_wipe(&again);
	}
	if (rc == ERR_OK)
		rc = file_reveal(hidden, path, e);
	if (rc != ERR_OK)
		unlink(hidden);
	free(hidden);
	free(path);
	return rc;
}

/* Reads the roster and the last wave, and begins to count who stayed. */
static enum err_code
begin(struct work *w, struct publication *pub, bool *found, struct err *e)
{
	enum err_code rc;

	if ((rc = health_fold(w->dir, e)) != ERR_OK ||
	    (rc = health_read(w->dir, &w->ill, e)) != ERR_OK)
		return rc;
	rc = roster_open(w->dir, &w->roster, e);
	if (rc == ERR_OK)
		rc = roster_tree(w->roster, w->wave.survey, &w->wave.tree, e);
	if (rc == ERR_ABSENT)
		return err_set(e, ERR_INPUT, "survey %s: no roster yet; run "
		    "sensectl import %s first", w->wave.survey,
		    w->wave.survey);
	if (rc == ERR_OK)
		rc = state_organisation_key(w->dir, w->organisation_key, e);
	if (rc == ERR_OK)
		rc = plan(w, e);
	if (rc == ERR_OK)
		rc = commentable_check(w->roster, &w->wave,
		    &w->o->conf->site.reader, e);
	if (rc == ERR_OK)
		rc = history_latest(w->dir, w->wave.survey, w->wave.opened,
		    pub, found, e);
	if (rc == ERR_OK)
		rc = last_begin(w->dir, w->wave.survey, *found ? pub : NULL,
		    w->wave.name, &w->wave.tree, &w->last, e);
	return rc;
}

static enum err_code
write_wave(struct work *w, struct err *e)
{
	struct publication	pub;
	bool			found = false;
	enum err_code		rc;

	rc = begin(w, &pub, &found, e);
	if (rc == ERR_OK)
		rc = write_keys(w, e);
	if (rc == ERR_OK)
		rc = write_list(w, e);
	if (rc == ERR_OK)
		rc = seating_make(w->dir, &w->wave, w->list, w->token_key,
		    w->o->progress, w->o->arg, e);
	if (rc == ERR_OK)
		rc = reveal(w, e);
	if (rc == ERR_OK)
		rc = last_settle(w->dir, w->wave.survey, e);
	if (rc == ERR_OK)
		rc = opened_note(w->dir, w->wave.survey, w->wave.opened, e);
	if (found)
		publication_wipe(&pub);
	return rc;
}

static void
work_wipe(struct work *w)
{
	roster_close(&w->roster);
	list_close(&w->list);
	last_drop(&w->last);
	crypt_wipe(w->token_key, sizeof(w->token_key));
	crypt_wipe(w->organisation_key, sizeof(w->organisation_key));
	health_wipe(&w->ill);
	free(w->first);
	free(w->next);
	free(w->box);
	wave_wipe(&w->wave);
}

/* All under the wave's lock, which the caller holds. */
static enum err_code
open_locked(const struct opening *o, struct work *w, struct err *e)
{
	struct err	ignored;
	enum err_code	rc;

	if ((rc = remains_clean(w->dir, e)) != ERR_OK)
		return rc;
	if ((rc = freeze_check(o, &w->wave, e)) != ERR_OK)
		return rc;
	if ((rc = remains_destroy(w->dir, w->wave.name, e)) != ERR_OK)
		return rc;
	if ((rc = last_settle(w->dir, w->wave.survey, e)) != ERR_OK)
		return rc;
	rc = write_wave(w, e);
	/* what cannot be destroyed now is destroyed at the next start */
	if (rc != ERR_OK && !freeze_revealed(w->dir, &w->wave))
		(void)!remains_destroy(w->dir, w->wave.name, &ignored);
	return rc;
}

enum err_code
opening_run(const struct opening *o, struct opened *out, struct err *e)
{
	struct work	 w = { .o = o, .dir = o->conf->state_dir };
	int		 wave_fd = -1, roster_fd = -1;
	enum err_code	 rc;
	char		*path;

	wave_init(&w.wave);
	if ((rc = wording_check(o->conf, e)) != ERR_OK)
		goto out;
	if ((rc = freeze_wave(o, &w.wave, e)) != ERR_OK)
		goto out;
	if ((rc = state_prepare(w.dir, e)) != ERR_OK)
		goto out;
	path = state_path(w.dir, STATE_WAVE_LOCK, w.wave.name);
	rc = lock_take(path, LOCK_TRY, 1, &wave_fd, e);
	if (rc == ERR_OK)
		rc = file_sync_parent(path, e);	/* publication needs it */
	free(path);
	if (rc != ERR_OK)
		goto out;
	path = state_path(w.dir, STATE_ROSTER_LOCK, NULL);
	rc = lock_take(path, LOCK_EXCLUSIVE, 1, &roster_fd, e);
	free(path);
	if (rc != ERR_OK)
		goto out;
	if ((rc = open_locked(o, &w, e)) != ERR_OK)
		goto out;
	memcpy(out->wave, w.wave.name, sizeof(out->wave));
	out->people = w.wave.people;
	out->left_out = w.left_out;
	out->units = w.wave.tree.n;
	out->boxes = w.wave.boxes;
	out->closes = w.wave.closes;
out:
	work_wipe(&w);
	lock_release(&roster_fd);
	lock_release(&wave_fd);
	return rc;
}

enum err_code
opening_clean(const struct conf *conf, struct err *e)
{
	enum err_code	 rc;
	size_t		 i;
	char		*path;
	int		 fd = -1;

	if ((rc = state_prepare(conf->state_dir, e)) != ERR_OK)
		return rc;
	if ((rc = remains_clean(conf->state_dir, e)) != ERR_OK)
		return rc;
	path = state_path(conf->state_dir, STATE_ROSTER_LOCK, NULL);
	rc = lock_take(path, LOCK_TRY, 1, &fd, e);
	free(path);
	if (rc == ERR_BUSY)
		return ERR_OK;
	for (i = 0; i < conf->n_surveys && rc == ERR_OK; i++)
		rc = last_settle(conf->state_dir, conf->survey[i].name, e);
	lock_release(&fd);
	return rc;
}
