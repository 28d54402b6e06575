/*
 * file.c - bytes that are on the disk when we say so.
 *
 * The only code that replaces, reveals or destroys a file.  Knows nothing of
 * what the bytes mean.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/file.h"

#define COPY_CHUNK	65536

enum err_code
file_read(const char *path, size_t max, char **data, size_t *len,
    struct err *e)
{
	enum err_code	 rc = ERR_SYS;
	struct stat	 st;
	char		*p = NULL;
	size_t		 have = 0;
	ssize_t		 n = 0;
	int		 fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1) {
		rc = err_sys(e, "%s", path);
		return errno == ENOENT ? (e->code = ERR_ABSENT) : rc;
	}
	if (fstat(fd, &st) == -1) {
		rc = err_sys(e, "%s", path);
		goto out;
	}
	if (!S_ISREG(st.st_mode) || (uintmax_t)st.st_size > max) {
		rc = err_set(e, ERR_INPUT, "%s: expected a file of at most "
		    "%zu bytes", path, max);
		goto out;
	}
	p = mem_zero((size_t)st.st_size + 1, 1);
	while (have < (size_t)st.st_size &&
	    (n = read(fd, p + have, (size_t)st.st_size - have)) > 0)
		have += (size_t)n;
	if (n == -1) {
		rc = err_sys(e, "%s", path);
		goto out;
	}
	p[have] = '\0';
	*data = p;
	*len = have;
	p = NULL;
	rc = ERR_OK;
out:
	free(p);
	close(fd);
	return rc;
}

bool
file_write_all(int fd, const void *data, size_t len)
{
	const char	*p = data;
	ssize_t		 n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

bool
file_write_at(int fd, const void *data, size_t len, off_t at)
{
	const char	*p = data;
	ssize_t		 n;

	for (; len > 0; p += n, at += n, len -= (size_t)n)
		if ((n = pwrite(fd, p, len, at)) <= 0)
			return false;
	return true;
}

ssize_t
file_read_at(int fd, void *to, size_t len, off_t at)
{
	char	*p = to;
	size_t	 have = 0;
	ssize_t	 n = 1;

	while (have < len && n > 0) {
		n = pread(fd, p + have, len - have, at + (off_t)have);
		if (n > 0)
			have += (size_t)n;
	}
	return n == -1 ? -1 : (ssize_t)have;
}

enum err_code
file_sync_dir(const char *dir, struct err *e)
{
	enum err_code	rc = ERR_OK;
	int		fd;

	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return err_sys(e, "%s", dir);
	if (fsync(fd) == -1)
		rc = err_sys(e, "%s: sync", dir);
	close(fd);
	return rc;
}

enum err_code
file_sync_parent(const char *path, struct err *e)
{
	const char	*slash = strrchr(path, '/');
	enum err_code	 rc;
	char		*dir;

	if (slash == NULL)
		dir = mem_str(".");
	else
		dir = mem_dup(path, slash == path ? 1 : (size_t)(slash - path));
	rc = file_sync_dir(dir, e);
	free(dir);
	return rc;
}

static enum err_code
write_new(const char *path, const void *data, size_t len, mode_t mode,
    struct err *e)
{
	enum err_code	rc = ERR_OK;
	int		fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd == -1)
		return err_sys(e, "%s", path);
	if (fchmod(fd, mode) == -1 || !file_write_all(fd, data, len) ||
	    fsync(fd) == -1)
		rc = err_sys(e, "%s", path);
	if (close(fd) == -1 && rc == ERR_OK)
		rc = err_sys(e, "%s", path);
	return rc;
}

enum err_code
file_copy(int from, const char *path, mode_t mode, struct err *e)
{
	enum err_code	rc = ERR_OK;
	struct stat	st;
	off_t		at = 0;
	int		fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd == -1)
		return err_sys(e, "%s", path);
	if (fstat(from, &st) == -1 || fchmod(fd, mode) == -1)
		rc = err_sys(e, "%s", path);
	while (rc == ERR_OK && at < st.st_size)
		if (sendfile(fd, from, &at, (size_t)(st.st_size - at)) <= 0)
			rc = err_sys(e, "%s: write", path);
	if (rc == ERR_OK && fdatasync(fd) == -1)
		rc = err_sys(e, "%s: sync", path);
	if (close(fd) == -1 && rc == ERR_OK)
		rc = err_sys(e, "%s: close", path);
	return rc;
}

enum err_code
file_replace(const char *path, const void *data, size_t len, mode_t mode,
    struct err *e)
{
	char		*new = mem_fmt("%s.new", path);
	enum err_code	 rc;

	if ((rc = write_new(new, data, len, mode, e)) == ERR_OK &&
	    rename(new, path) == -1)
		rc = err_sys(e, "%s", path);
	if (rc != ERR_OK)
		unlink(new);
	else
		rc = file_sync_parent(path, e);
	free(new);
	return rc;
}

enum err_code
file_sync(const char *path, mode_t mode, struct err *e)
{
	enum err_code	rc = ERR_OK;
	int		fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return err_sys(e, "%s", path);
	if (fchmod(fd, mode) == -1 || fsync(fd) == -1)
		rc = err_sys(e, "%s: sync", path);
	close(fd);
	return rc;
}

enum err_code
file_reveal(const char *from, const char *to, struct err *e)
{
	enum err_code rc;

	if (rename(from, to) == -1)
		return err_sys(e, "%s", to);
	if ((rc = file_sync_parent(to, e)) != ERR_OK)
		return rc;
	return file_sync_parent(from, e);
}

enum err_code
file_mkdir(const char *path, mode_t mode, struct err *e)
{
	struct stat	st;
	mode_t		old = umask(0);	/* it must not take the group's bits */
	int		made = mkdir(path, mode & 0777);

	umask(old);
	if (made == -1 && errno == EEXIST)
		return ERR_OK;
	if (made == -1 || stat(path, &st) == -1)
		return err_sys(e, "%s", path);
	/*
	 * The set-group-ID bit is inherited below a directory that has it;
	 * setting it again is what RestrictSUIDSGID= forbids.
	 */
	if ((mode & ~st.st_mode & 07777) != 0 && chmod(path, mode) == -1)
		return err_sys(e, "%s", path);
	return file_sync_parent(path, e);
}

bool
file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool
file_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	    a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	    a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

enum err_code
file_there(const char *path, bool *there, struct err *e)
{
	bool yes = access(path, F_OK) == 0;

	if (!yes && errno != ENOENT && errno != ENOTDIR)
		return err_sys(e, "%s", path);
	*there = yes;
	return ERR_OK;
}

enum err_code
file_blank(int fd, const char *path, struct err *e)
{
	static const char	zero[COPY_CHUNK];
	struct stat		st;
	off_t			size;
	size_t			part;

	if (fstat(fd, &st) == -1)
		return err_sys(e, "%s", path);
	for (size = st.st_size; size > 0; size -= (off_t)part) {
		part = size < COPY_CHUNK ? (size_t)size : COPY_CHUNK;
		if (!file_write_all(fd, zero, part))
			return err_sys(e, "%s: overwrite", path);
	}
	return fdatasync(fd) == -1 ? err_sys(e, "%s: sync", path) : ERR_OK;
}

static enum err_code
overwrite(const char *path, struct err *e)
{
	enum err_code	rc;
	int		fd;

	if ((fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)) == -1)
		return err_sys(e, "%s", path);
	rc = file_blank(fd, path, e);
	close(fd);
	return rc;
}

static enum err_code	remove_at(const char *path, bool wipe, struct err *e);

static enum err_code
remove_dir(const char *path, bool wipe, struct err *e)
{
	enum err_code	 rc = ERR_OK;
	struct dirent	*d;
	char		*child;
	DIR		*dir;

	if ((dir = opendir(path)) == NULL)
		return err_sys(e, "%s", path);
	while (rc == ERR_OK && (d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		child = mem_fmt("%s/%s", path, d->d_name);
		rc = remove_at(child, wipe, e);
		free(child);
	}
	closedir(dir);
	if (rc == ERR_OK && rmdir(path) == -1)
		rc = err_sys(e, "%s", path);
	return rc;
}

static enum err_code
remove_at(const char *path, bool wipe, struct err *e)
{
	enum err_code	rc = ERR_OK;
	struct stat	st;

	if (lstat(path, &st) == -1)
		return errno == ENOENT ? ERR_OK : err_sys(e, "%s", path);
	if (S_ISDIR(st.st_mode))
		return remove_dir(path, wipe, e);
	if (wipe && S_ISREG(st.st_mode))
		rc = overwrite(path, e);
	if (rc == ERR_OK && unlink(path) == -1 && errno != ENOENT)
		rc = err_sys(e, "%s", path);
	return rc;
}

enum err_code
file_remove(const char *path, struct err *e)
{
	return remove_at(path, false, e);
}

enum err_code
file_destroy(const char *path, struct err *e)
{
	enum err_code	rc;
	bool		there;

	if ((rc = file_there(path, &there, e)) != ERR_OK || !there)
		return rc;
	rc = remove_at(path, true, e);
	return rc == ERR_OK ? file_sync_parent(path, e) : rc;
}

static int
visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

enum err_code
file_each(const char *dir, file_visit *each, void *arg, struct err *e)
{
	enum err_code	  rc = ERR_OK;
	struct dirent	**names;
	int		  i, n;

	if ((n = scandir(dir, &names, visible, by_bytes)) == -1)
		return errno == ENOENT ? ERR_OK : err_sys(e, "%s", dir);
	for (i = 0; i < n; i++) {
		if (rc == ERR_OK)
			rc = each(arg, names[i]->d_name, e);
		free(names[i]);
	}
	free(names);
	return rc;
}
