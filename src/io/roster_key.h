/*
 * roster_key.h - keys of the roster's records; roster.h has the layout.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_ROSTER_KEY_H
#define SENSED_IO_ROSTER_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "io/roster.h"
#include "io/store.h"

#define ROSTER_UNIT	'u'
#define ROSTER_LEADER	'l'
#define ROSTER_PERSON	'p'
#define ROSTER_ADDRESS	'a'
#define ROSTER_OPTOUT	'o'
#define ROSTER_HEALTH	'h'

/* KIND/SURVEY/NAME, and KIND/SURVEY/[NAME/]NUMBER; the caller frees. */
char		*roster_key(char kind, const char *survey, const char *name);
char		*roster_key_number(char kind, const char *survey,
		    const char *name, size_t number);

/* True if a key is of that survey, whatever its kind but an opt-out's. */
bool		 roster_key_of(const char *key, size_t len, const char *survey);

/*
 * The NAME of a key of that kind and survey (NULL: any), *n bytes, or NULL.
 */
const char	*roster_key_name(const char *key, size_t len, char kind,
		    const char *survey, size_t *n);

/* The file itself, still the roster's to close. */
struct store	*roster_store(struct roster *r);

#endif
