/*
 * pubfind.c - finds units in time that does not grow with the tree.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/pubfind.h"

static int
compare(const void *a, const void *b, void *pub)
{
	const struct publication *p = pub;

	return strcmp(p->unit[*(const uint32_t *)a].id,
	    p->unit[*(const uint32_t *)b].id);
}

uint32_t *
pubfind_sort(const struct publication *p)
{
	uint32_t *by_id = mem_zero(p->n, sizeof(*by_id)), i;

	for (i = 0; i < p->n; i++)
		by_id[i] = i;
	if (p->n > 1)
		qsort_r(by_id, p->n, sizeof(*by_id), compare,
		    (void *)(uintptr_t)p);
	return by_id;
}

uint32_t
pubfind(const struct publication *p, const uint32_t *by_id, const char *id)
{
	uint32_t	low = 0, high = p->n, mid;
	int		c;

	while (low < high) {
		mid = low + (high - low) / 2;
		c = strcmp(p->unit[by_id[mid]].id, id);
		if (c == 0)
			return by_id[mid];
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return UNIT_NONE;
}
