/*
 * store.h - GDBM files, read and rewritten whole; gdbm's only user.
 *
 * In-place writes of GDBM are neither safe in a crash nor free of order
 * (doc/spec/FACTS 1), so there are none: a store is read, or made anew, checked
 * and revealed by a rename.  No locking here: see lock.h.
 *
 * Every file holds the record "format" -> "1".  Whoever changes what a store
 * holds writes "2", and goes on reading "1"; a number that is not known is
 * ERR_NEWER.  It is no part of the count.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_STORE_H
#define SENSED_IO_STORE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct store;

/* Opens for reading, once all its structure has been checked (storecheck.h).
 * ERR_ABSENT, ERR_CORRUPT, ERR_NEWER, ERR_SYS. */
enum err_code	store_open(const char *path, struct store **out, struct err *e)
		    MUST_USE;

/*
 * Looks a record up; *value (with a NUL behind its *len bytes) is the
 * caller's to free.  ERR_ABSENT if there is none; e is then not filled.
 */
enum err_code	store_get(struct store *s, const void *key, size_t keylen,
		    char **value, size_t *len, struct err *e) MUST_USE;

/*
 * Opens, looks one record up as store_get, and closes; checks no more of the
 * file than that needs, so that the cost does not grow with it.
 */
enum err_code	store_find(const char *path, const void *key, size_t keylen,
		    char **value, size_t *len, struct err *e) MUST_USE;

/* Calls each with every record, in no order that means anything. */
typedef enum err_code store_visit(void *arg, const char *key, size_t keylen,
		    const char *value, size_t len, struct err *e);
enum err_code	store_each(struct store *s, store_visit *each, void *arg,
		    struct err *e) MUST_USE;

/*
 * Starts a new file that will replace path: in memory first when small is
 * true (a box: no order of writes reaches the disk), on disk otherwise.
 * ERR_NEWER: what stands on the disk now is a newer sensed's, and stays.
 */
enum err_code	store_create(const char *path, mode_t mode, int small,
		    struct store **out, struct err *e) MUST_USE;

/* Adds a record.  ERR_USED: the key is there; e is then not filled. */
enum err_code	store_put(struct store *s, const void *key, size_t keylen,
		    const void *value, size_t len, struct err *e) MUST_USE;

/* Replaces or adds, in a store being made on disk (never in a box). */
enum err_code	store_replace(struct store *s, const void *key, size_t keylen,
		    const void *value, size_t len, struct err *e) MUST_USE;

/*
 * Writes path.new, syncs it, opens it again, walks it and compares the count;
 * then closes s.  ERR_CORRUPT: what was read is not what was written.  On any
 * error path.new is removed.  The caller reveals it, or calls
 * store_commit, which renames it to path and syncs the directory too.
 */
enum err_code	store_finish(struct store **s, struct err *e) MUST_USE;
enum err_code	store_commit(struct store **s, struct err *e) MUST_USE;

/*
 * Ends a small store without a file: the bytes it would have on the disk,
 * which the caller frees.  The same records in the same order give the same
 * bytes.  ERR_CORRUPT, ERR_SYS.
 */
enum err_code	store_image(struct store **s, char **data, size_t *len,
		    struct err *e) MUST_USE;

/* Closes without a trace; a file being made is removed.  NULL is allowed. */
void		store_close(struct store **s);

#endif
