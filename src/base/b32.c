/*
 * b32.c - base32 of bytes and of small numbers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/b32.h"

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

static bool
digit(char c, unsigned int *value)
{
	if (c >= 'a' && c <= 'z')
		*value = (unsigned int)(c - 'a');
	else if (c >= '2' && c <= '7')
		*value = (unsigned int)(c - '2') + 26;
	else
		return false;
	return true;
}

void
b32_encode(char *out, const unsigned char *in, size_t len)
{
	unsigned int	acc = 0, bits = 0;
	size_t		i;

	for (i = 0; i < len; i++) {
		acc = (acc << 8 | in[i]) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5)
			*out++ = alphabet[acc >> (bits - 5) & 31];
	}
	if (bits > 0)
		*out++ = alphabet[acc << (5 - bits) & 31];
	*out = '\0';
}

bool
b32_decode(unsigned char *out, size_t outlen, const char *in)
{
	unsigned int	acc = 0, bits = 0, value;
	size_t		i;

	for (i = 0; i < B32_LEN(outlen); i++) {
		if (!digit(in[i], &value))
			return false;
		acc = (acc << 5 | value) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			*out++ = (unsigned char)(acc >> bits);
		}
	}
	return (acc & ((1U << bits) - 1)) == 0;
}

void
b32_put(char *out, size_t digits, unsigned int value)
{
	out[digits] = '\0';
	while (digits-- > 0) {
		out[digits] = alphabet[value & 31];
		value >>= 5;
	}
}

bool
b32_get(const char *in, size_t digits, unsigned int *value)
{
	unsigned int	acc = 0, one;
	size_t		i;

	for (i = 0; i < digits; i++) {
		if (!digit(in[i], &one))
			return false;
		acc = acc << 5 | one;
	}
	*value = acc;
	return true;
}
