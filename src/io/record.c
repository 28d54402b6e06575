/*
 * record.c - fields with a NUL behind each.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "io/record.h"

void
record_text(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s) + 1);
}

void
record_number(struct buf *b, int64_t v)
{
	buf_addf(b, "%" PRId64, v);
	buf_addc(b, '\0');
}

void
record_read(struct record *r, const char *value, size_t len)
{
	r->p = value;
	r->end = value + len;
	r->bad = 0;
}

const char *
record_next(struct record *r)
{
	const char *field = r->p;

	if (r->p >= r->end) {
		r->bad = 1;
		return "";
	}
	r->p += strlen(field) + 1;
	return field;
}

int64_t
record_next_number(struct record *r, int64_t min, int64_t max)
{
	const char	*s = record_next(r);
	int		 minus = *s == '-';
	uint64_t	 v;
	int64_t		 n;

	if (num_parse(s + minus, strlen(s) - (size_t)minus, 0, INT64_MAX, &v)) {
		n = minus ? -(int64_t)v : (int64_t)v;
		if (n >= min && n <= max)
			return n;
	}
	r->bad = 1;
	return min;
}

void
record_copy(struct record *r, char *out, size_t size)
{
	const char *s = record_next(r);

	if (strlen(s) >= size)
		r->bad = 1;
	else
		memcpy(out, s, strlen(s) + 1);
}

enum err_code
record_put(struct store *s, const char *key, struct buf *b, struct err *e)
{
	enum err_code rc;

	rc = store_put(s, key, strlen(key), buf_str(b), b->len, e);
	if (rc == ERR_USED)
		rc = err_set(e, ERR_CORRUPT, "record %s twice", key);
	buf_reset(b);
	return rc;
}

enum err_code
record_get(struct store *s, const char *key, char **value, struct record *r,
    struct err *e)
{
	enum err_code	rc;
	size_t		len;

	rc = store_get(s, key, strlen(key), value, &len, e);
	if (rc == ERR_ABSENT)
		return err_set(e, ERR_CORRUPT, "record %s is missing", key);
	if (rc == ERR_OK)
		record_read(r, *value, len);
	return rc;
}

enum err_code
record_done(struct record *r, char *value, const char *key, struct err *e)
{
	free(value);
	if (r->bad || r->p != r->end)
		return err_set(e, ERR_CORRUPT, "record %s is not as sensed "
		    "writes it", key);
	return ERR_OK;
}
