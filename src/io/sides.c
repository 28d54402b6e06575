/*
 * sides.c - which two waves tell the two sides of a relationship.
 *
 * Decides by what is on the disk now; that a decision, once taken, stands is
 * the digest ledger's (delivery.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/history.h"
#include "io/published.h"
#include "io/sides.h"
#include "io/state.h"
#include "io/wavefile.h"
#include "io/waves.h"

#define DAY	86400

static const struct conf_survey *
first_of_kind(const struct conf *c, enum conf_kind kind)
{
	size_t i;

	for (i = 0; i < c->n_surveys; i++)
		if (c->survey[i].kind == kind)
			return &c->survey[i];
	return NULL;
}

/* NULL: there is none, or this survey is no side. */
static const struct conf_survey *
other_side(const struct conf *c, const char *survey)
{
	const struct conf_survey *s = conf_survey(c, survey);

	if (s == NULL || first_of_kind(c, s->kind) != s)
		return NULL;
	return first_of_kind(c, s->kind == KIND_STAFF ? KIND_SERVED :
	    KIND_STAFF);
}

/* A publication without its units. */
static enum err_code
read_head(const char *dir, const char *wave, struct publication *p,
    struct err *e)
{
	char		*path = state_path(dir, STATE_PUBLISHED, wave);
	enum err_code	 rc = published_head(path, p, e);

	free(path);
	return rc;
}

static bool
close_together(int64_t a, int64_t b)
{
	int64_t apart = a > b ? a - b : b - a;

	return apart <= (int64_t)SIDES_APART_DAYS * DAY;
}

static enum err_code
find_published(const char *dir, const char *survey,
    const struct publication *own, struct sides *out, struct err *e)
{
	struct publication	p;
	int64_t			latest = INT64_MIN;
	enum err_code		rc;
	size_t			n, i;
	char			**name;

	rc = history_list(dir, &name, &n, e);
	for (i = 0; i < n; i++) {
		if (rc == ERR_OK)
			rc = read_head(dir, name[i], &p, e);
		if (rc == ERR_OK && strcmp(p.survey, survey) == 0 &&
		    p.opened > latest && close_together(p.closed,
		    own->closed)) {
			latest = p.opened;
			memcpy(out->other, p.wave, sizeof(p.wave));
		}
		free(name[i]);
	}
	free(name);
	return rc;
}

/* A wave that goes while it is looked at is published, or discarded. */
static enum err_code
look_at(const char *dir, const struct wave_ref *ref, struct coming *out,
    size_t *n, struct err *e)
{
	char		*path = state_wave(dir, ref->tag, ref->name);
	struct wave	 w;
	enum err_code	 rc = wavefile_read(path, WAVE_BRIEF, &w, e);

	free(path);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	memcpy(out[*n].wave, w.name, sizeof(w.name));
	memcpy(out[*n].survey, w.survey, sizeof(w.survey));
	out[*n].opened = w.opened;
	out[(*n)++].closes = w.closes;
	wave_wipe(&w);
	return ERR_OK;
}

enum err_code
sides_coming(const char *state_dir, struct coming **out, size_t *n,
    struct err *e)
{
	struct wave_ref	*ref;
	struct coming	*all;
	enum err_code	 rc;
	size_t		 refs, i, found = 0;

	if ((rc = waves_list(state_dir, &ref, &refs, e)) != ERR_OK)
		return rc;
	all = mem_zero(refs, sizeof(*all));
	for (i = 0; i < refs && rc == ERR_OK; i++)
		rc = look_at(state_dir, &ref[i], all, &found, e);
	free(ref);
	if (rc != ERR_OK) {
		free(all);
		return rc;
	}
	*out = all;
	*n = found;
	return ERR_OK;
}

/* One that is published, but of which a file is left, is not awaited. */
static bool
to_wait_for(const struct coming *c, const char *survey,
    const struct publication *own, const struct sides *s)
{
	return strcmp(c->survey, survey) == 0 &&
	    strcmp(c->wave, s->other) != 0 && c->opened <= own->closed &&
	    c->closes <= own->closed + (int64_t)SIDES_WAIT_DAYS * DAY;
}

enum err_code
sides_find(const struct conf *conf, const char *wave,
    const struct coming *coming, size_t n_coming, int64_t now,
    struct sides *out, struct err *e)
{
	const struct conf_survey	*other;
	struct publication		 own;
	enum err_code			 rc;
	size_t				 i;

	memset(out, 0, sizeof(*out));
	if ((rc = read_head(conf->state_dir, wave, &own, e)) != ERR_OK)
		return rc;
	other = other_side(conf, own.survey);
	if (other == NULL)
		return ERR_OK;
	out->leads = conf_survey(conf, own.survey) < other;
	out->give_up = own.closed + (int64_t)SIDES_GIVE_UP_DAYS * DAY;
	rc = find_published(conf->state_dir, other->name, &own, out, e);
	for (i = 0; i < n_coming && rc == ERR_OK && now < out->give_up; i++)
		if (to_wait_for(&coming[i], other->name, &own, out))
			memcpy(out->awaited, coming[i].wave,
			    sizeof(out->awaited));
	return rc;
}
