/*
 * publisher.c - the first step of sensed-digest: closed waves become figures.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"
#include "io/history.h"
#include "io/publishing.h"
#include "io/roster.h"
#include "io/waves.h"
#include "prog/attend.h"
#include "prog/prog.h"
#include "prog/progress.h"
#include "prog/publisher.h"

static void
show(void *arg, unsigned int done, unsigned int all)
{
	progress_show(arg, "boxes counted", done, all);
}

/* The first of two codes that is an error. */
static enum err_code
worse(enum err_code a, enum err_code b)
{
	return a != ERR_OK ? a : b;
}

/* A wave that can never be published needs a person. */
static void
tell(const char *dir, const char *wave, const struct err *e)
{
	struct err fault, words;

	if (publishing_possible(dir, wave, &fault) != ERR_CORRUPT) {
		log_err("%s", e->msg);
		return;
	}
	err_set(&words, ERR_CORRUPT, "wave %s can never be published: %s; "
	    "'sensectl discard %s' destroys it", wave, fault.msg, wave);
	attend(dir, STATE_ATTENTION_PUBLISH, wave, words.msg);
}

/* One wave; named tells whether somebody asked for this very one. */
static enum err_code
publish_wave(const struct publisher *p, const char *wave, bool named)
{
	struct progress	progress = { 0 };
	struct err	e;
	enum err_code	rc = publishing_run(p->conf->state_dir, wave, p->now,
			    show, &progress, &e);

	progress_end(&progress);
	if (rc == ERR_OK)
		log_info("wave %s is published; its keys and answers are "
		    "destroyed", wave);
	else if (rc == ERR_USED || (rc == ERR_REFUSED && !named)) {
		log_debug("%s", e.msg);
		rc = ERR_OK;
	} else
		tell(p->conf->state_dir, wave, &e);
	return rc;
}

static enum err_code
publish_all(const struct publisher *p)
{
	struct wave_ref	*ref;
	struct err	 e;
	enum err_code	 rc;
	size_t		 n, i;

	if ((rc = waves_list(p->conf->state_dir, &ref, &n, &e)) != ERR_OK) {
		log_err("%s", e.msg);
		return rc;
	}
	for (i = 0; i < n; i++)
		rc = worse(rc, publish_wave(p, ref[i].name, false));
	free(ref);
	return rc;
}

static void
log_expired(const char *wave)
{
	log_info("the figures of wave %s are as old as privacy.keep_years "
	    "allows, and are destroyed", wave);
}

/* What must be done before anything is mailed: see publisher.h. */
static enum err_code
keep_promises(const struct publisher *p)
{
	struct err	e;
	enum err_code	rc;

	rc = history_expire(p->conf->state_dir, p->conf->site.keep_years,
	    p->now, log_expired, &e);
	if (rc == ERR_OK)
		rc = roster_apply_optouts(p->conf->state_dir, &e);
	if (rc != ERR_OK)
		log_err("%s", e.msg);
	return rc;
}

int
publisher_step(void *arg)
{
	const struct publisher	*p = arg;
	enum err_code		 rc = p->wave != NULL ?
				    publish_wave(p, p->wave, true) :
				    publish_all(p);

	return prog_sysexit(worse(rc, keep_promises(p)));
}
