/*
 * recorder.c - writes down, in order, what a program does to the disk.
 *
 * Preloaded into the programs under test (LD_PRELOAD).  FAULT_LOG names the
 * file to append to, FAULT_ROOT the directory whose files matter, FAULT_NOTE
 * what stands with output, FAULT_TIME the second at which the clock stands,
 * FAULT_KILL after which record the process is killed: R2, the second rename.
 *
 * A call and its record are one step under a lock that all processes share,
 * so the order of records is the order of the calls.  A record is a struct
 * event, then two paths and data.  Files are known by inode, directories by
 * path.  Kinds:
 *   C created  T cut to size  W written  M whole content (at a sync and at a
 *   rename: a mapping is written without a call)  F file synced  D directory
 *   synced  R renamed  U unlinked  K mkdir  X rmdir  O bytes of a reply on
 *   standard output  S an SMTP command that was sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FDS	1024

struct event {
	char		kind, zero[3];
	uint32_t	pid;
	uint64_t	ino, off;
	uint32_t	path, path2, data, zero2;
};

static struct {
	char	*path;		/* NULL: not below the root */
	ino_t	 ino;
	int	 dir;
} fds[FDS];

static pthread_mutex_t	 mutex = PTHREAD_MUTEX_INITIALIZER;
static const char	*root, *note;
static size_t		 root_len;
static time_t		 now;
static const char	*kill_kind = "-";
static long		 kill_at;
static int		 out = -1;

#define REAL(name)	static __typeof__(name) *real; \
	if (real == NULL) \
		real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static ssize_t
real_write(int fd, const void *p, size_t n)
{
	REAL(write);
	return real(fd, p, n);
}

static int
real_open(const char *path, int flags, mode_t mode)
{
	REAL(open);
	return real(path, flags, mode);
}

static long
number(const char *s)
{
	long n = 0;

	for (; s != NULL && *s >= '0' && *s <= '9'; s++)
		n = n * 10 + (*s - '0');
	return n;
}

__attribute__((constructor)) static void
start(void)
{
	const char	*log = getenv("FAULT_LOG");
	const char	*kill = getenv("FAULT_KILL");

	root = getenv("FAULT_ROOT");
	note = getenv("FAULT_NOTE");
	now = (time_t)number(getenv("FAULT_TIME"));
	if (kill != NULL && kill[0] != '\0') {
		kill_kind = kill;
		kill_at = number(kill + 1);
	}
	if (log == NULL || root == NULL)
		return;
	root_len = strlen(root);
	out = real_open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

/* Records belong to a process, and a child does not inherit its locks. */
static void
lock(int kind)
{
	struct flock	l = { .l_type = (short)kind, .l_whence = SEEK_SET };
	int		e = errno;

	if (kind == F_WRLCK)
		pthread_mutex_lock(&mutex);
	while (out != -1 && fcntl(out, F_SETLKW, &l) == -1 && errno == EINTR)
		continue;
	if (kind == F_UNLCK)
		pthread_mutex_unlock(&mutex);
	errno = e;
}

static void
put(char kind, ino_t ino, uint64_t off, const char *path, const char *path2,
    const void *data, size_t len)
{
	struct event	ev = { .kind = kind, .ino = ino, .off = off };
	struct iovec	io[4] = { { &ev, sizeof(ev) } };
	int		e = errno;

	if (out == -1)
		return;
	ev.pid = (uint32_t)getpid();
	io[1].iov_base = (void *)(uintptr_t)path;
	io[1].iov_len = ev.path = path != NULL ? (uint32_t)strlen(path) : 0;
	io[2].iov_base = (void *)(uintptr_t)path2;
	io[2].iov_len = ev.path2 = path2 != NULL ? (uint32_t)strlen(path2) : 0;
	io[3].iov_base = (void *)(uintptr_t)data;
	io[3].iov_len = ev.data = (uint32_t)len;
	if (writev(out, io, 4) == -1)
		abort();	/* a record with holes proves nothing */
	if (kind == kill_kind[0] && --kill_at == 0)
		raise(SIGKILL);
	errno = e;
}

static int
below(const char *path)
{
	return out != -1 && strncmp(path, root, root_len) == 0 &&
	    (path[root_len] == '/' || path[root_len] == '\0');
}

static int
known(int fd)
{
	return fd >= 0 && fd < FDS && fds[fd].path != NULL;
}

/* The whole content of a file, which a mapping may have changed unseen. */
static void
put_content(int fd, ino_t ino)
{
	struct stat	 st;
	char		*p;
	ssize_t		 n = 0;

	if (fstat(fd, &st) == -1 || (p = malloc((size_t)st.st_size + 1)) ==
	    NULL)
		abort();
	if (st.st_size > 0 && (n = pread(fd, p, (size_t)st.st_size, 0)) == -1)
		n = 0;	/* open for writing only: every write was a call */
	else
		put('M', ino, 0, NULL, NULL, p, (size_t)n);
	free(p);
}

/* What an open that worked has done; was tells what stood there before. */
static void
note_open(int fd, const char *path, int flags, const struct stat *was)
{
	struct stat	st;

	if (fd < 0 || fd >= FDS || fstat(fd, &st) == -1)
		abort();
	free(fds[fd].path);
	fds[fd].path = strdup(path);
	fds[fd].ino = st.st_ino;
	fds[fd].dir = S_ISDIR(st.st_mode);
	if (was == NULL)
		put('C', st.st_ino, 0, path, NULL, NULL, 0);
	else if ((flags & O_TRUNC) != 0 && was->st_size > 0)
		put('T', st.st_ino, 0, NULL, NULL, NULL, 0);
}

int
open(const char *path, int flags, ...)
{
	struct stat	was;
	va_list		ap;
	mode_t		mode;
	int		fd, there, e;

	va_start(ap, flags);
	mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (!below(path))
		return real_open(path, flags, mode);
	lock(F_WRLCK);
	there = lstat(path, &was) == 0;
	fd = real_open(path, flags, mode);
	e = errno;
	if (fd != -1)
		note_open(fd, path, flags, there ? &was : NULL);
	lock(F_UNLCK);
	errno = e;
	return fd;
}

int
open64(const char *path, int flags, ...)
{
	va_list	ap;
	mode_t	mode;

	va_start(ap, flags);
	mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return open(path, flags, mode);
}

int
close(int fd)
{
	REAL(close);

	if (fd == out)
		return 0;
	if (known(fd)) {
		free(fds[fd].path);
		fds[fd].path = NULL;
	}
	return real(fd);
}

ssize_t
write(int fd, const void *p, size_t len)
{
	ssize_t n;

	if (out == -1 || (!known(fd) && fd != STDOUT_FILENO))
		return real_write(fd, p, len);
	lock(F_WRLCK);
	if ((n = real_write(fd, p, len)) > 0 && known(fd))
		put('W', fds[fd].ino, (uint64_t)lseek(fd, 0, SEEK_CUR) -
		    (uint64_t)n, NULL, NULL, p, (size_t)n);
	else if (n > 0)
		put('O', 0, 0, note, NULL, p, (size_t)n);
	lock(F_UNLCK);
	return n;
}

ssize_t
pwrite(int fd, const void *p, size_t len, off_t at)
{
	ssize_t n;
	REAL(pwrite);

	if (!known(fd))
		return real(fd, p, len, at);
	lock(F_WRLCK);
	if ((n = real(fd, p, len, at)) > 0)
		put('W', fds[fd].ino, (uint64_t)at, NULL, NULL, p, (size_t)n);
	lock(F_UNLCK);
	return n;
}

ssize_t
sendfile(int to, int from, off_t *at, size_t len)
{
	off_t	 was = at != NULL ? *at : lseek(from, 0, SEEK_CUR);
	char	*p;
	ssize_t	 n;
	REAL(sendfile);

	if (!known(to))
		return real(to, from, at, len);
	lock(F_WRLCK);
	if ((n = real(to, from, at, len)) > 0) {
		if ((p = malloc((size_t)n)) == NULL ||
		    pread(from, p, (size_t)n, was) != n)
			abort();
		put('W', fds[to].ino, (uint64_t)lseek(to, 0, SEEK_CUR) -
		    (uint64_t)n, NULL, NULL, p, (size_t)n);
		free(p);
	}
	lock(F_UNLCK);
	return n;
}

int
ftruncate(int fd, off_t size)
{
	int r;
	REAL(ftruncate);

	if (!known(fd))
		return real(fd, size);
	lock(F_WRLCK);
	if ((r = real(fd, size)) == 0)
		put('T', fds[fd].ino, (uint64_t)size, NULL, NULL, NULL, 0);
	lock(F_UNLCK);
	return r;
}

static int
note_sync(int fd, int (*real)(int))
{
	int r;

	if (!known(fd))
		return real(fd);
	lock(F_WRLCK);
	if (!fds[fd].dir)
		put_content(fd, fds[fd].ino);
	if ((r = real(fd)) == 0)
		put(fds[fd].dir ? 'D' : 'F', fds[fd].ino, 0, fds[fd].path,
		    NULL, NULL, 0);
	lock(F_UNLCK);
	return r;
}

int
fsync(int fd)
{
	REAL(fsync);
	return note_sync(fd, real);
}

int
fdatasync(int fd)
{
	REAL(fdatasync);
	return note_sync(fd, real);
}

static void
put_content_of(const char *path)
{
	struct stat	st;
	int		fd = real_open(path, O_RDONLY | O_CLOEXEC, 0);

	if (fd == -1)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		put_content(fd, st.st_ino);
	close(fd);
}

int
rename(const char *from, const char *to)
{
	int r;
	REAL(rename);

	if (!below(from))
		return real(from, to);
	lock(F_WRLCK);
	put_content_of(from);
	if ((r = real(from, to)) == 0)
		put('R', 0, 0, from, to, NULL, 0);
	lock(F_UNLCK);
	return r;
}

static int
note_path(char kind, const char *path, int (*real)(const char *))
{
	int r;

	if (!below(path))
		return real(path);
	lock(F_WRLCK);
	if ((r = real(path)) == 0)
		put(kind, 0, 0, path, NULL, NULL, 0);
	lock(F_UNLCK);
	return r;
}

int
unlink(const char *path)
{
	REAL(unlink);
	return note_path('U', path, real);
}

int
rmdir(const char *path)
{
	REAL(rmdir);
	return note_path('X', path, real);
}

int
mkdir(const char *path, mode_t mode)
{
	int r;
	REAL(mkdir);

	if (!below(path))
		return real(path, mode);
	lock(F_WRLCK);
	if ((r = real(path, mode)) == 0)
		put('K', 0, 0, path, NULL, NULL, 0);
	lock(F_UNLCK);
	return r;
}

/* The moment a transfer begins, as the relay could see it. */
/* A recipient, and then the first bytes of its mail: what comes after DATA. */
ssize_t
send(int fd, const void *p, size_t len, int flags)
{
	static bool	data[1024];
	bool		mail = fd < 1024 && data[fd];
	REAL(send);

	if (mail || (len > 5 && memcmp(p, "RCPT ", 5) == 0)) {
		lock(F_WRLCK);
		put('S', (ino_t)fd, 0, NULL, NULL, mail ? "DATA\r" : p,
		    mail ? 5 : len);
		lock(F_UNLCK);
	}
	if (fd < 1024)
		data[fd] = len > 5 && memcmp(p, "DATA\r", 5) == 0;
	return real(fd, p, len, flags);
}

/* The handler's list of calls does not hold the recorder's: no filter. */
long
syscall(long call, ...)
{
	va_list	ap;
	long	a[6];
	size_t	i;
	REAL(syscall);

	if (call == SYS_seccomp)
		return 0;
	va_start(ap, call);
	for (i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	return real(call, a[0], a[1], a[2], a[3], a[4], a[5]);
}

time_t
time(time_t *t)
{
	REAL(time);

	if (now == 0)
		return real(t);
	if (t != NULL)
		*t = now;
	return now;
}
