/*
 * fastclock.c - preloaded: a clock that runs many times as fast.
 *
 * For tests of the daemon, whose passes, rests and retries are minutes and
 * hours.  The wall clock and the clock of turns and rests are fast, and so are
 * the waits that follow them; CLOCK_MONOTONIC is not, by which libcurl counts.
 * FASTCLOCK is "REAL SHOWN TIMES": at the second REAL it shows SHOWN.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE

#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BILLION	1000000000LL

static long long real, shown, times = 1;

__attribute__((constructor)) static void
start(void)
{
	const char *s = getenv("FASTCLOCK");

	if (s == NULL ||
	    sscanf(s, "%lld %lld %lld", &real, &shown, &times) != 3)
		abort();
}

static struct timespec
spec(long long ns)
{
	return (struct timespec){ ns / BILLION, ns % BILLION };
}

static long long
count(const struct timespec *t)
{
	return t->tv_sec * BILLION + t->tv_nsec;
}

int
clock_gettime(clockid_t id, struct timespec *t)
{
	if (syscall(SYS_clock_gettime, id, t) == -1)
		return -1;
	if (id == CLOCK_REALTIME)
		*t = spec((count(t) - real * BILLION) * times +
		    shown * BILLION);
	else if (id == CLOCK_BOOTTIME)
		*t = spec(count(t) * times);
	return 0;
}

time_t
time(time_t *out)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	if (out != NULL)
		*out = t.tv_sec;
	return t.tv_sec;
}

int
nanosleep(const struct timespec *t, struct timespec *left)
{
	struct timespec less = spec(count(t) / times);

	return (int)syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &less,
	    left);
}

int
ppoll(struct pollfd *fds, nfds_t n, const struct timespec *t,
    const sigset_t *mask)
{
	struct timespec less = t != NULL ? spec(count(t) / times) : spec(0);

	return (int)syscall(SYS_ppoll, fds, n, t != NULL ? &less : NULL, mask,
	    8);
}
