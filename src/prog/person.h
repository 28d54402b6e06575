/*
 * person.h - what is stored about one person, in words for that person.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_PERSON_H
#define SENSED_PROG_PERSON_H

#include "io/holdings.h"

/* Prints one thing that is stored, and for how long. */
void	person_show(const struct held *h);

/* Prints what is not told, and why. */
void	person_show_rest(void);

#endif
