/*
 * keys.h - a group of settings, by a table, into a struct.
 *
 * The table is the list of keys that exist: one that is not in it is refused.
 * Keys are read in the order of the table, whatever the order of the file, so
 * a reader may use what an earlier row has stored.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_KEYS_H
#define SENSED_IO_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "io/setting.h"

enum key_kind {
	KEY_TEXT,	/* char *; min and max are bytes */
	KEY_FILE,	/* char *, from the naming file's folder; min bytes */
	KEY_NUMBER,	/* unsigned int */
	KEY_TRUTH,	/* bool */
	KEY_WORD,	/* unsigned int or enum: place in words */
	KEY_GROUP,	/* of keys, into the same struct */
	KEY_OTHER	/* all left to the reader */
};

/*
 * Reads a KEY_OTHER, or checks what a row has stored.  A KEY_OTHER's reader
 * is called with NULL if the key is absent: it then stores the default.
 * Others are called only if the key is there.
 */
typedef enum err_code key_reader(const struct setting *s, void *base,
		    struct err *e);

struct key {
	const char		*name;		/* NULL ends a table */
	enum key_kind		 kind;
	bool			 required;
	size_t			 at;		/* offset in the struct */
	unsigned int		 min, max;
	unsigned int		 number;	/* default, a word's place */
	const char		*text;		/* default; NULL is "" */
	const char		*expected;	/* where it is required */
	const char *const	*words;
	const struct key	*keys;
	key_reader		*read;
};

/*
 * Reads group, or stores the defaults if it is NULL.  near is a setting by
 * whose place an absent key is told, and prefix what stands before its name
 * there ("" or "mail.").  On error texts read so far are in base, which the
 * caller had cleared, and are the caller's to free.
 */
enum err_code	keys_read(const struct key *table, const struct setting *group,
		    const struct setting *near, const char *prefix, void *base,
		    struct err *e) MUST_USE;

#endif
