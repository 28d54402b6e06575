/*
 * record.h - the value of a stored record: fields with a NUL behind each.
 *
 * Numbers are decimal text.  No field may hold a NUL; imports refuse it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_RECORD_H
#define SENSED_IO_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "io/store.h"

/* Appends a field. */
void		 record_text(struct buf *b, const char *s);
void		 record_number(struct buf *b, int64_t v);

/* Reads fields in the order in which they were written. */
struct record {
	const char	*p, *end;
	int		 bad;	/* a field was missing or not as it should be */
};

/* The len bytes must have a NUL behind them, as store_get gives them. */
void		 record_read(struct record *r, const char *value, size_t len);

/* The next field; "" and bad when there is none. */
const char	*record_next(struct record *r);

/* The next field as a number in min..max; min and bad when it is not. */
int64_t		 record_next_number(struct record *r, int64_t min, int64_t max);

/* Copies the next field; bad if it does not fit into size bytes. */
void		 record_copy(struct record *r, char *out, size_t size);

/*
 * Puts the fields under a key and empties b.  ERR_CORRUPT: the key is there
 * already.
 */
enum err_code	 record_put(struct store *s, const char *key, struct buf *b,
		     struct err *e) MUST_USE;

/*
 * Starts to read a record that must be there, ERR_CORRUPT otherwise; *value
 * is record_done's to free.
 */
enum err_code	 record_get(struct store *s, const char *key, char **value,
		     struct record *r, struct err *e) MUST_USE;

/* Frees value.  ERR_CORRUPT: a field was bad, or some were left over. */
enum err_code	 record_done(struct record *r, char *value, const char *key,
		     struct err *e) MUST_USE;

#endif
