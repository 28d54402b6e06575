/*
 * published_comments.c - the comments in a publication.
 *
 * Written in the order that was drawn, so that their place in the file tells
 * no more than their numbers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "io/published.h"
#include "io/published_parts.h"
#include "io/record.h"

#define HEAD_MAX	1024	/* bytes of the record comments */
#define KEY_MAX		32

static void
make_key(char key[KEY_MAX], uint32_t unit, size_t place)
{
	snprintf(key, KEY_MAX, "comment/%06u/%06zu", unit, place);
}

enum err_code
published_put_comments(struct store *s, const struct comments *c,
    struct err *e)
{
	struct buf	b;
	enum err_code	rc;
	size_t		i, place = 0;
	char		key[KEY_MAX];

	buf_init(&b, HEAD_MAX);
	record_number(&b, c->level);
	record_text(&b, c->reader);
	record_number(&b, c->released);
	record_number(&b, (int64_t)c->n);
	rc = record_put(s, "comments", &b, e);
	for (i = 0; i < c->n && rc == ERR_OK; i++, place++) {
		if (i > 0 && c->of[i].unit != c->of[i - 1].unit)
			place = 0;
		make_key(key, c->of[i].unit, place);
		rc = store_put(s, key, strlen(key), c->of[i].text,
		    strlen(c->of[i].text), e);
	}
	buf_wipe(&b);
	return rc;
}

static enum err_code
get_head(struct store *s, struct comments *c, int64_t *n, struct err *e)
{
	struct record	r;
	enum err_code	rc;
	size_t		len;
	char		*value;

	*n = 0;
	rc = store_get(s, "comments", strlen("comments"), &value, &len, e);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	record_read(&r, value, len);
	c->level = (unsigned int)record_next_number(&r, 1, LEVELS_MAX);
	record_copy(&r, c->reader, sizeof(c->reader));
	c->released = record_next_number(&r, 0, 1) == 1;
	*n = record_next_number(&r, 1, UINT32_MAX);
	return record_done(&r, value, "comments", e);
}

/* As it was when it was sealed: one clean line. */
static bool
is_comment(char *text, size_t len)
{
	return strlen(text) == len && len > 0 && len <= COMMENT_BYTES &&
	    utf8_valid(text, len) && !utf8_has_control(text, len);
}

/* All comments of one unit. */
static enum err_code
get_unit(struct store *s, uint32_t unit, struct comments *c, struct err *e)
{
	enum err_code	rc;
	size_t		len, place;
	char		key[KEY_MAX], *text;

	for (place = 0;; place++) {
		make_key(key, unit, place);
		rc = store_get(s, key, strlen(key), &text, &len, e);
		if (rc != ERR_OK)
			return rc == ERR_ABSENT ? ERR_OK : rc;
		if (is_comment(text, len))
			comments_add(c, unit, text);
		else
			rc = err_set(e, ERR_CORRUPT, "record %s is no "
			    "comment", key);
		crypt_wipe(text, len);
		free(text);
		if (rc != ERR_OK)
			return rc;
	}
}

static enum err_code
get_all(struct store *s, const struct publication *p, struct comments *c,
    struct err *e)
{
	enum err_code	rc;
	uint32_t	i;
	int64_t		n;

	rc = get_head(s, c, &n, e);
	for (i = 0; i < p->n && n > 0 && rc == ERR_OK; i++)
		rc = get_unit(s, i, c, e);
	if (rc == ERR_OK && ((int64_t)c->n != n || !comments_sound(c, p)))
		rc = err_set(e, ERR_CORRUPT, "comments that may not be kept; "
		    "nothing is told of them");
	return rc;
}

enum err_code
published_comments(const char *path, const struct publication *p,
    struct comments *c, struct err *e)
{
	struct store	*s;
	enum err_code	 rc;

	memset(c, 0, sizeof(*c));
	if ((rc = store_open(path, &s, e)) != ERR_OK)
		return rc;
	rc = get_all(s, p, c, e);
	store_close(&s);
	if (rc != ERR_OK) {
		comments_wipe(c);
		if (rc == ERR_CORRUPT)
			err_prefix(e, "%s: ", path);
	}
	return rc;
}
