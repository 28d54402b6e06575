/*
 * importing.c - the transaction around an import.
 *
 * Order of files: units are read first, without the lock, since everything
 * else needs the tree; then the lock, the old roster, the new one, the people.
 * At the end answers/optout/known is revealed before the roster: a hash too
 * many does no harm, one too few would refuse an opt-out.  What a death leaves
 * are files NAME.new, which the next import overwrites.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/importing_parts.h"
#include "io/lock.h"
#include "io/roster_write.h"
#include "io/state.h"

#define ROSTER_MODE	0600
#define KNOWN_MODE	0640	/* sensed.cgi reads it, by its group */

static enum err_code
take_lock(struct import *im, struct err *e)
{
	char		*path;
	enum err_code	 rc;

	path = state_path(im->conf->state_dir, STATE_ROSTER_LOCK, NULL);
	rc = lock_take(path, LOCK_EXCLUSIVE, 1, &im->lock, e);
	free(path);
	return rc;
}

/* One alone is the error itself, so that it is told once. */
void
import_fault(void *arg, const struct err *e)
{
	struct import *im = arg;

	if (im->faults++ == 0)
		im->first = *e;
	if (im->faults < 2 || im->faults > IMPORT_FAULTS || im->fault == NULL)
		return;
	if (im->faults == 2)
		im->fault(im->arg, &im->first);
	im->fault(im->arg, e);
}

enum err_code
import_faults(const struct import *im, const char *path, struct err *e)
{
	if (im->faults == 0)
		return ERR_OK;
	if (im->faults == 1) {
		*e = im->first;
		return ERR_INPUT;
	}
	if (im->faults <= IMPORT_FAULTS)
		return err_set(e, ERR_INPUT, "%s: %" PRIu32 " rows are at "
		    "fault; nothing was changed", path, im->faults);
	return err_set(e, ERR_INPUT, "%s: and %" PRIu32 " more: %" PRIu32
	    " rows are at fault; nothing was changed", path,
	    im->faults - IMPORT_FAULTS, im->faults);
}

/* The old roster and its tree, as far as there are any. */
static enum err_code
open_old(struct import *im, struct err *e)
{
	enum err_code rc;

	rc = roster_open(im->conf->state_dir, &im->old, e);
	if (rc == ERR_OK)
		rc = roster_tree(im->old, im->survey, &im->was, e);
	return rc == ERR_ABSENT ? ERR_OK : rc;
}

static enum err_code
create(const struct import *im, enum state_file file, mode_t mode,
    struct store **out, struct err *e)
{
	char		*path = state_path(im->conf->state_dir, file, NULL);
	enum err_code	 rc;

	rc = store_create(path, mode, 0, out, e);
	free(path);
	return rc;
}

static enum err_code
create_known(struct import *im, struct err *e)
{
	enum err_code rc;

	rc = state_organisation_key(im->conf->state_dir, im->key, e);
	if (rc == ERR_OK)
		rc = state_sync(im->conf->state_dir, e);
	if (rc == ERR_OK)
		rc = create(im, STATE_OPTOUT_KNOWN, KNOWN_MODE, &im->known, e);
	return rc;
}

static enum err_code
open_all(struct import *im, bool dry, struct err *e)
{
	enum err_code rc;

	rc = state_prepare(im->conf->state_dir, e);
	if (rc == ERR_OK)
		rc = take_lock(im, e);
	if (rc == ERR_OK && !dry)	/* of the addresses as they were */
		rc = health_begin(im->conf->state_dir, &im->health, e);
	if (rc == ERR_OK)
		rc = open_old(im, e);
	if (rc == ERR_OK)
		rc = create(im, STATE_ROSTER, ROSTER_MODE, &im->new, e);
	if (rc == ERR_OK && !dry)
		rc = create_known(im, e);
	return rc;
}

/* The new people come first: what is wrong with them is told at once. */
static enum err_code
fill(struct import *im, const struct unit_rows *rows, struct err *e)
{
	enum err_code rc;

	import_pair(im);
	rc = import_put_units(im, rows, e);
	if (rc == ERR_OK)
		rc = import_read_people(im, e);
	if (rc == ERR_OK && im->old != NULL)
		rc = roster_copy_but_health(im->old, im->survey, im->new, e);
	if (rc == ERR_OK && im->health != NULL)
		rc = health_put_others(im->health, im->survey, im->new, e);
	if (rc == ERR_OK)
		rc = import_old_people(im, e);
	if (rc == ERR_OK)
		import_conclude(im);
	return rc;
}

static enum err_code
run(struct import *im, bool dry, struct err *e)
{
	struct unit_rows	rows = { .n = 0 };
	enum err_code		rc;

	if (conf_survey(im->conf, im->survey) == NULL)
		return err_set(e, ERR_ABSENT, "survey %s is not configured, "
		    "expected the name of one that is", im->survey);
	rc = import_read_units(im, &rows, e);
	if (rc == ERR_OK)
		rc = open_all(im, dry, e);
	if (rc == ERR_OK)
		rc = fill(im, &rows, e);
	unit_rows_wipe(&rows);
	return rc;
}

enum err_code
import_begin(const struct conf *c, const char *survey,
    const struct import_files *files, bool dry, csv_progress *progress,
    csv_fault *fault, void *arg, struct import **out, struct err *e)
{
	struct import	*im = mem_zero(1, sizeof(*im));
	enum err_code	 rc;

	im->conf = c;
	im->survey = survey;
	im->files = *files;
	im->lock = -1;
	im->progress = progress;
	im->fault = fault;
	im->arg = arg;
	tree_init(&im->tree);
	tree_init(&im->was);
	rc = run(im, dry, e);
	if (rc != ERR_OK)
		import_drop(&im);
	else
		*out = im;
	return rc;
}

const struct import_report *
import_report(const struct import *im)
{
	return &im->report;
}

enum err_code
import_commit(struct import **im, struct err *e)
{
	enum err_code rc;

	rc = store_commit(&(*im)->known, e);
	if (rc == ERR_OK)
		rc = store_commit(&(*im)->new, e);
	if (rc == ERR_OK && (*im)->health != NULL)
		rc = health_end((*im)->health, e);
	import_drop(im);
	return rc;
}

void
import_drop(struct import **imp)
{
	struct import *im = *imp;

	if (im == NULL)
		return;
	health_free(&im->health);
	roster_close(&im->old);
	store_close(&im->new);
	store_close(&im->known);
	lock_release(&im->lock);
	crypt_wipe(im->key, sizeof(im->key));
	tree_wipe(&im->tree);
	tree_wipe(&im->was);
	free(im->old_of);
	free(im->same_way);
	free(im->joiners);
	free(im->comers);
	free(im->report.unit);
	free(im);
	*imp = NULL;
}
