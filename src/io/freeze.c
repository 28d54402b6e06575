/*
 * freeze.c - what is fixed at opening, and when a wave may open at all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/token.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/freeze.h"
#include "io/history.h"
#include "io/plan.h"
#include "io/state.h"
#include "io/wavefile.h"

static void
copy_questions(const struct question_set *from, const struct langs *l,
    struct question_set *to)
{
	size_t i, k;

	*to = *from;
	for (k = 0; k < l->n; k++)
		to->stem[k] = mem_str(from->stem[k]);
	for (i = 0; i < from->n; i++)
		for (k = 0; k < l->n; k++) {
			to->item[i].text[k] = mem_str(from->item[i].text[k]);
			to->item[i].hint[k] = mem_str(from->item[i].hint[k]);
		}
}

void
opening_name(char name[WAVE_NAME_MAX + 1], const char *survey, int64_t opens)
{
	struct civil c = clock_civil(opens);

	snprintf(name, WAVE_NAME_MAX + 1, "%s-%04dq%d", survey,
	    c.year % 10000, (c.month + 2) / 3 % 5);
}

enum err_code
freeze_wave(const struct opening *o, struct wave *w, struct err *e)
{
	struct plan p;

	if (o->wave != NULL && !wave_name_valid(o->wave))
		return err_set(e, ERR_INPUT, "wave name: expected 1 to %d of "
		    "a to z, 0 to 9 and -, the first a letter", WAVE_NAME_MAX);
	if (o->wave != NULL)
		memcpy(w->name, o->wave, strlen(o->wave) + 1);
	else
		opening_name(w->name, o->survey->name, o->now);
	memcpy(w->survey, o->survey->name, sizeof(w->survey));
	w->state = WAVE_OPEN;
	w->opened = o->opens != 0 ? o->opens : o->now;
	plan_make(o->survey, w->opened, o->closes, &p);
	w->closes = p.closes;
	w->n_reminders = p.n_reminders;
	memcpy(w->reminder, p.reminder, sizeof(p.reminder));
	if (w->closes <= o->now)
		return err_set(e, ERR_INPUT, "closing time: expected a time "
		    "that is still to come");
	w->k = o->conf->min_group;
	w->protect = o->conf->protect;
	w->comments = o->survey->comments;
	if (w->comments > 0)
		memcpy(w->reader, o->conf->site.reader.name,
		    strlen(o->conf->site.reader.name) + 1);
	w->langs = o->conf->site.langs;
	copy_questions(&o->survey->questions, &w->langs, &w->questions);
	return ERR_OK;
}

static enum err_code
refuse_overlap(const char *dir, const struct wave_ref *ref,
    const struct wave *w, struct err *e)
{
	struct wave	 other;
	enum err_code	 rc;
	char		*path;

	if (strcmp(ref->name, w->name) == 0)
		return err_set(e, ERR_REFUSED, "wave %s is there already; "
		    "give this one another name with --wave", w->name);
	path = state_wave(dir, ref->tag, ref->name);
	rc = wavefile_read(path, WAVE_BRIEF, &other, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	if (strcmp(other.survey, w->survey) == 0)
		rc = err_set(e, ERR_REFUSED, "wave %s of this survey is %s; "
		    "waves of one survey never overlap: %s first", other.name,
		    other.state == WAVE_OPEN ? "open" : "not published yet",
		    other.state == WAVE_OPEN ? "close and publish it" :
		    "run sensed-digest");
	wave_wipe(&other);
	return rc;
}

static enum err_code
refuse_too_soon(const struct opening *o, const struct wave *w, struct err *e)
{
	struct publication	 pub;
	enum err_code		 rc;
	bool			 found;
	char			*path;

	path = state_path(o->conf->state_dir, STATE_PUBLISHED, w->name);
	rc = file_there(path, &found, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	if (found)
		return err_set(e, ERR_REFUSED, "wave %s was published "
		    "already; give this one another name with --wave",
		    w->name);
	rc = history_latest(o->conf->state_dir, w->survey, INT64_MAX, &pub,
	    &found, e);
	if (rc != ERR_OK || !found)
		return rc;
	if (w->opened <= pub.opened)
		rc = err_set(e, ERR_REFUSED, "wave %s opened later than now; "
		    "is the clock right?", pub.wave);
	else if (!o->force && w->opened <
	    clock_days_later(pub.opened, WAVE_APART_DAYS))
		rc = err_set(e, ERR_REFUSED, "wave %s opened less than %d days "
		    "ago; two waves of nearly the same people could be "
		    "subtracted from each other (--force opens all the same)",
		    pub.wave, WAVE_APART_DAYS);
	publication_wipe(&pub);
	return rc;
}

/* The first tag from a random one on that no wave of refs uses. */
static unsigned int
free_tag(const struct wave_ref *ref, size_t n)
{
	unsigned int	tag;
	size_t		i;

	crypt_random(&tag, sizeof(tag));
	tag %= TAG_MAX;
	for (i = 0; i < n; i++)
		if (ref[i].tag == tag) {
			tag = (tag + 1) % TAG_MAX;
			i = (size_t)-1;	/* look from the start again */
		}
	return tag;
}

enum err_code
freeze_check(const struct opening *o, struct wave *w, struct err *e)
{
	const char	*dir = o->conf->state_dir;
	struct wave_ref	*ref;
	enum err_code	 rc;
	size_t		 n, i;

	if ((rc = waves_list(dir, &ref, &n, e)) != ERR_OK)
		return rc;
	if (n >= TAG_MAX / 2)
		rc = err_set(e, ERR_REFUSED, "too many waves are not "
		    "published yet");
	for (i = 0; i < n && rc == ERR_OK; i++)
		rc = refuse_overlap(dir, &ref[i], w, e);
	if (rc == ERR_OK)
		rc = refuse_too_soon(o, w, e);
	if (rc == ERR_OK)
		w->tag = free_tag(ref, n);
	free(ref);
	return rc;
}

bool
freeze_revealed(const char *state_dir, const struct wave *w)
{
	char		*path = state_wave(state_dir, w->tag, w->name);
	struct err	 ignored;
	bool		 there = true;

	(void)!file_there(path, &there, &ignored);
	free(path);
	return there;
}
