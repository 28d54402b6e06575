/*
 * waveorder.c - the last waves of a survey, by when they opened.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "io/history.h"
#include "io/published.h"
#include "io/state.h"
#include "io/waveorder.h"
#include "io/wavefile.h"
#include "io/waves.h"

/* A wave that was published just now may have its wave file still. */
static bool
is_there(const struct waveorder *o, const char *name)
{
	size_t i;

	for (i = 0; i < o->n; i++)
		if (strcmp(o->wave[i], name) == 0)
			return true;
	return false;
}

/* Puts a wave in its place, if it has one among the last. */
static void
insert(struct waveorder *o, const char *name, int64_t opened)
{
	size_t i = o->n;

	if (is_there(o, name))
		return;
	while (i > 0 && o->opened[i - 1] < opened)
		i--;
	if (i == WAVEORDER_MAX)
		return;
	if (o->n < WAVEORDER_MAX)
		o->n++;
	memmove(o->wave[i + 1], o->wave[i],
	    (o->n - 1 - i) * sizeof(o->wave[0]));
	memmove(&o->opened[i + 1], &o->opened[i],
	    (o->n - 1 - i) * sizeof(o->opened[0]));
	memcpy(o->wave[i], name, strlen(name) + 1);
	o->opened[i] = opened;
}

static enum err_code
add_published(struct waveorder *o, const char *dir, const char *survey,
    const char *name, struct err *e)
{
	char			*path = state_path(dir, STATE_PUBLISHED, name);
	struct publication	 p;
	enum err_code		 rc = published_read(path, &p, e);

	free(path);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;	/* expired just now */
	if (strcmp(p.survey, survey) == 0)
		insert(o, name, p.opened);
	publication_wipe(&p);
	return ERR_OK;
}

static enum err_code
add_live(struct waveorder *o, const char *dir, const char *survey,
    const struct wave_ref *ref, struct err *e)
{
	char		*path = state_wave(dir, ref->tag, ref->name);
	struct wave	 w;
	enum err_code	 rc = wavefile_read(path, WAVE_BRIEF, &w, e);

	free(path);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;	/* published now */
	if (strcmp(w.survey, survey) == 0 && !is_there(o, w.name)) {
		insert(o, w.name, w.opened);
		o->live = true;
	}
	wave_wipe(&w);
	return ERR_OK;
}

enum err_code
waveorder_read(const char *state_dir, const char *survey, struct waveorder *o,
    struct err *e)
{
	struct wave_ref	 *ref = NULL;
	char		**name;
	enum err_code	  rc;
	size_t		  n, i;

	memset(o, 0, sizeof(*o));
	rc = history_list(state_dir, &name, &n, e);
	for (i = 0; i < n; i++) {
		if (rc == ERR_OK)
			rc = add_published(o, state_dir, survey, name[i], e);
		free(name[i]);
	}
	free(name);
	if (rc == ERR_OK)
		rc = waves_list(state_dir, &ref, &n, e);
	for (i = 0; i < n && rc == ERR_OK; i++)
		rc = add_live(o, state_dir, survey, &ref[i], e);
	free(ref);
	return rc;
}
