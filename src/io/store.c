/*
 * store.c - GDBM's adapter: files read whole, or made anew and revealed.
 *
 * A small store is built in an anonymous memory file, so that the disk sees
 * one write of finished bytes; a large one is built beside its target.
 * GDBM_NOLOCK throughout: lock.c locks files that are never replaced.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gdbm.h>

#include "base/mem.h"
#include "io/file.h"
#include "io/store.h"
#include "io/storecheck.h"
#include "io/storeverify.h"

/* What keeps memory the same, however large the file is. */
#define CACHED		256	/* blocks; GDBM's own number grows with the
				 * file */
#define MAPPED_BYTES	(16 << 20)	/* larger ones are read unmapped */

struct store {
	GDBM_FILE	 db;
	char		*path;		/* as it will be, or is */
	char		*new;		/* being made on disk; NULL: reading */
	mode_t		 mode;
	int		 memory;	/* descriptor, or -1 */
	uint64_t	 count;		/* records put */
};

static datum
datum_of(const void *p, size_t len)
{
	datum d;

	d.dptr = (char *)(uintptr_t)p;
	d.dsize = (int)len;
	return d;
}

/* What GDBM complained of; where it got no memory, at times of nothing. */
static enum err_code
complain(const struct store *s, const char *doing, struct err *e)
{
	gdbm_error n = s->db != NULL ? gdbm_last_errno(s->db) : gdbm_errno;

	if (gdbm_check_syserr(n) || n == GDBM_MALLOC_ERROR ||
	    n == GDBM_NO_ERROR)
		return err_sys(e, "%s: %s", s->path, doing);
	return err_set(e, ERR_CORRUPT, "%s: %s: %s", s->path, doing,
	    gdbm_strerror(n));
}

static struct store *
store_new(const char *path)
{
	struct store *s = mem_zero(1, sizeof(*s));

	s->path = mem_str(path);
	s->memory = -1;
	return s;
}

static enum err_code
check_format(struct store *s, struct err *e)
{
	enum err_code	 rc;
	size_t		 len;
	char		*value;

	rc = store_get(s, STORE_FORMAT_KEY, strlen(STORE_FORMAT_KEY), &value,
	    &len, e);
	if (rc == ERR_ABSENT)
		return err_set(e, ERR_CORRUPT, "%s: not a file of sensed's, "
		    "or a damaged one", s->path);
	if (rc == ERR_OK) {
		rc = store_verify_format(s->path, value, len, e);
		free(value);
	}
	return rc;
}

static enum err_code
keep_small(struct store *s, struct err *e)
{
	size_t cached = CACHED;

	if (gdbm_setopt(s->db, GDBM_SETCACHESIZE, &cached,
	    sizeof(cached)) == -1)
		return complain(s, "set", e);
	return ERR_OK;
}

static int
mapping_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_size > MAPPED_BYTES ?
	    GDBM_NOMMAP : 0;
}

static enum err_code
open_checked(const char *path, const void *key, size_t keylen,
    struct store **out, struct err *e)
{
	struct store	*s;
	enum err_code	 rc;
	int		 fd;

	if ((rc = storecheck_open(path, key, keylen, &fd, e)) != ERR_OK)
		return rc;
	s = store_new(path);
	s->db = gdbm_fd_open(fd, path, STORE_BLOCK, GDBM_READER |
	    GDBM_NOLOCK | GDBM_CLOERROR | mapping_of(fd), NULL);
	if (s->db == NULL)
		rc = complain(s, "open", e);
	else if (gdbm_needs_recovery(s->db))
		rc = err_set(e, ERR_CORRUPT, "%s: damaged", path);
	else if ((rc = keep_small(s, e)) == ERR_OK)
		rc = check_format(s, e);
	if (rc == ERR_OK)
		*out = s;
	else
		store_close(&s);
	return rc;
}

enum err_code
store_open(const char *path, struct store **out, struct err *e)
{
	return open_checked(path, NULL, 0, out, e);
}

enum err_code
store_find(const char *path, const void *key, size_t keylen, char **value,
    size_t *len, struct err *e)
{
	struct store	*s;
	enum err_code	 rc;

	if ((rc = open_checked(path, key, keylen, &s, e)) != ERR_OK)
		return rc;
	rc = store_get(s, key, keylen, value, len, e);
	store_close(&s);
	return rc;
}

enum err_code
store_get(struct store *s, const void *key, size_t keylen, char **value,
    size_t *len, struct err *e)
{
	datum d = gdbm_fetch(s->db, datum_of(key, keylen));

	if (d.dptr == NULL) {
		if (gdbm_last_errno(s->db) == GDBM_ITEM_NOT_FOUND)
			return ERR_ABSENT;
		return complain(s, "read", e);
	}
	*value = mem_dup(d.dptr, (size_t)d.dsize);
	*len = (size_t)d.dsize;
	free(d.dptr);
	return ERR_OK;
}

static int
is_format(datum key)
{
	return (size_t)key.dsize == strlen(STORE_FORMAT_KEY) &&
	    memcmp(key.dptr, STORE_FORMAT_KEY, (size_t)key.dsize) == 0;
}

/* Hands one record to each; frees nothing of the key. */
static enum err_code
visit(struct store *s, datum key, store_visit *each, void *arg, struct err *e)
{
	enum err_code	 rc;
	char		*value;
	size_t		 len;

	if (is_format(key))
		return ERR_OK;
	rc = store_get(s, key.dptr, (size_t)key.dsize, &value, &len, e);
	if (rc == ERR_ABSENT)
		return err_set(e, ERR_CORRUPT, "%s: a key without a value",
		    s->path);
	if (rc != ERR_OK)
		return rc;
	rc = each(arg, key.dptr, (size_t)key.dsize, value, len, e);
	free(value);
	return rc;
}

enum err_code
store_each(struct store *s, store_visit *each, void *arg, struct err *e)
{
	enum err_code	rc = ERR_OK;
	datum		key, next;

	for (key = gdbm_firstkey(s->db); key.dptr != NULL && rc == ERR_OK;
	    key = next) {
		rc = visit(s, key, each, arg, e);
		next = gdbm_nextkey(s->db, key);
		free(key.dptr);
	}
	free(key.dptr);
	if (rc == ERR_OK && gdbm_last_errno(s->db) != GDBM_NO_ERROR &&
	    gdbm_last_errno(s->db) != GDBM_ITEM_NOT_FOUND)
		rc = complain(s, "walk", e);
	return rc;
}

/*
 * A small store is filled in a memory file: one copy is ours, one GDBM's.  One
 * on the disk is not mapped: it grows, and mapping it anew costs more than it
 * saves.
 */
static enum err_code
open_new(struct store *s, int small, struct err *e)
{
	const int	how = GDBM_NEWDB | GDBM_NOLOCK;
	int		fd;

	if (small) {
		s->memory = memfd_create("store", MFD_CLOEXEC);
		if (s->memory == -1 || (fd = dup(s->memory)) == -1)
			return err_sys(e, "%s: memory file", s->path);
		s->db = gdbm_fd_open(fd, s->new, STORE_BLOCK, how |
		    GDBM_CLOERROR, NULL);
	} else
		s->db = gdbm_open(s->new, STORE_BLOCK, how | GDBM_CLOEXEC |
		    GDBM_NOMMAP, (int)s->mode, NULL);
	return s->db != NULL ? keep_small(s, e) :
	    complain(s, "create", e);
}

enum err_code
store_create(const char *path, mode_t mode, int small, struct store **out,
    struct err *e)
{
	struct store	*s;
	enum err_code	 rc;

	if (!small && (rc = store_verify_older(path, e)) != ERR_OK)
		return rc;
	s = store_new(path);
	s->new = mem_fmt("%s.new", path);
	s->mode = mode;
	if ((rc = open_new(s, small, e)) == ERR_OK)
		rc = store_put(s, STORE_FORMAT_KEY, strlen(STORE_FORMAT_KEY),
		    STORE_FORMAT, strlen(STORE_FORMAT), e);
	if (rc == ERR_OK)
		*out = s;
	else
		store_close(&s);
	return rc;
}

static enum err_code
put(struct store *s, const void *key, size_t keylen, const void *value,
    size_t len, int flag, struct err *e)
{
	int n = gdbm_store(s->db, datum_of(key, keylen), datum_of(value, len),
	    flag);

	if (n == 0)
		return ERR_OK;
	return n == 1 ? ERR_USED : complain(s, "write", e);
}

enum err_code
store_put(struct store *s, const void *key, size_t keylen, const void *value,
    size_t len, struct err *e)
{
	enum err_code rc = put(s, key, keylen, value, len, GDBM_INSERT, e);

	if (rc == ERR_OK)
		s->count++;
	return rc;
}

enum err_code
store_replace(struct store *s, const void *key, size_t keylen,
    const void *value, size_t len, struct err *e)
{
	enum err_code rc = store_put(s, key, keylen, value, len, e);

	return rc != ERR_USED ? rc :
	    put(s, key, keylen, value, len, GDBM_REPLACE, e);
}

/* Closes the database; GDBM writes what it still holds. */
static enum err_code
close_db(struct store *s, struct err *e)
{
	GDBM_FILE db = s->db;

	s->db = NULL;
	if (gdbm_close(db) != 0)
		return complain(s, "close", e);
	return ERR_OK;
}

static enum err_code
finish(struct store *s, struct err *e)
{
	enum err_code rc;

	if ((rc = close_db(s, e)) == ERR_OK)
		rc = s->memory != -1 ?
		    file_copy(s->memory, s->new, s->mode, e) :
		    file_sync(s->new, s->mode, e);
	return rc == ERR_OK ? store_verify(s->new, s->count, e) : rc;
}

static void
forget(struct store **sp)
{
	struct store *s = *sp;

	if (s->memory != -1)
		close(s->memory);
	free(s->path);
	free(s->new);
	free(s);
	*sp = NULL;
}

enum err_code
store_image(struct store **sp, char **data, size_t *len, struct err *e)
{
	struct store	*s = *sp;
	struct stat	 st;
	enum err_code	 rc = close_db(s, e);

	if (rc == ERR_OK && fstat(s->memory, &st) == -1)
		rc = err_sys(e, "%s", s->path);
	if (rc == ERR_OK) {
		*len = (size_t)st.st_size;
		*data = mem_zero(*len, 1);
		if (pread(s->memory, *data, *len, 0) != (ssize_t)*len) {
			rc = err_sys(e, "%s: read", s->path);
			free(*data);
		}
	}
	forget(sp);
	return rc;
}

enum err_code
store_finish(struct store **sp, struct err *e)
{
	enum err_code rc = finish(*sp, e);

	if (rc != ERR_OK)
		unlink((*sp)->new);
	forget(sp);
	return rc;
}

enum err_code
store_commit(struct store **sp, struct err *e)
{
	struct store	*s = *sp;
	enum err_code	 rc;

	if ((rc = finish(s, e)) == ERR_OK && rename(s->new, s->path) == -1)
		rc = err_sys(e, "%s", s->path);
	if (rc != ERR_OK)
		unlink(s->new);
	else
		rc = file_sync_parent(s->path, e);
	forget(sp);
	return rc;
}

void
store_close(struct store **sp)
{
	struct store *s = *sp;

	if (s == NULL)
		return;
	if (s->db != NULL)
		gdbm_close(s->db);
	if (s->new != NULL && s->memory == -1)
		unlink(s->new);
	forget(sp);
}
