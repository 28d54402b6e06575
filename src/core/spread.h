/*
 * spread.h - an order in which neighbours are far apart.
 *
 * A frozen list has people of one unit side by side.  Who mails them in this
 * order meets a unit whose addresses are all dead here and there, and not as a
 * storm (STANDARDS R3).  It follows from the length of the list alone, so that
 * nothing of it is stored.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_SPREAD_H
#define SENSED_CORE_SPREAD_H

#include <stddef.h>

/* From one place of n to the next; coprime to n, so that none is left out. */
size_t	spread_stride(size_t n);

/* The place that comes as number i, of 0 .. n - 1; n is at most 2^32. */
size_t	spread_place(size_t i, size_t n, size_t stride);

#endif
