/*
 * b32.h - secrets as letters that survive mail, paper and reading aloud.
 *
 * RFC 4648 section 6, lower case, without padding: a to z and 2 to 7.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_BASE_B32_H
#define SENSED_BASE_B32_H

#include <stdbool.h>
#include <stddef.h>

/* Characters that n bytes become. */
#define B32_LEN(n)	(((n) * 8 + 4) / 5)

/* Writes B32_LEN(len) characters and a NUL. */
void	b32_encode(char *out, const unsigned char *in, size_t len);

/*
 * Reads exactly B32_LEN(outlen) characters.  False, with out undefined, for
 * any other character or when the spare bits of the last one are not zero:
 * one value has one spelling.
 */
bool	b32_decode(unsigned char *out, size_t outlen, const char *in);

/* A number below 32^digits as that many characters and a NUL, and back. */
void	b32_put(char *out, size_t digits, unsigned int value);
bool	b32_get(const char *in, size_t digits, unsigned int *value);

#endif
