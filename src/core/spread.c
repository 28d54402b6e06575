/*
 * spread.c - an order in which neighbours are far apart.
 *
 * A stride near n times the golden ratio: of all strides it leaves the most
 * even gaps, however many places have been visited.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdint.h>

#include "core/spread.h"

#define GOLDEN	2654435769u	/* 2^32 by the golden ratio */

static size_t
common(size_t a, size_t b)
{
	size_t rest;

	while (b != 0) {
		rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* The nearest on either side: far from it neighbours come in clumps again. */
size_t
spread_stride(size_t n)
{
	size_t near = (size_t)((uint64_t)n * GOLDEN >> 32), d;

	for (d = 0; d < near; d++) {
		if (near + d < n && common(near + d, n) == 1)
			return near + d;
		if (common(near - d, n) == 1)
			return near - d;
	}
	return 1;
}

size_t
spread_place(size_t i, size_t n, size_t stride)
{
	return (size_t)((uint64_t)i * stride % n);
}
