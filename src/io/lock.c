/*
 * lock.c - flock on files that stay.
 *
 * Never replaces, truncates or unlinks a lock file, so that whoever waits on
 * it and whoever comes later mean the same one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "io/lock.h"

static const int operations[] = {
	[LOCK_SHARED] = LOCK_SH,
	[LOCK_EXCLUSIVE] = LOCK_EX,
	[LOCK_TRY] = LOCK_EX | LOCK_NB,
	[LOCK_TRY_SHARED] = LOCK_SH | LOCK_NB,
};

enum err_code
lock_take(const char *path, enum lock_kind kind, int make, int *fd,
    struct err *e)
{
	int f, r;

	f = open(path, O_RDWR | O_CLOEXEC | (make ? O_CREAT : 0), 0600);
	if (f == -1) {
		err_sys(e, "%s", path);
		return errno == ENOENT ? (e->code = ERR_ABSENT) : ERR_SYS;
	}
	do
		r = flock(f, operations[kind]);
	while (r == -1 && errno == EINTR);
	if (r == -1) {
		err_sys(e, "%s", path);
		close(f);
		if (errno == EWOULDBLOCK)
			return err_set(e, ERR_BUSY, "%s: another program holds "
			    "this lock; try again when it has finished", path);
		return ERR_SYS;
	}
	*fd = f;
	return ERR_OK;
}

void
lock_release(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}
