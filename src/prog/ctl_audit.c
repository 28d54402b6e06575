/*
 * ctl_audit.c - sensectl audit: what is stored about a wave, and for whom.
 *
 * Says it in plain words; io/auditing.c looks.  No count of answers, and no
 * size or time from which one could be guessed, is printed (SCORING 9.4).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "io/auditing.h"
#include "io/clock.h"
#include "prog/ctl.h"

#define REPORT_MAX	(1 << 20)

struct report {
	const char	*wave;
	struct buf	 own;		/* about this wave */
	struct buf	 beside;	/* kept whatever the wave does */
	struct buf	 faults;
	char		 first[256];	/* fault */
	size_t		 boxes, optouts, others;
};

static void
add_name(struct buf *b, const char *kind, const char *name, unsigned long id)
{
	if (name != NULL)
		buf_addf(b, "%s %s", kind, name);
	else
		buf_addf(b, "%s %lu", kind, id);
}

/* Who may read it, root left out: root may read all. */
static void
add_readers(struct buf *b, const struct auditing_item *it)
{
	const struct passwd	*pw = getpwuid(it->st->st_uid);
	const struct group	*gr = getgrgid(it->st->st_gid);

	add_name(b, "user", pw != NULL ? pw->pw_name : NULL, it->st->st_uid);
	if (it->reached && (it->st->st_mode & 0040) != 0) {
		buf_adds(b, ", ");
		add_name(b, "group", gr != NULL ? gr->gr_name : NULL,
		    it->st->st_gid);
	}
	if (it->reached && (it->st->st_mode & 0004) != 0)
		buf_adds(b, ", everyone on this machine");
}

static void
add_item(struct buf *b, const struct auditing_item *it)
{
	enum inventory_kind kind = it->place->file->kind;

	buf_addf(b, "  %s\n      %s\n      readable by ", it->path,
	    it->place->file->what);
	add_readers(b, it);
	if (it->place->leftover)
		buf_adds(b, "; a write that is not finished");
	else if (inventory_transient(kind))
		buf_adds(b, "; destroyed at publication");
	buf_addc(b, '\n');
}

/* One box speaks for all, an opt-out for all, other waves are counted. */
static void
found(void *arg, const struct auditing_item *it)
{
	struct report		*r = arg;
	enum inventory_kind	 kind = it->place->file->kind;

	if (it->place->file->dir || kind == INV_NOTE || kind == INV_BOX_LOCK)
		return;
	if (it->place->wave[0] != '\0' && strcmp(it->place->wave, r->wave) != 0)
		r->others++;
	else if (kind == INV_BOX && !it->place->leftover && r->boxes++ > 0)
		return;
	else if (kind == INV_OPTOUT && r->optouts++ > 0)
		return;
	else
		add_item(it->place->wave[0] != '\0' ? &r->own : &r->beside,
		    it);
}

static void
fault(void *arg, const char *path, const char *why)
{
	struct report	*r = arg;
	const char	*name = *path != '\0' ? path : "the state directory";

	buf_addf(&r->faults, "  BAD %s: %s\n", name, why);
	if (r->first[0] == '\0')
		snprintf(r->first, sizeof(r->first), "%s: %s", name, why);
}

static void
print_state(const char *wave, const struct auditing_result *res)
{
	char opened[32], closes[32];

	clock_iso(opened, res->opened);
	clock_iso(closes, res->closes);
	switch (res->state) {
	case AUDITING_OPEN:
	case AUDITING_CLOSED:
		printf("wave %s %s %s: %" PRIu32 " people in %u boxes\n", wave,
		    res->state == AUDITING_OPEN ? "is open until" :
		    "is not published yet; it closed", closes, res->people,
		    res->boxes);
		break;
	case AUDITING_PUBLISHED:
		printf("wave %s is published; it was open from %s to %s; %"
		    PRIu32 " of %" PRIu32 " units are shown\n", wave, opened,
		    closes, res->shown, res->units);
		break;
	case AUDITING_GONE:
		printf("wave %s is neither open nor published: it was "
		    "destroyed or never opened\n", wave);
		break;
	}
}

static void
print_report(const struct report *r, const struct auditing_result *res)
{
	print_state(r->wave, res);
	printf("\nstored about it:\n%s", buf_str(&r->own));
	if (r->boxes > 1)
		printf("  and %zu more of the wave's boxes\n", r->boxes - 1);
	printf("\nstored beside it:\n%s", buf_str(&r->beside));
	if (r->optouts > 1)
		printf("  and %zu more opt-outs\n", r->optouts - 1);
	if (r->others > 0)
		printf("  and %zu files of other waves, which sensectl audit "
		    "tells by their names\n", r->others);
	printf("\nroot may read all of it.");
	if (res->state == AUDITING_OPEN || res->state == AUDITING_CLOSED)
		puts("  Until the wave is published, someone in full\n"
		    "control of this server could link people and answers, and "
		    "a backup of keys/\nwith answers/ too: keep keys/, "
		    "ledgers/ and answers/ out of backups.");
	else if (res->faults == 0)
		puts("  Nothing that is kept can show who gave which\n"
		    "answer in this wave.");
	else
		puts("");
	if (res->faults > 0)
		printf("\nwhat should not be so:\n%s", buf_str(&r->faults));
	printf("\n%zu files and directories looked at, %zu bad\n", res->looked,
	    res->faults);
}

enum err_code
ctl_audit(const struct ctl *c, struct err *e)
{
	struct report		r = { .wave = c->arg };
	struct auditing_result	res;
	struct auditing		a = {
		.state_dir = c->conf->state_dir, .wave = c->arg,
		.now = clock_now(), .found = found, .fault = fault, .arg = &r
	};
	enum err_code		rc;

	buf_init(&r.own, REPORT_MAX);
	buf_init(&r.beside, REPORT_MAX);
	buf_init(&r.faults, REPORT_MAX);
	rc = auditing_run(&a, &res, e);
	if (rc == ERR_OK) {
		print_report(&r, &res);
		if (res.faults > 0)
			rc = err_set(e, ERR_CORRUPT, "wave %s: %zu bad, the "
			    "first is %s", c->arg, res.faults, r.first);
	}
	buf_wipe(&r.own);
	buf_wipe(&r.beside);
	buf_wipe(&r.faults);
	return rc;
}
