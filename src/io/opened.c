/*
 * opened.c - when a survey last opened a wave.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "io/file.h"
#include "io/history.h"
#include "io/opened.h"
#include "io/state.h"
#include "io/wavefile.h"

#define DIGITS	19

static enum err_code
noted(const char *path, int64_t *out, struct err *e)
{
	enum err_code	 rc;
	uint64_t	 v = 0;
	size_t		 len;
	char		*text;

	*out = 0;
	rc = file_read(path, DIGITS + 1, &text, &len, e);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	if (len == 0 || text[len - 1] != '\n' ||
	    !num_parse(text, len - 1, 0, INT64_MAX, &v))
		rc = err_set(e, ERR_CORRUPT, "%s: no number", path);
	*out = (int64_t)v;
	free(text);
	return rc;
}

enum err_code
opened_note(const char *state_dir, const char *survey, int64_t when,
    struct err *e)
{
	char		*path = state_path(state_dir, STATE_OPENED, survey);
	char		*text = mem_fmt("%" PRId64 "\n", when);
	enum err_code	 rc;
	int64_t		 old;

	rc = noted(path, &old, e);
	if (rc == ERR_CORRUPT || (rc == ERR_OK && old < when))
		rc = file_replace(path, text, strlen(text), 0600, e);
	free(text);
	free(path);
	return rc;
}

/* Raises *out to the opening of any wave of the survey that is there. */
static enum err_code
look_at_waves(const char *dir, const char *survey, int64_t *out,
    struct err *e)
{
	struct wave_ref	*ref;
	struct wave	 w;
	enum err_code	 rc;
	size_t		 n, i;
	char		*path;

	if ((rc = waves_list(dir, &ref, &n, e)) != ERR_OK)
		return rc;
	for (i = 0; i < n && rc == ERR_OK; i++) {
		path = state_wave(dir, ref[i].tag, ref[i].name);
		rc = wavefile_read(path, WAVE_BRIEF, &w, e);
		free(path);
		if (rc == ERR_ABSENT) {
			rc = ERR_OK;	/* published meanwhile: see below */
			continue;
		}
		if (rc == ERR_OK && strcmp(w.survey, survey) == 0 &&
		    w.opened > *out)
			*out = w.opened;
		if (rc == ERR_OK)
			wave_wipe(&w);
	}
	free(ref);
	return rc;
}

enum err_code
opened_last(const char *state_dir, const char *survey, int64_t since,
    int64_t *out, struct err *e)
{
	char			*path = state_path(state_dir, STATE_OPENED,
				    survey);
	struct publication	 pub;
	enum err_code		 rc;
	int64_t			 old;
	bool			 found = false;

	rc = noted(path, &old, e);
	free(path);
	*out = old;
	if (rc != ERR_OK || old >= since)
		return rc;
	if ((rc = look_at_waves(state_dir, survey, out, e)) == ERR_OK)
		rc = history_latest(state_dir, survey, INT64_MAX, &pub,
		    &found, e);
	if (found) {
		if (pub.opened > *out)
			*out = pub.opened;
		publication_wipe(&pub);
	}
	if (rc == ERR_OK && *out > old)
		rc = opened_note(state_dir, survey, *out, e);
	return rc;
}
