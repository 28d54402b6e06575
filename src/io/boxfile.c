/*
 * boxfile.c - a box on disk.
 *
 * The file is a store (store.h) whose records are box.h's.  A commit hands all
 * of them over in key order, so that their place on the disk says nothing of
 * when they came.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "io/boxfile.h"
#include "io/file.h"
#include "io/store.h"

#define IMAGE_MAX	(16 << 20)	/* far above the largest box */

static enum err_code
take(void *arg, const char *key, size_t keylen, const char *value, size_t len,
    struct err *e)
{
	return box_append(arg, (const unsigned char *)key, keylen,
	    (const unsigned char *)value, len, e);
}

enum err_code
boxfile_read(const char *path, struct box *b, struct err *e)
{
	struct store	*s;
	enum err_code	 rc;

	if ((rc = store_open(path, &s, e)) != ERR_OK)
		return rc;
	box_init(b);
	rc = store_each(s, take, b, e);
	store_close(&s);
	if (rc == ERR_OK)
		rc = box_sort(b, e);
	if (rc != ERR_OK) {
		box_wipe(b);
		if (rc == ERR_CORRUPT)
			err_prefix(e, "%s: ", path);
	}
	return rc;
}

static enum err_code
write_all(struct store *s, const struct box *b, struct err *e)
{
	const unsigned char	*value;
	enum err_code		 rc = ERR_OK;
	size_t			 len, i;

	for (i = 0; i < b->n && rc == ERR_OK; i++) {
		value = box_value(b, i, &len);
		rc = store_put(s, b->record[i].key, BOX_KEY, value, len, e);
		if (rc == ERR_USED)
			rc = err_set(e, ERR_CORRUPT, "a record stands there "
			    "twice");
	}
	return rc;
}

enum err_code
boxfile_commit(const char *path, const struct box *b, struct err *e)
{
	struct store	*s = NULL;
	enum err_code	 rc;

	if ((rc = store_create(path, 0660, 1, &s, e)) != ERR_OK)
		return rc;
	if ((rc = write_all(s, b, e)) != ERR_OK) {
		store_close(&s);
		return rc;
	}
	return store_commit(&s, e);
}

/* The bytes that the records would have, written in hash order. */
static enum err_code
image_of(const struct box *b, char **data, size_t *len, struct err *e)
{
	struct store	*s = NULL;
	enum err_code	 rc;

	if ((rc = store_create("box", 0600, 1, &s, e)) != ERR_OK)
		return rc;
	if ((rc = write_all(s, b, e)) == ERR_OK)
		return store_image(&s, data, len, e);
	store_close(&s);
	return rc;
}

static enum err_code
compare(const char *path, const struct box *b, struct err *e)
{
	char		*is = NULL, *should = NULL;
	size_t		 is_len, should_len;
	enum err_code	 rc;

	rc = image_of(b, &should, &should_len, e);
	if (rc == ERR_OK)
		rc = file_read(path, IMAGE_MAX, &is, &is_len, e);
	if (rc == ERR_OK && (is_len != should_len ||
	    memcmp(is, should, is_len) != 0))
		rc = err_set(e, ERR_CORRUPT, "%s: not written whole in hash "
		    "order", path);
	free(is);
	free(should);
	return rc;
}

enum err_code
boxfile_check(const char *path, struct err *e)
{
	struct box	b;
	enum err_code	rc;

	if ((rc = boxfile_read(path, &b, e)) != ERR_OK)
		return rc;
	if (box_used(&b) != box_ballots(&b))
		rc = err_set(e, ERR_CORRUPT, "%s: used links and ballots "
		    "differ", path);
	else
		rc = compare(path, &b, e);
	box_wipe(&b);
	return rc;
}
