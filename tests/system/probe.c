/*
 * probe.c - tries something forbidden from inside a real program.
 *
 * Preloaded.  The first time a process lists a directory, which every program
 * does after it has entered its sandbox and never before, it does what PROBE
 * names, and writes what came of it to the file PROBE_LOG: "ok" or an errno.
 * PROBE is a word, or a word and a path: "read /etc/passwd".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

typedef int	lister(const char *dir, struct dirent ***names,
		    int (*filter)(const struct dirent *),
		    int (*compare)(const struct dirent **,
		    const struct dirent **));

static const char	*word;
static int		 report = -1, done;
static lister		*real;

static void __attribute__((constructor))
start(void)
{
	const char *path = getenv("PROBE_LOG");

	word = getenv("PROBE");
	real = (lister *)(uintptr_t)dlsym(RTLD_NEXT, "scandir");
	if (path != NULL)
		report = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		    0600);
}

static long
act(const char *path)
{
	char *const argv[] = { (char *)(uintptr_t)path, NULL };

	if (strncmp(word, "read ", 5) == 0)
		return open(path, O_RDONLY | O_CLOEXEC);
	if (strncmp(word, "write ", 6) == 0)
		return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (strncmp(word, "execute ", 8) == 0)
		return execve(path, argv, argv + 1);
	if (strcmp(word, "socket") == 0)
		return socket(AF_INET, SOCK_STREAM, 0);
	if (strcmp(word, "trace") == 0)
		return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	if (strcmp(word, "crash") == 0)
		*(volatile int *)(uintptr_t)8 = 0;
	if (strcmp(word, "dumpable") == 0 && prctl(PR_GET_DUMPABLE) == 0) {
		errno = ESRCH;
		return -1;
	}
	return 0;
}

int
scandir(const char *dir, struct dirent ***names,
    int (*filter)(const struct dirent *),
    int (*compare)(const struct dirent **, const struct dirent **))
{
	const char	*path;
	char		 line[32];
	long		 r;

	if (word != NULL && !done) {
		done = 1;
		path = strchr(word, ' ');
		errno = 0;
		r = act(path != NULL ? path + 1 : NULL);
		snprintf(line, sizeof(line), r == -1 ? "%d\n" : "ok\n", errno);
		if (write(report, line, strlen(line)) == -1)
			_exit(99);
	}
	return real(dir, names, filter, compare);
}
