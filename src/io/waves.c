/*
 * waves.c - which waves are open or closed, by the names of their files.
 *
 * Reads the directory afresh at every call and opens no wave file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/b32.h"
#include "base/mem.h"
#include "io/file.h"
#include "io/state.h"
#include "io/waves.h"

struct listing {
	struct wave_ref	*ref;
	size_t		 n;
};

/* "TAG-WAVE.gdbm" */
static bool
parse_name(const char *file, struct wave_ref *ref)
{
	size_t len = strlen(file);

	if (len < 9 || len - 8 > WAVE_NAME_MAX || file[2] != '-' ||
	    strcmp(file + len - 5, ".gdbm") != 0 ||
	    !b32_get(file, 2, &ref->tag))
		return false;
	memcpy(ref->name, file + 3, len - 8);
	ref->name[len - 8] = '\0';
	return wave_name_valid(ref->name);
}

static enum err_code
list_one(void *arg, const char *name, struct err *e)
{
	struct listing	*l = arg;
	struct wave_ref	 ref;

	(void)e;
	if (!parse_name(name, &ref))
		return ERR_OK;
	l->ref = mem_resize(l->ref, l->n + 1, sizeof(*l->ref));
	l->ref[l->n++] = ref;
	return ERR_OK;
}

enum err_code
waves_list(const char *state_dir, struct wave_ref **out, size_t *n,
    struct err *e)
{
	struct listing	 l = { NULL, 0 };
	char		*dir = state_path(state_dir, STATE_WAVES_DIR, NULL);
	enum err_code	 rc;

	rc = file_each(dir, list_one, &l, e);
	free(dir);
	if (rc != ERR_OK) {
		free(l.ref);
		return rc;
	}
	*out = l.ref;
	*n = l.n;
	return ERR_OK;
}

/* The first wave with this name, or with this tag if name is NULL. */
static enum err_code
search(const char *state_dir, const char *name, unsigned int tag,
    struct wave_ref *out, struct err *e)
{
	struct wave_ref	*ref;
	enum err_code	 rc;
	size_t		 n, i;

	if ((rc = waves_list(state_dir, &ref, &n, e)) != ERR_OK)
		return rc;
	rc = ERR_ABSENT;
	for (i = 0; i < n && rc != ERR_OK; i++)
		if (name != NULL ? strcmp(ref[i].name, name) == 0 :
		    ref[i].tag == tag) {
			*out = ref[i];
			rc = ERR_OK;
		}
	free(ref);
	if (rc == ERR_ABSENT)
		err_set(e, rc, "%s: no such wave is open or closed",
		    name != NULL ? name : "link");
	return rc;
}

enum err_code
waves_by_tag(const char *state_dir, unsigned int tag, struct wave_ref *out,
    struct err *e)
{
	return search(state_dir, NULL, tag, out, e);
}

enum err_code
waves_by_name(const char *state_dir, const char *name,
    struct wave_ref *out, struct err *e)
{
	return search(state_dir, name, 0, out, e);
}
