/*
 * ledger.c - what was mailed, record by record.
 *
 * Owns the bytes of a ledger file and their repair; what the records mean is
 * core/standing.c's.  A record is written under the mutex, so records never
 * overlap and leave no gap; the sync is outside it, so that one serves all
 * threads that have written.  After a failed sync the kernel may have
 * dropped the pages: the descriptor is never trusted again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/file.h"
#include "io/ledger_parts.h"
#include "io/lock.h"

#define BATCH		1024	/* records read at once */
#define ROOM_MAX	256	/* records of room made at once */

struct ledger {
	int		 fd;
	char		*path;
	unsigned char	 key[CRYPT_KEY];
	pthread_mutex_t	 mutex;		/* all below */
	pthread_cond_t	 done;		/* a sync has ended */
	bool		 syncing;	/* by one thread, for all */
	uint32_t	 n;		/* records written */
	uint32_t	 opened;	/* of those, found by ledger_open */
	uint32_t	 room;		/* records the file has space for */
	uint32_t	 synced;	/* records surely on the disk */
	bool		 broken;	/* a write or a sync failed */
};

/* One reading of a file, from its first record to its last. */
struct replay {
	int			 fd;
	const char		*path;
	const unsigned char	*key;
	ledger_visit		*visit;
	void			*arg;
	uint32_t		 at;	/* records read */
	uint32_t		 good;	/* one past the last good one */
	uint32_t		 synced;	/* most that one claims */
	uint32_t		 bad;	/* first, not empty; or NONE */
	uint32_t		 gap_first, gap_end;	/* empty in the midst */
	uint32_t		 empty;	/* first of the present run */
};

#define NONE	UINT32_MAX

static enum err_code
corrupt(const struct replay *p, uint32_t record, struct err *e)
{
	return err_set(e, ERR_CORRUPT, "%s: record %lu is damaged or was "
	    "written under another key; nothing was changed", p->path,
	    (unsigned long)record + 1);
}

static enum err_code
newer(const struct replay *p, unsigned int format, struct err *e)
{
	char number[8];

	snprintf(number, sizeof(number), "%u", format + 1);
	return err_newer(e, p->path, number);
}

static enum err_code
replay_one(struct replay *p, const unsigned char *in, struct err *e)
{
	struct mail_record	r;
	uint32_t		synced, at = p->at++, *first;
	unsigned int		format;

	if (!ledger_unseal(&r, &synced, &format, p->key, in)) {
		first = ledger_is_empty(in) ? &p->empty : &p->bad;
		if (*first == NONE)
			*first = at;
		return ERR_OK;
	}
	if (format != LEDGER_FORMAT)
		return newer(p, format, e);
	if (p->bad != NONE)
		return corrupt(p, p->bad, e);
	if (p->empty != NONE) {
		if (p->gap_first == NONE)
			p->gap_first = p->empty;
		p->gap_end = at;
	}
	p->empty = NONE;
	p->good = at + 1;
	if (synced > p->synced)
		p->synced = synced;
	return p->visit(p->arg, &r, e);
}

/* What the whole file must fulfil, once it has been read. */
static enum err_code
replay_check(const struct replay *p, struct err *e)
{
	if (p->bad != NONE && p->good == 0)
		return corrupt(p, p->bad, e);
	if (p->gap_first != NONE && p->gap_first < p->synced)
		return corrupt(p, p->gap_first, e);
	return ERR_OK;
}

static enum err_code
replay_file(struct replay *p, struct err *e)
{
	enum err_code	 rc = ERR_OK;
	unsigned char	*batch = mem_zero(BATCH, LEDGER_RECORD);
	size_t		 have = 0, i;
	ssize_t		 got;

	p->bad = p->gap_first = p->empty = NONE;
	do {
		got = read(p->fd, batch + have, BATCH * LEDGER_RECORD - have);
		if (got == -1) {
			rc = err_sys(e, "%s", p->path);
			break;
		}
		have += (size_t)got;
		for (i = 0; rc == ERR_OK && i + LEDGER_RECORD <= have;
		    i += LEDGER_RECORD)
			rc = replay_one(p, batch + i, e);
		memmove(batch, batch + i, have - i);
		have -= i;
	} while (rc == ERR_OK && got > 0);
	free(batch);
	return rc == ERR_OK ? replay_check(p, e) : rc;
}

enum err_code
ledger_replay(const char *path, const unsigned char key[CRYPT_KEY],
    ledger_visit *visit, void *arg, struct err *e)
{
	struct replay	p = { .path = path, .key = key, .visit = visit,
			    .arg = arg };
	enum err_code	rc;

	if ((p.fd = open(path, O_RDONLY | O_CLOEXEC)) == -1) {
		rc = err_sys(e, "%s", path);
		return errno == ENOENT ? (e->code = ERR_ABSENT) : rc;
	}
	rc = replay_file(&p, e);
	close(p.fd);
	return rc;
}

static bool
write_at(struct ledger *l, uint32_t place, const struct mail_record *r)
{
	unsigned char record[LEDGER_RECORD];

	ledger_seal(record, l->key, r, l->synced);
	return file_write_at(l->fd, record, sizeof(record),
	    (off_t)place * LEDGER_RECORD);
}

/*
 * Zeros ahead of the records: a sync that finds the file's size unchanged
 * writes the records and nothing else.  As many as were appended so far, so
 * that one record alone makes none.
 */
static bool
make_room(struct ledger *l)
{
	uint32_t	 more = l->n - l->opened;
	unsigned char	*zero;
	bool		 ok;

	if (more > ROOM_MAX)
		more = ROOM_MAX;
	if (l->n < l->room || more == 0)
		return true;
	zero = mem_zero(more, LEDGER_RECORD);
	ok = file_write_at(l->fd, zero, (size_t)more * LEDGER_RECORD,
	    (off_t)l->n * LEDGER_RECORD);
	free(zero);
	if (ok)
		l->room = l->n + more;
	return ok;
}

/* Brings the file to a state that no crash could have left. */
static enum err_code
repair(struct ledger *l, const struct replay *p, struct err *e)
{
	static const struct mail_record	filler = { .event = MAIL_VOID };
	unsigned char			record[LEDGER_RECORD];
	off_t				end = (off_t)p->good * LEDGER_RECORD;
	uint32_t			i;

	for (i = p->gap_first; i != NONE && i < p->gap_end; i++) {
		if (file_read_at(l->fd, record, sizeof(record),
		    (off_t)i * LEDGER_RECORD) != (ssize_t)sizeof(record))
			return err_sys(e, "%s", l->path);
		if (ledger_is_empty(record) && !write_at(l, i, &filler))
			return err_sys(e, "%s", l->path);
	}
	if (ftruncate(l->fd, end) == -1 || fdatasync(l->fd) == -1)
		return err_sys(e, "%s", l->path);
	l->n = l->opened = l->synced = p->good;
	return ERR_OK;
}

enum err_code
ledger_open(const char *path, const unsigned char key[CRYPT_KEY],
    ledger_visit *visit, void *arg, struct ledger **out, struct err *e)
{
	struct ledger	*l = mem_zero(1, sizeof(*l));
	struct replay	 p = { .path = path, .key = l->key, .visit = visit,
			     .arg = arg };
	enum err_code	 rc;

	l->path = mem_str(path);
	l->fd = -1;
	memcpy(l->key, key, CRYPT_KEY);
	pthread_mutex_init(&l->mutex, NULL);
	pthread_cond_init(&l->done, NULL);
	if ((rc = lock_take(path, LOCK_TRY, 1, &l->fd, e)) != ERR_OK)
		goto out;
	/* whoever made it may have died before its name was on the disk */
	if ((rc = file_sync_parent(path, e)) != ERR_OK)
		goto out;
	p.fd = l->fd;
	if ((rc = replay_file(&p, e)) != ERR_OK)
		goto out;
	if ((rc = repair(l, &p, e)) != ERR_OK)
		goto out;
	*out = l;
	return ERR_OK;
out:
	ledger_close(&l);
	return rc;
}

static enum err_code
broken(const struct ledger *l, struct err *e)
{
	return err_set(e, ERR_SYS, "%s: an earlier write failed; no more mail "
	    "goes out until the program is started again", l->path);
}

/* Under the mutex, as are sync_all and await. */
static enum err_code
append(struct ledger *l, const struct mail_record *r, struct err *e)
{
	enum err_code rc;

	if (l->broken)
		return broken(l, e);
	if (l->n == NONE || !make_room(l) || !write_at(l, l->n, r)) {
		rc = err_sys(e, "%s", l->path);
		l->broken = true;
		return rc;
	}
	l->n++;
	return ERR_OK;
}

/* One sync of all that is written, for whoever waits. */
static enum err_code
sync_all(struct ledger *l, struct err *e)
{
	uint32_t	upto = l->n;
	enum err_code	rc = ERR_OK;

	l->syncing = true;
	pthread_mutex_unlock(&l->mutex);
	if (fdatasync(l->fd) == -1)
		rc = err_sys(e, "%s", l->path);
	pthread_mutex_lock(&l->mutex);
	l->syncing = false;
	if (rc != ERR_OK)
		l->broken = true;
	else
		l->synced = upto;
	pthread_cond_broadcast(&l->done);
	return rc;
}

static enum err_code
await(struct ledger *l, uint32_t mark, struct err *e)
{
	enum err_code rc = ERR_OK;

	while (rc == ERR_OK && (l->broken || l->synced < mark)) {
		if (l->broken)
			rc = broken(l, e);
		else if (l->syncing)
			pthread_cond_wait(&l->done, &l->mutex);
		else
			rc = sync_all(l, e);
	}
	return rc;
}

enum err_code
ledger_append(struct ledger *l, const struct mail_record *r, bool sync,
    struct err *e)
{
	enum err_code rc;

	pthread_mutex_lock(&l->mutex);
	rc = append(l, r, e);
	if (rc == ERR_OK && sync)
		rc = await(l, l->n, e);
	pthread_mutex_unlock(&l->mutex);
	return rc;
}

enum err_code
ledger_begin(struct ledger *l, const struct mail_record *r, uint32_t *mark,
    struct err *e)
{
	enum err_code rc;

	pthread_mutex_lock(&l->mutex);
	rc = append(l, r, e);
	if (rc == ERR_OK)
		*mark = l->n;
	pthread_mutex_unlock(&l->mutex);
	return rc;
}

enum err_code
ledger_await(struct ledger *l, uint32_t mark, struct err *e)
{
	enum err_code rc;

	pthread_mutex_lock(&l->mutex);
	rc = await(l, mark, e);
	pthread_mutex_unlock(&l->mutex);
	return rc;
}

uint32_t
ledger_synced(struct ledger *l)
{
	uint32_t synced;

	pthread_mutex_lock(&l->mutex);
	synced = l->synced;
	pthread_mutex_unlock(&l->mutex);
	return synced;
}

enum err_code
ledger_sync(struct ledger *l, struct err *e)
{
	enum err_code rc;

	pthread_mutex_lock(&l->mutex);
	rc = await(l, l->n, e);
	pthread_mutex_unlock(&l->mutex);
	return rc;
}

void
ledger_close(struct ledger **l)
{
	if (*l == NULL)
		return;
	/* room that stays is cut off by the next ledger_open */
	if ((*l)->room > (*l)->n && !(*l)->broken &&
	    ftruncate((*l)->fd, (off_t)(*l)->n * LEDGER_RECORD) == -1)
		(*l)->broken = true;
	lock_release(&(*l)->fd);
	pthread_cond_destroy(&(*l)->done);
	pthread_mutex_destroy(&(*l)->mutex);
	crypt_wipe((*l)->key, CRYPT_KEY);
	free((*l)->path);
	free(*l);
	*l = NULL;
}
