/*
 * fuzz.h - what the fuzz targets share.
 *
 * A target is one file with LLVMFuzzerTestOneInput; libFuzzer calls it with
 * bytes that it makes up.  A target promises more than not to crash: where a
 * result can be judged, it is, by must().  Files are anonymous memory, or lie
 * in a folder that goes with the process.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_FUZZ_H
#define SENSED_TESTS_FUZZ_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/mem.h"
#include "io/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define must(is)	((is) ? (void)0 : fuzz_broken(#is, __FILE__, __LINE__))

static inline void
fuzz_broken(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

/* Bytes still to be used; past the end there are zeros. */
struct input {
	const uint8_t	*p;
	size_t		 n;
};

static inline unsigned int
input_byte(struct input *in)
{
	if (in->n == 0)
		return 0;
	in->n--;
	return *in->p++;
}

static inline uint64_t
input_number(struct input *in, unsigned int bytes)
{
	uint64_t v = 0;

	while (bytes-- > 0)
		v = v << 8 | input_byte(in);
	return v;
}

/*
 * The next part, up to a line "----" or the end, with a NUL behind it; the
 * caller frees.  It may hold NUL bytes: *len counts them.
 */
static inline char *
input_part(struct input *in, size_t *len)
{
	static const char	 mark[] = "\n----\n";
	const uint8_t		*at = NULL;
	char			*part;

	if (in->n != 0)
		at = memmem(in->p, in->n, mark, sizeof(mark) - 1);
	*len = at != NULL ? (size_t)(at - in->p) + 1 : in->n;
	part = mem_dup(in->p, *len);
	if (at != NULL) {
		in->n -= *len + sizeof(mark) - 2;
		in->p += *len + sizeof(mark) - 2;
	} else
		in->n = 0;
	return part;
}

#define FUZZ_FILES	4

/* The path of a file, one of FUZZ_FILES, that now holds these bytes. */
static inline const char *
fuzz_file(unsigned int which, const void *data, size_t len)
{
	static char	path[FUZZ_FILES][32];
	static int	fd[FUZZ_FILES];

	if (fd[which] == 0) {
		fd[which] = memfd_create("fuzz", MFD_CLOEXEC);
		snprintf(path[which], sizeof(path[which]), "/proc/self/fd/%d",
		    fd[which]);
	}
	must(ftruncate(fd[which], 0) == 0);
	must(pwrite(fd[which], data, len, 0) == (ssize_t)len);
	return path[which];
}

static char fuzz_folder[64];

static inline void
fuzz_folder_gone(void)
{
	struct err e;

	if (file_remove(fuzz_folder, &e) != ERR_OK)
		fprintf(stderr, "%s\n", e.msg);
}

/* A folder below FUZZ_TMP, or /tmp; it goes at exit, but not in a crash. */
static inline const char *
fuzz_dir(void)
{
	const char *top = getenv("FUZZ_TMP");

	if (fuzz_folder[0] != '\0')
		return fuzz_folder;
	if (top == NULL || strlen(top) > 40)
		top = "/tmp";
	snprintf(fuzz_folder, sizeof(fuzz_folder), "%s/sensed-fuzz-XXXXXX",
	    top);
	must(mkdtemp(fuzz_folder) != NULL);
	atexit(fuzz_folder_gone);
	return fuzz_folder;
}

/* Writes a file in that folder; not durable. */
static inline void
fuzz_write(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd != -1 && file_write_all(fd, data, len) && close(fd) == 0);
}

#endif
