/*
 * scratch.h - a folder for one unit test, and files in it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_SCRATCH_H
#define SENSED_TESTS_SCRATCH_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/file.h"

static char scratch_dir[] = "/tmp/sensed-unit-XXXXXX";

/* Group set-up and tear-down. */
static inline int
scratch_make(void **state)
{
	(void)state;
	memcpy(scratch_dir + strlen(scratch_dir) - 6, "XXXXXX", 6);
	return mkdtemp(scratch_dir) != NULL ? 0 : -1;
}

static inline int
scratch_remove(void **state)
{
	struct err e;

	(void)state;
	return file_remove(scratch_dir, &e) == ERR_OK ? 0 : -1;
}

/* The path of a name in the folder; the caller frees. */
static inline char *
scratch_path(const char *name)
{
	return mem_fmt("%s/%s", scratch_dir, name);
}

/* Writes a file of len bytes; no need to be durable. */
static inline char *
scratch_write(const char *name, const void *p, size_t len)
{
	char	*path = scratch_path(name);
	int	 fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd == -1 || !file_write_all(fd, p, len) || close(fd) == -1)
		abort();
	return path;
}

static inline char *
scratch_text(const char *name, const char *text)
{
	return scratch_write(name, text, strlen(text));
}

#endif
