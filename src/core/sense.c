/*
 * sense.c - keys of the six senses.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/sense.h"

static const char *const keys[SENSE__MAX] = {
	[SENSE_SECURITY] = "security",
	[SENSE_CONTINUITY] = "continuity",
	[SENSE_BELONGING] = "belonging",
	[SENSE_PURPOSE] = "purpose",
	[SENSE_FULFILMENT] = "fulfilment",
	[SENSE_SIGNIFICANCE] = "significance",
};

const char *
sense_key(enum sense s)
{
	return keys[s];
}

bool
sense_find(const char *s, size_t len, enum sense *out)
{
	int i;

	for (i = 0; i < SENSE__MAX; i++)
		if (strlen(keys[i]) == len && memcmp(keys[i], s, len) == 0) {
			*out = (enum sense)i;
			return true;
		}
	return false;
}
