/*
 * passlog.h - what a mailing pass did, as far as it may be logged.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_PASSLOG_H
#define SENSED_PROG_PASSLOG_H

#include "io/mailing.h"

/* Logs the result of one pass over a wave. */
void	passlog(const char *wave, const struct mailing_result *r);

#endif
