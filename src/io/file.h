/*
 * file.h - bytes that are on the disk when we say so.
 *
 * Write, sync, then reveal: a file appears under its name whole or not at all.
 * What a crash leaves is a file `NAME.new`, which the next writer of NAME
 * overwrites; nobody reads it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_FILE_H
#define SENSED_IO_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Reads a whole file of at most max bytes; *data is the caller's to free, with
 * a NUL behind its *len bytes.  ERR_ABSENT: no such file.  ERR_INPUT: larger
 * than max, or not a regular file.  ERR_SYS.
 */
enum err_code	file_read(const char *path, size_t max, char **data,
		    size_t *len, struct err *e) MUST_USE;

/* Replaces a file, durably: new file, sync, rename, sync of the directory. */
enum err_code	file_replace(const char *path, const void *data, size_t len,
		    mode_t mode, struct err *e) MUST_USE;

/* Writes a new file with all bytes of another, from its start, and syncs it. */
enum err_code	file_copy(int from, const char *to, mode_t mode, struct err *e)
		    MUST_USE;

/* Gives a finished file its mode and syncs it. */
enum err_code	file_sync(const char *path, mode_t mode, struct err *e)
		    MUST_USE;

/* Writes all len bytes at the descriptor's place; false: errno tells. */
bool		file_write_all(int fd, const void *data, size_t len);

/*
 * The same at a place of the file; and the bytes read there, fewer than len
 * only at the end of the file, or -1.
 */
bool		file_write_at(int fd, const void *data, size_t len, off_t at);
ssize_t		file_read_at(int fd, void *to, size_t len, off_t at);

/* Syncs the directory that holds path, or the directory itself. */
enum err_code	file_sync_parent(const char *path, struct err *e) MUST_USE;
enum err_code	file_sync_dir(const char *dir, struct err *e) MUST_USE;

/* Renames within one file system and syncs both directories. */
enum err_code	file_reveal(const char *from, const char *to, struct err *e)
		    MUST_USE;

/* Makes a directory if it is not there; the parent must be. */
enum err_code	file_mkdir(const char *path, mode_t mode, struct err *e)
		    MUST_USE;

/* True if something stands at path, and we can see it. */
bool		file_exists(const char *path);

/* Two looks at a path saw the same file, unchanged. */
struct stat;
bool		file_same(const struct stat *a, const struct stat *b);

/*
 * The same where much hangs on it: that it cannot be told is ERR_SYS, and
 * *there is then left alone.
 */
enum err_code	file_there(const char *path, bool *there, struct err *e)
		    MUST_USE;

/*
 * Removes a file, or a directory with all below it; absent is no error.
 * destroy overwrites every regular file with zeros and syncs it first: best
 * effort against reading the disk later (STANDARDS 4, hole 20).
 */
enum err_code	file_remove(const char *path, struct err *e) MUST_USE;
enum err_code	file_destroy(const char *path, struct err *e) MUST_USE;

/* Overwrites an open file with zeros and syncs it; path is for the error. */
enum err_code	file_blank(int fd, const char *path, struct err *e) MUST_USE;

/*
 * Calls each with every name in a directory but those that begin with a dot,
 * in byte order; stops at the first error.  An absent directory has no names.
 */
typedef enum err_code file_visit(void *arg, const char *name, struct err *e);
enum err_code	file_each(const char *dir, file_visit *each, void *arg,
		    struct err *e) MUST_USE;

#endif
