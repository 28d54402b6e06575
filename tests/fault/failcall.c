/*
 * failcall.c - makes the Nth call of a libc function fail, stop short or kill.
 *
 * Preloaded into a program under test.  What to do stands in a page of shared
 * memory that the driver writes (FAILCALL_PAGE names its file; layout: struct
 * page, and the same in ground.py), so that forked children count on.  A call
 * fails before it has any effect, but for close, whose descriptor is gone all
 * the same.  The page also moves the program's clock.
 *
 * Calls inside libc (those of stdio, opendir, scandir) do not come by here;
 * the functions around them do.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* In the order of ground.CALLS. */
enum call {
	MALLOC, CALLOC, REALLOC, READ, WRITE, PREAD, PWRITE, SENDFILE, FSYNC,
	FDATASYNC, OPEN, RENAME, FTRUNCATE, MMAP, MSYNC, LSEEK, GETRANDOM,
	FLOCK, FCHMOD, MKDIR, UNLINK, MEMFD_CREATE, STAT, ACCESS, OPENDIR,
	READDIR, RMDIR, DUP, CLOSE, FOPEN, FFLUSH, FORK, THREAD, SOCKET,
	CONNECT, SEND, RECV, FCNTL,
	CALL__MAX
};

enum how {
	HOW_ERROR, HOW_SHORT, HOW_KILL
};

/* Written by the driver but for the last four. */
struct page {
	uint64_t	calls;		/* bit n: call n is counted in seen */
	int64_t		offset;		/* seconds added to the clock */
	uint32_t	at;		/* which of them; 0: none */
	uint32_t	on;		/* and all after it */
	uint32_t	how;
	uint32_t	error;
	uint32_t	seen;
	uint32_t	fired;
	uint32_t	call;		/* the first that was hit */
	char		where[256];	/* and the file it meant, if known */
	uint32_t	n[64];		/* calls of each */
};

static struct page *page;

/* What each descriptor is, since a sandbox may forbid to ask. */
#define NAMES	64
static char	names[NAMES][sizeof(page->where)];

#define NEXT(name) __extension__ ({					\
	static __typeof__(&name) next_;					\
	if (next_ == NULL)						\
		next_ = (__typeof__(&name))dlsym(RTLD_NEXT, #name);	\
	next_;								\
})

static void __attribute__((constructor))
start(void)
{
	const char	*path = getenv("FAILCALL_PAGE");
	long		 fd, p;

	if (path == NULL)
		return;
	fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
	if (fd == -1)
		_exit(99);
	p = syscall(SYS_mmap, NULL, sizeof(*page), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	syscall(SYS_close, fd);
	if (p == -1)
		_exit(99);
	page = (struct page *)p;
	for (fd = 0; fd <= STDERR_FILENO; fd++)
		snprintf(names[fd], sizeof(names[fd]), "pipe:%ld", fd);
}

/* Remembers a new descriptor's name and gives the descriptor back. */
static int
named(int fd, const char *name)
{
	if (fd >= 0 && fd < NAMES)
		snprintf(names[fd], sizeof(names[fd]), "%s", name);
	return fd;
}

/* Whom the call was for: a file, or the library that wanted memory. */
static void
note(enum call c, int fd, const char *path, const void *caller)
{
	Dl_info who;

	page->call = c;
	if (caller != NULL && dladdr(caller, &who) != 0)
		path = who.dli_fname;
	else if (path == NULL && fd >= 0 && fd < NAMES)
		path = names[fd];
	snprintf(page->where, sizeof(page->where), "%s",
	    path != NULL ? path : "");
}

/* True if this call is to go wrong; does not return if it is to kill. */
static int
strike(enum call c, int fd, const char *path, const void *caller)
{
	uint32_t k;

	if (page == NULL)
		return 0;
	__atomic_add_fetch(&page->n[c], 1, __ATOMIC_RELAXED);
	if (!(page->calls >> c & 1))
		return 0;
	k = __atomic_add_fetch(&page->seen, 1, __ATOMIC_RELAXED);
	if (page->at == 0 || k < page->at || (k > page->at && !page->on))
		return 0;
	if (__atomic_add_fetch(&page->fired, 1, __ATOMIC_RELAXED) == 1)
		note(c, fd, path, caller);
	if (page->how == HOW_KILL)	/* or the sandbox kills for trying */
		syscall(SYS_kill, getpid(), SIGKILL);
	errno = (int)page->error;
	return 1;
}

static int
hit(enum call c, int fd, const char *path)
{
	return strike(c, fd, path, NULL);
}

/* The same for calls that can be short: true is an error, or *n is halved. */
static int
hit_part(enum call c, int fd, size_t *n)
{
	int bad = hit(c, fd, NULL);

	if (bad && page->how == HOW_SHORT) {
		*n = *n > 1 ? *n / 2 : *n;
		return 0;
	}
	return bad;
}

#ifndef WITHOUT_MALLOC
static int
wanted(enum call c, const void *caller)
{
	return strike(c, -1, NULL, caller);
}

void	*__libc_malloc(size_t n);
void	*__libc_calloc(size_t n, size_t size);
void	*__libc_realloc(void *p, size_t n);

void *
malloc(size_t n)
{
	return wanted(MALLOC, __builtin_return_address(0)) ? NULL :
	    __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return wanted(CALLOC, __builtin_return_address(0)) ? NULL :
	    __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return wanted(REALLOC, __builtin_return_address(0)) ? NULL :
	    __libc_realloc(p, n);
}
#endif

ssize_t
read(int fd, void *p, size_t n)
{
	return hit_part(READ, fd, &n) ? -1 : NEXT(read)(fd, p, n);
}

/* What is said on standard error is the report, and always gets through. */
ssize_t
write(int fd, const void *p, size_t n)
{
	if (fd != STDERR_FILENO && hit_part(WRITE, fd, &n))
		return -1;
	return NEXT(write)(fd, p, n);
}

ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	return hit_part(PREAD, fd, &n) ? -1 : NEXT(pread)(fd, p, n, at);
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	return hit_part(PWRITE, fd, &n) ? -1 : NEXT(pwrite)(fd, p, n, at);
}

ssize_t
sendfile(int to, int from, off_t *at, size_t n)
{
	return hit_part(SENDFILE, to, &n) ? -1 :
	    NEXT(sendfile)(to, from, at, n);
}

ssize_t
getrandom(void *p, size_t n, unsigned int flags)
{
	return hit_part(GETRANDOM, -1, &n) ? -1 :
	    NEXT(getrandom)(p, n, flags);
}

int
getentropy(void *p, size_t n)
{
	return hit(GETRANDOM, -1, NULL) ? -1 : NEXT(getentropy)(p, n);
}

/* A connection that fails is gone for both sides. */
static int
lost(int fd)
{
	int saved = errno;

	shutdown(fd, SHUT_RDWR);
	errno = saved;
	return -1;
}

ssize_t
send(int fd, const void *p, size_t n, int flags)
{
	return hit_part(SEND, fd, &n) ? lost(fd) :
	    NEXT(send)(fd, p, n, flags);
}

ssize_t
recv(int fd, void *p, size_t n, int flags)
{
	return hit_part(RECV, fd, &n) ? lost(fd) :
	    NEXT(recv)(fd, p, n, flags);
}

static mode_t
mode_of(int flags, va_list ap)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
}

int
open(const char *path, int flags, ...)
{
	va_list	ap;
	mode_t	mode;

	va_start(ap, flags);
	mode = mode_of(flags, ap);
	va_end(ap);
	return hit(OPEN, -1, path) ? -1 :
	    named(NEXT(open)(path, flags, mode), path);
}

int	__open_2(const char *path, int flags);

int
__open_2(const char *path, int flags)
{
	return hit(OPEN, -1, path) ? -1 :
	    named(NEXT(open)(path, flags), path);
}

int
openat(int dir, const char *path, int flags, ...)
{
	va_list	ap;
	mode_t	mode;

	va_start(ap, flags);
	mode = mode_of(flags, ap);
	va_end(ap);
	return hit(OPEN, -1, path) ? -1 :
	    named(NEXT(openat)(dir, path, flags, mode), path);
}

FILE *
fopen(const char *path, const char *mode)
{
	return hit(FOPEN, -1, path) ? NULL : NEXT(fopen)(path, mode);
}

int
fflush(FILE *f)
{
	return f != stderr && hit(FFLUSH, -1, NULL) ? EOF : NEXT(fflush)(f);
}

DIR *
opendir(const char *path)
{
	return hit(OPENDIR, -1, path) ? NULL : NEXT(opendir)(path);
}

int
scandir(const char *path, struct dirent ***names,
    int (*take)(const struct dirent *),
    int (*order)(const struct dirent **, const struct dirent **))
{
	return hit(OPENDIR, -1, path) ? -1 :
	    NEXT(scandir)(path, names, take, order);
}

struct dirent *
readdir(DIR *d)
{
	return hit(READDIR, -1, NULL) ? NULL : NEXT(readdir)(d);
}

int
fsync(int fd)
{
	return hit(FSYNC, fd, NULL) ? -1 : NEXT(fsync)(fd);
}

int
fdatasync(int fd)
{
	return hit(FDATASYNC, fd, NULL) ? -1 : NEXT(fdatasync)(fd);
}

int
ftruncate(int fd, off_t n)
{
	return hit(FTRUNCATE, fd, NULL) ? -1 : NEXT(ftruncate)(fd, n);
}

off_t
lseek(int fd, off_t at, int whence)
{
	return hit(LSEEK, fd, NULL) ? -1 : NEXT(lseek)(fd, at, whence);
}

int
fchmod(int fd, mode_t mode)
{
	return hit(FCHMOD, fd, NULL) ? -1 : NEXT(fchmod)(fd, mode);
}

int
flock(int fd, int operation)
{
	return hit(FLOCK, fd, NULL) ? -1 : NEXT(flock)(fd, operation);
}

int
fstat(int fd, struct stat *st)
{
	return hit(STAT, fd, NULL) ? -1 : NEXT(fstat)(fd, st);
}

int
dup(int fd)
{
	return hit(DUP, fd, NULL) ? -1 :
	    named(NEXT(dup)(fd), fd >= 0 && fd < NAMES ? names[fd] : "");
}

int
close(int fd)
{
	int bad = hit(CLOSE, fd, NULL), saved = errno;
	int r = NEXT(close)(fd);

	if (!bad)
		return r;
	errno = saved;
	return -1;
}

int
fcntl(int fd, int command, ...)
{
	va_list	 ap;
	void	*arg;

	va_start(ap, command);
	arg = va_arg(ap, void *);
	va_end(ap);
	return hit(FCNTL, fd, NULL) ? -1 : NEXT(fcntl)(fd, command, arg);
}

int
rename(const char *from, const char *to)
{
	return hit(RENAME, -1, to) ? -1 : NEXT(rename)(from, to);
}

int
unlink(const char *path)
{
	return hit(UNLINK, -1, path) ? -1 : NEXT(unlink)(path);
}

int
mkdir(const char *path, mode_t mode)
{
	return hit(MKDIR, -1, path) ? -1 : NEXT(mkdir)(path, mode);
}

int
rmdir(const char *path)
{
	return hit(RMDIR, -1, path) ? -1 : NEXT(rmdir)(path);
}

int
stat(const char *path, struct stat *st)
{
	return hit(STAT, -1, path) ? -1 : NEXT(stat)(path, st);
}

int
lstat(const char *path, struct stat *st)
{
	return hit(STAT, -1, path) ? -1 : NEXT(lstat)(path, st);
}

int
access(const char *path, int mode)
{
	return hit(ACCESS, -1, path) ? -1 : NEXT(access)(path, mode);
}

int
memfd_create(const char *name, unsigned int flags)
{
	return hit(MEMFD_CREATE, -1, name) ? -1 :
	    named(NEXT(memfd_create)(name, flags), "memory");
}

void *
mmap(void *at, size_t n, int prot, int flags, int fd, off_t from)
{
	/* anonymous memory is malloc's: there it would be no other fault */
	return fd != -1 && hit(MMAP, fd, NULL) ? MAP_FAILED :
	    NEXT(mmap)(at, n, prot, flags, fd, from);
}

int
msync(void *p, size_t n, int flags)
{
	return hit(MSYNC, -1, NULL) ? -1 : NEXT(msync)(p, n, flags);
}

pid_t
fork(void)
{
	return hit(FORK, -1, NULL) ? -1 : NEXT(fork)();
}

int
pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*run)(void *),
    void *arg)
{
	return hit(THREAD, -1, NULL) ? EAGAIN :
	    NEXT(pthread_create)(t, a, run, arg);
}

int
socket(int domain, int type, int protocol)
{
	return hit(SOCKET, -1, NULL) ? -1 :
	    named(NEXT(socket)(domain, type, protocol), "socket");
}

int
connect(int fd, const struct sockaddr *to, socklen_t n)
{
	return hit(CONNECT, fd, NULL) ? -1 : NEXT(connect)(fd, to, n);
}

time_t
time(time_t *out)
{
	struct timespec	ts;
	time_t		t;

	clock_gettime(CLOCK_REALTIME, &ts);
	t = ts.tv_sec + (page != NULL ? page->offset : 0);
	if (out != NULL)
		*out = t;
	return t;
}

/* The names under which programs built for large files know the same. */
int	open64(const char *, int, ...) __attribute__((alias("open")));
int	openat64(int, const char *, int, ...) __attribute__((alias("openat")));
FILE	*fopen64(const char *, const char *) __attribute__((alias("fopen")));
ssize_t	pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));
ssize_t	pwrite64(int, const void *, size_t, off_t)
	    __attribute__((alias("pwrite")));
ssize_t	sendfile64(int, int, off_t *, size_t)
	    __attribute__((alias("sendfile")));
int	ftruncate64(int, off_t) __attribute__((alias("ftruncate")));
off_t	lseek64(int, off_t, int) __attribute__((alias("lseek")));
void	*mmap64(void *, size_t, int, int, int, off_t)
	    __attribute__((alias("mmap")));
int	fcntl64(int, int, ...) __attribute__((alias("fcntl")));
