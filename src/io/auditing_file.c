/*
 * auditing_file.c - looks into the files of an audit.
 *
 * Sizes of files that are not stores; the records of those that are; boxes and
 * the publication of the wave in question.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/auditing_parts.h"
#include "io/boxfile.h"
#include "io/ledger.h"
#include "io/lock.h"
#include "io/published.h"
#include "io/store.h"
#include "io/wavefile.h"

/* Files that always have one size. */
static const struct {
	enum inventory_kind	kind;
	off_t			size;
} sizes[] = {
	{ INV_KEY_ORGANISATION, CRYPT_KEY },
	{ INV_KEY_TOKEN, CRYPT_KEY },
	{ INV_KEY_BALLOT, CRYPT_KEY },
	{ INV_LOCK, 0 },
	{ INV_BOX_LOCK, 0 },
	{ INV_OPTOUT, 0 },
};

static void
judge_size(struct audit_work *w, const struct auditing_item *it)
{
	enum inventory_kind	kind = it->place->file->kind;
	size_t			i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (sizes[i].kind == kind && it->st->st_size != sizes[i].size)
			audit_fault(w, it->path, "has %lld bytes, %lld are "
			    "right", (long long)it->st->st_size,
			    (long long)sizes[i].size);
}

struct reading {
	enum inventory_kind	kind;
	size_t			n, strange;
};

static enum err_code
judge_record(void *arg, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	struct reading *r = arg;

	(void)e;
	r->n++;
	r->strange += !inventory_record(r->kind, key, keylen, value, len);
	return ERR_OK;
}

/* Holds every record against the table; *n is how many there are. */
static enum err_code
judge_records(struct audit_work *w, const char *path, const char *full,
    enum inventory_kind kind, size_t *n, struct err *e)
{
	struct reading	 r = { .kind = kind };
	struct store	*s;
	enum err_code	 rc;

	*n = 0;
	rc = store_open(full, &s, e);
	if (rc == ERR_OK) {
		rc = store_each(s, judge_record, &r, e);
		store_close(&s);
	}
	if (r.strange > 0)
		audit_fault(w, path, "%zu records that sensed never writes "
		    "there", r.strange);
	*n = r.n;
	return audit_reader(w, path, rc, e);
}

/* True if nothing could be read, which was told since `before`. */
static bool
told(const struct audit_work *w, size_t before, size_t n)
{
	return n == 0 && w->out->faults > before;
}

/*
 * 1, the senses, one a unit, and the senses of each unit that is shown; the
 * comments, and what is said of them.
 */
static void
judge_count(struct audit_work *w, const char *path,
    const struct publication *p, size_t comments, size_t n)
{
	size_t	 want = 1 + SENSE__MAX + (size_t)p->n + comments +
		     (comments > 0);
	uint32_t i, shown = 0;

	for (i = 0; i < p->n; i++)
		shown += p->unit[i].status == UNIT_PUBLISHED;
	want += (size_t)shown * SENSE__MAX;
	if (n != want)
		audit_fault(w, path, "%zu records, %zu are right: something "
		    "is kept of a unit that is not shown", n, want);
	if (strcmp(p->wave, w->a->wave) != 0)
		return;
	w->out->opened = p->opened;
	w->out->closes = p->closed;
	w->out->units = p->n;
	w->out->shown = shown;
}

static enum err_code
judge_publication(struct audit_work *w, const struct auditing_item *it,
    const char *full, struct err *e)
{
	size_t			before = w->out->faults, n;
	struct publication	p;
	struct comments		c;
	enum err_code		rc;

	rc = judge_records(w, it->path, full, INV_PUBLISHED, &n, e);
	if (rc != ERR_OK || told(w, before, n))
		return rc;
	if ((rc = published_read(full, &p, e)) != ERR_OK)
		return audit_reader(w, it->path, rc, e);
	if (strcmp(p.wave, it->place->wave) != 0)
		audit_fault(w, it->path, "holds the figures of another wave");
	if (!p.safe)
		audit_fault(w, it->path, "the figures allow smaller groups "
		    "than %u to be worked out (SCORING 5)", p.k);
	if ((rc = published_comments(full, &p, &c, e)) == ERR_OK)
		judge_count(w, it->path, &p, c.n, n);
	publication_wipe(&p);
	comments_wipe(&c);
	return rc == ERR_OK ? rc : audit_reader(w, it->path, rc, e);
}

/* No commit is under way while the lock is held. */
static enum err_code
judge_box(struct audit_work *w, const struct auditing_item *it,
    const char *full, struct err *e)
{
	char		*lock;
	enum err_code	 rc;
	int		 fd = -1;

	if (it->place->box >= w->out->boxes)
		audit_fault(w, it->path, "the wave has only %u boxes",
		    w->out->boxes);
	lock = mem_fmt("%.*s.lock", (int)(strlen(full) - strlen(".gdbm")),
	    full);
	rc = lock_take(lock, LOCK_SHARED, 0, &fd, e);
	free(lock);
	if (rc == ERR_ABSENT) {
		audit_fault(w, it->path, "has no lock file beside it");
		return ERR_OK;
	}
	if (rc == ERR_OK)
		rc = audit_reader(w, it->path, boxfile_check(full, e), e);
	lock_release(&fd);
	return rc;
}

static enum err_code
judge_wavefile(struct audit_work *w, const struct auditing_item *it,
    const char *full, struct err *e)
{
	size_t		before = w->out->faults, n;
	struct wave	wave;
	enum err_code	rc;

	rc = judge_records(w, it->path, full, INV_WAVE, &n, e);
	if (rc != ERR_OK || told(w, before, n))
		return rc;
	if ((rc = wavefile_read(full, WAVE_WHOLE, &wave, e)) != ERR_OK)
		return audit_reader(w, it->path, rc, e);
	if (strcmp(wave.name, it->place->wave) != 0)
		audit_fault(w, it->path, "describes another wave");
	if (n != 4 + (wave.comments > 0) + wave.questions.n + wave.tree.n)
		audit_fault(w, it->path, "holds more than it describes");
	wave_wipe(&wave);
	return ERR_OK;
}

static enum err_code
judge_kind(struct audit_work *w, const struct auditing_item *it,
    const char *full, struct err *e)
{
	size_t n;

	switch (it->place->file->kind) {
	case INV_PUBLISHED:
		return judge_publication(w, it, full, e);
	case INV_WAVE:
		return judge_wavefile(w, it, full, e);
	case INV_BOX:
		return strcmp(it->place->wave, w->a->wave) == 0 ?
		    judge_box(w, it, full, e) : ERR_OK;
	default:
		return inventory_has_records(it->place->file->kind) ?
		    judge_records(w, it->path, full, it->place->file->kind, &n,
		    e) : ERR_OK;
	}
}

enum err_code
audit_contents(struct audit_work *w, const struct auditing_item *it,
    struct err *e)
{
	enum err_code	 rc;
	char		*full;

	if (it->place->leftover)
		return ERR_OK;
	judge_size(w, it);
	full = mem_fmt("%s/%s", w->a->state_dir, it->path);
	rc = judge_kind(w, it, full, e);
	free(full);
	return rc;
}
