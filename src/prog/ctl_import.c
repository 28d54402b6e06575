/*
 * ctl_import.c - sensectl import: says what changes, then lets it happen.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "io/importing.h"
#include "prog/ctl.h"
#include "prog/progress.h"

static void
show(void *arg, uint64_t done, uint64_t size)
{
	progress_show(arg, "importing, bytes", done, size);
}

static void
show_fault(void *arg, const struct err *fault)
{
	progress_end(arg);	/* its line stays free for this one */
	log_err("%s", fault->msg);
}

/* Names hold no control characters: importing has refused them. */
static void
print_unit(const struct import_unit *u)
{
	if (u->was == NULL)
		printf("  unit %s added: %s\n", u->id, u->name);
	else if (u->name == NULL)
		printf("  unit %s removed: %s\n", u->id, u->was);
	else if (strcmp(u->was, u->name) != 0)
		printf("  unit %s renamed: %s, was %s\n", u->id, u->name,
		    u->was);
	if (u->moved)
		printf("  unit %s moved below another unit\n", u->id);
}

static bool
suspicious(const struct import_unit *u)
{
	return u->many_joined || u->reaches;
}

/* SCORING 1, threat 13: the software cannot tell, the administrator may. */
static void
print_suspicion(const struct import_report *r)
{
	const struct import_unit	*u;
	size_t				 i;

	for (i = 0; i < r->n && !suspicious(&r->unit[i]); i++)
		continue;
	if (i == r->n)
		return;
	printf("please make sure that the people of these units are real, "
	    "and belong there:\n");
	for (; i < r->n; i++) {
		u = &r->unit[i];
		if (!suspicious(u))
			continue;
		printf("  unit %s: %" PRIu32 " of %" PRIu32 " people joined%s"
		    "%s\n", u->id, u->joined, u->people,
		    u->many_joined ? ", more than a third" : "",
		    u->reaches ? ", enough for figures the first time" : "");
	}
}

static void
print_report(const char *survey, const struct import_report *r)
{
	size_t i;

	printf("survey %s: %" PRIu32 " people in %" PRIu32 " units\n", survey,
	    r->people, r->units);
	printf("  joined   %" PRIu32 "\n", r->joined);
	printf("  left     %" PRIu32 "\n", r->left);
	printf("  moved    %" PRIu32 " (to another unit)\n", r->moved);
	printf("  changed  %" PRIu32 " (address, name or language)\n",
	    r->changed);
	if (r->unled > 0)
		printf("  units without a leader: %" PRIu32 "\n", r->unled);
	for (i = 0; i < r->n; i++)
		print_unit(&r->unit[i]);
	print_suspicion(r);
}

static enum err_code
commit(struct import **im, bool dry, struct err *e)
{
	enum err_code rc;

	if (dry) {
		import_drop(im);
		printf("dry run: nothing was changed\n");
		return ERR_OK;
	}
	fflush(stdout);		/* what changes is said before it does */
	rc = import_commit(im, e);
	if (rc == ERR_OK)
		printf("done\n");
	return rc;
}

enum err_code
ctl_import(const struct ctl *c, struct err *e)
{
	struct import_files	files = { c->opt[CTL_UNITS],
				    c->opt[CTL_PEOPLE] };
	const bool		dry = c->opt[CTL_DRY_RUN] != NULL;
	struct progress		progress = { 0 };
	struct import		*im;
	enum err_code		 rc;

	if (c->arg == NULL || files.units == NULL || files.people == NULL)
		return err_set(e, ERR_INPUT, "usage: sensectl import SURVEY "
		    "--units FILE --people FILE [--dry-run]");
	rc = import_begin(c->conf, c->arg, &files, dry, show, show_fault,
	    &progress, &im, e);
	progress_end(&progress);
	if (rc != ERR_OK)
		return rc;
	print_report(c->arg, import_report(im));
	return commit(&im, dry, e);
}
