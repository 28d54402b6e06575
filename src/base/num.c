/*
 * num.c - whole numbers from text, strictly.
 *
 * The only parser of numbers in the project: the library's own accept signs,
 * spaces and trailing words, and overflow in silence.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/num.h"

/* 19 digits always fit in 64 bits; 20 may not. */
#define DIGITS_MAX	19

bool
num_parse(const char *s, size_t len, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t	value = 0;
	size_t		i;

	if (len == 0 || len > DIGITS_MAX)
		return false;
	for (i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(s[i] - '0');
	}
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}
