/*
 * bytes.h - whole numbers as bytes, most significant first.
 *
 * The order in which every record that we write ourselves holds its numbers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_BASE_BYTES_H
#define SENSED_BASE_BYTES_H

#include <stdint.h>

/* Writes v to the four bytes at p. */
void		bytes_put32(unsigned char *p, uint32_t v);

/* What bytes_put32 wrote to the four bytes at p. */
uint32_t	bytes_get32(const unsigned char *p);

#endif
