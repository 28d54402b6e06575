/*
 * healthlog.c - the health log's bytes.
 *
 * Several sensed-bounce may append at once, so the file itself is locked while
 * one does.  What is in it already is looked for in the whole file: bounces
 * are rare, and a message sent again and again must not fill a disk.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "io/file.h"
#include "io/healthlog.h"
#include "io/lock.h"
#include "io/state.h"

#define LOG_MODE	0600
#define LOG_MAX		((size_t)256 << 20)
#define CHUNK		(1024 * HEALTH_RECORD)

static char *
log_path(const char *state_dir)
{
	return state_path(state_dir, STATE_HEALTH, NULL);
}

enum err_code
healthlog_make(const char *state_dir, struct err *e)
{
	char		*path = log_path(state_dir);
	enum err_code	 rc = ERR_OK;
	int		 fd;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, LOG_MODE);
	if (fd == -1)
		rc = err_sys(e, "%s", path);
	else {
		close(fd);
		rc = file_sync_parent(path, e);
	}
	free(path);
	return rc;
}

/* Reads on from *at; *size becomes the end of the last good record. */
static enum err_code
read_all(int fd, const char *path, healthlog_visit *each, void *arg,
    off_t *size, struct err *e)
{
	unsigned char		*b = mem_zero(1, CHUNK);
	struct health_record	 r;
	char			 newer[12];
	unsigned int		 format;
	enum err_code		 rc = ERR_OK;
	off_t			 at = 0;
	ssize_t			 n, i;

	*size = 0;
	do {
		if ((n = file_read_at(fd, b, CHUNK, at)) == -1)
			rc = err_sys(e, "%s", path);
		for (i = 0; i + HEALTH_RECORD <= n && rc == ERR_OK;
		    i += HEALTH_RECORD) {
			if (health_decode(&r, &format, b + i)) {
				*size = at + i + HEALTH_RECORD;
				rc = each(arg, &r, e);
			} else if (format > 0) {
				snprintf(newer, sizeof(newer), "%u", format);
				rc = err_newer(e, path, newer);
			}
		}
		at += n;
	} while (n == CHUNK && rc == ERR_OK);
	free(b);
	return rc;
}

enum err_code
healthlog_each(const char *state_dir, healthlog_visit *each, void *arg,
    struct err *e)
{
	char		*path = log_path(state_dir);
	enum err_code	 rc;
	off_t		 size;
	int		 fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		rc = errno == ENOENT ? ERR_OK : err_sys(e, "%s", path);
	else {
		rc = read_all(fd, path, each, arg, &size, e);
		close(fd);
	}
	free(path);
	return rc;
}

static bool
same(const struct health_record *a, const struct health_record *b)
{
	return a->event == b->event && a->lifted == b->lifted &&
	    memcmp(a->who, b->who, BOUNCE_WHO) == 0 &&
	    strcmp(a->wave, b->wave) == 0;
}

/* Records to be appended, and which of them are there already. */
struct wanted {
	const struct health_record	*r;
	size_t				 n;
	bool				*there;
};

static int
by_who(const void *a, const void *b)
{
	return memcmp(((const struct health_record *)a)->who,
	    ((const struct health_record *)b)->who, BOUNCE_WHO);
}

/* The records wanted are in order of who. */
static enum err_code
strike_out(void *arg, const struct health_record *r, struct err *e)
{
	struct wanted			*w = arg;
	const struct health_record	*at;
	size_t				 i;

	(void)e;
	at = bsearch(r, w->r, w->n, sizeof(*w->r), by_who);
	if (at == NULL)
		return ERR_OK;
	for (i = (size_t)(at - w->r); i > 0 && by_who(&w->r[i - 1], r) == 0;)
		i--;
	for (; i < w->n && by_who(&w->r[i], r) == 0; i++)
		if (same(&w->r[i], r))
			w->there[i] = true;
	return ERR_OK;
}

/* On the locked file: reads, cuts off what is torn, writes, syncs. */
static enum err_code
append_locked(int fd, const char *path, struct wanted *w, struct err *e)
{
	unsigned char	*b = mem_zero(w->n, HEALTH_RECORD);
	size_t		 len = 0, i;
	enum err_code	 rc;
	off_t		 end;

	rc = read_all(fd, path, strike_out, w, &end, e);
	for (i = 0; i < w->n; i++)
		if (!w->there[i]) {
			health_encode(b + len, &w->r[i]);
			len += HEALTH_RECORD;
		}
	if (rc == ERR_OK && (size_t)end + len > LOG_MAX)
		rc = err_set(e, ERR_SYS, "%s: too long; an import or the next "
		    "opening empties it", path);
	if (rc == ERR_OK && (ftruncate(fd, end) == -1 ||
	    !file_write_at(fd, b, len, end) || fsync(fd) == -1)) {
		rc = err_sys(e, "%s: write", path);
		(void)!ftruncate(fd, end);
	}
	free(b);
	return rc;
}

enum err_code
healthlog_append(const char *state_dir, const struct health_record *r,
    size_t n, struct err *e)
{
	char			*path = log_path(state_dir);
	struct health_record	*sorted;
	struct wanted		 w = { .n = n };
	enum err_code		 rc;
	int			 fd = -1;

	sorted = (void *)mem_dup(r, n * sizeof(*r));
	qsort(sorted, n, sizeof(*sorted), by_who);
	w.r = sorted;
	w.there = mem_zero(n, sizeof(*w.there));
	rc = lock_take(path, LOCK_EXCLUSIVE, 0, &fd, e);
	if (rc == ERR_OK)
		rc = append_locked(fd, path, &w, e);
	lock_release(&fd);
	free(w.there);
	free(sorted);
	free(path);
	return rc;
}

struct filter {
	healthlog_keep	*keep;
	void		*arg;
	struct buf	 b;
	bool		 changed;
};

static enum err_code
filter_one(void *arg, const struct health_record *r, struct err *e)
{
	struct health_record	 now = *r;
	unsigned char		 b[HEALTH_RECORD];
	struct filter		*f = arg;

	(void)e;
	if (!f->keep(f->arg, &now)) {
		f->changed = true;
		return ERR_OK;
	}
	f->changed |= now.lifted != r->lifted;
	health_encode(b, &now);
	buf_add(&f->b, (const char *)b, sizeof(b));
	return ERR_OK;
}

enum err_code
healthlog_filter(const char *state_dir, healthlog_keep *keep, void *arg,
    struct err *e)
{
	struct filter	 f = { .keep = keep, .arg = arg };
	char		*path = log_path(state_dir);
	enum err_code	 rc;

	buf_init(&f.b, LOG_MAX + 1);
	rc = healthlog_each(state_dir, filter_one, &f, e);
	if (rc == ERR_OK && f.changed)
		rc = file_replace(path, buf_str(&f.b), f.b.len, LOG_MODE, e);
	buf_wipe(&f.b);
	free(path);
	return rc;
}

struct count {
	const char		*wave;
	uint64_t		 skip, seen;
	struct health_tally	*t;
};

static enum err_code
count_one(void *arg, const struct health_record *r, struct err *e)
{
	struct count *c = arg;

	(void)e;
	if (strcmp(r->wave, c->wave) == 0 && r->event != BOUNCE_COMPLAINT &&
	    c->seen++ >= c->skip)
		health_count(c->t, r->lifted ? BOUNCE_NONE : r->event);
	return ERR_OK;
}

enum err_code
healthlog_tally(const char *state_dir, const char *wave, uint64_t skip,
    struct health_tally *t, uint64_t *seen, struct err *e)
{
	struct count	c = { wave, skip, 0, t };
	enum err_code	rc;

	memset(t, 0, sizeof(*t));
	rc = healthlog_each(state_dir, count_one, &c, e);
	*seen = c.seen;
	return rc;
}
