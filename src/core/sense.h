/*
 * sense.h - the six senses of the Senses Framework.
 *
 * Nolan, Brown, Davies, Nolan and Keady 2006.  Always in this order, in every
 * table, page, mail and file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_SENSE_H
#define SENSED_CORE_SENSE_H

#include <stdbool.h>
#include <stddef.h>

enum sense {
	SENSE_SECURITY,
	SENSE_CONTINUITY,
	SENSE_BELONGING,
	SENSE_PURPOSE,
	SENSE_FULFILMENT,
	SENSE_SIGNIFICANCE,
	SENSE__MAX
};

/* The key as it stands in files and columns: "security" and so on. */
const char	*sense_key(enum sense s);

/* The sense whose key is the len bytes at s; false if there is none. */
bool		 sense_find(const char *s, size_t len, enum sense *out);

#endif
