/*
 * status.h - one wave, as far as it may be told while it is open or closed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_STATUS_H
#define SENSED_PROG_STATUS_H

#include <stdint.h>

#include "core/wave.h"
#include "io/mailing.h"

/* What may be said of a count of answers; 0: "fewer than k". */
uint64_t status_rounded(uint64_t n, unsigned int k);

/* Prints it; answered is the exact number, which never leaves here. */
void	status_text(const struct wave *w, const struct mailing_totals *t,
	    uint64_t answered);
void	status_json(const struct wave *w, const struct mailing_totals *t,
	    uint64_t answered);

/* What a wave's ledger holds; all zero if there is none. */
enum err_code	status_totals(const char *dir, const struct wave *w,
		    struct mailing_totals *t, struct err *e) MUST_USE;

/* How many people get no mail (io/health.h). */
enum err_code	status_unreachable(const char *dir, size_t *n, struct err *e)
		    MUST_USE;

#endif
