/*
 * pubfind.h - a publication's units by their ids.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_PUBFIND_H
#define SENSED_CORE_PUBFIND_H

#include <stdint.h>

#include "core/publication.h"

/* Places of p's units in byte order of their ids; the caller frees. */
uint32_t	*pubfind_sort(const struct publication *p);

/* The place of the unit with this id, by what pubfind_sort gave; UNIT_NONE. */
uint32_t	 pubfind(const struct publication *p, const uint32_t *by_id,
		    const char *id);

#endif
