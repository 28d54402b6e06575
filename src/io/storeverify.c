/*
 * storeverify.c - what was written is read again before it is revealed.
 *
 * A failing call inside GDBM can end in a good return code and an unreadable
 * file (doc/spec/FACTS 2), so no return code is believed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "io/store.h"
#include "io/storeverify.h"

enum err_code
store_verify_format(const char *path, const char *value, size_t len,
    struct err *e)
{
	if (len == 0 || strspn(value, "0123456789") != len)
		return err_set(e, ERR_CORRUPT, "%s: its format is no number",
		    path);
	return strcmp(value, STORE_FORMAT) == 0 ? ERR_OK :
	    err_newer(e, path, value);
}

enum err_code
store_verify_older(const char *path, struct err *e)
{
	enum err_code	 rc;
	size_t		 len;
	char		*value;

	rc = store_find(path, STORE_FORMAT_KEY, strlen(STORE_FORMAT_KEY),
	    &value, &len, e);
	if (rc == ERR_OK)
		free(value);
	return rc == ERR_NEWER || rc == ERR_SYS ? rc : ERR_OK;
}

static enum err_code
count_one(void *arg, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	(void)key, (void)keylen, (void)value, (void)len, (void)e;
	++*(uint64_t *)arg;
	return ERR_OK;
}

enum err_code
store_verify(const char *path, uint64_t count, struct err *e)
{
	struct store	*again;
	uint64_t	 n = 1;		/* the format record */
	enum err_code	 rc;

	if ((rc = store_open(path, &again, e)) != ERR_OK)
		return rc == ERR_SYS ? rc : (e->code = ERR_CORRUPT);
	rc = store_each(again, count_one, &n, e);
	store_close(&again);
	if (rc == ERR_OK && n != count)
		rc = err_set(e, ERR_CORRUPT, "%s: read back %llu records of "
		    "%llu", path, (unsigned long long)n,
		    (unsigned long long)count);
	return rc;
}
