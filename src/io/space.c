/*
 * space.c - what is free, and what the waves take.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/mem.h"
#include "io/file.h"
#include "io/space.h"
#include "io/state.h"
#include "io/waves.h"

enum err_code
space_free(const char *state_dir, uint64_t *out, struct err *e)
{
	struct statvfs v;

	if (statvfs(state_dir, &v) == -1)
		return errno == ENOENT ? err_set(e, ERR_ABSENT, "%s: not "
		    "there yet; sensectl import makes it", state_dir) :
		    err_sys(e, "%s", state_dir);
	*out = (uint64_t)v.f_bavail * v.f_frsize;
	return ERR_OK;
}

struct sum {
	const char	*dir;
	uint64_t	 bytes;
};

static enum err_code
add_file(void *arg, const char *name, struct err *e)
{
	struct sum	*s = arg;
	char		*path = mem_fmt("%s/%s", s->dir, name);
	struct stat	 st;

	(void)e;
	if (stat(path, &st) == 0)	/* not replaced this moment */
		s->bytes += (uint64_t)st.st_blocks * 512;
	free(path);
	return ERR_OK;
}

enum err_code
space_needed(const char *state_dir, uint64_t *out, struct err *e)
{
	struct wave_ref	*wave;
	struct sum	 sum;
	uint64_t	 largest = 0;
	enum err_code	 rc;
	size_t		 n, i;
	char		*dir;

	if ((rc = waves_list(state_dir, &wave, &n, e)) != ERR_OK)
		return rc;
	for (i = 0; i < n && rc == ERR_OK; i++) {
		dir = state_boxes(state_dir, wave[i].tag, wave[i].name);
		sum = (struct sum){ dir, 0 };
		rc = file_each(dir, add_file, &sum, e);
		if (sum.bytes > largest)
			largest = sum.bytes;
		free(dir);
	}
	free(wave);
	if (rc == ERR_OK)
		*out = 2 * largest + SPACE_LEAST;
	return rc;
}
