/*
 * ctl_relay.h - may the units reach the relay that is configured?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_CTL_RELAY_H
#define SENSED_PROG_CTL_RELAY_H

#include "io/conf.h"

/* For sensectl check: prints a line for a relay elsewhere; see ctl_relay.c. */
void	ctl_relay(const struct conf *c, unsigned int *warnings);

#endif
