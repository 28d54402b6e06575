/*
 * seen.c - what earlier passes have seen of each wave's ledger.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "io/seen.h"

bool
seen_note(struct seen *table, const struct wave_ref *wave, int64_t newest)
{
	struct seen	*place = table;
	size_t		 i;

	if (table == NULL)
		return true;
	for (i = 0; i < SEEN_MAX; i++) {
		if (table[i].newest != 0 && table[i].wave.tag == wave->tag &&
		    strcmp(table[i].wave.name, wave->name) == 0)
			break;
		if (table[i].newest < place->newest)
			place = &table[i];
	}
	if (i < SEEN_MAX)
		place = &table[i];
	else
		place->newest = 0;
	if (newest < place->newest)
		return false;
	place->wave = *wave;
	place->newest = newest;
	return true;
}
