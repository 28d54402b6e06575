/*
 * metrics.h - the waves as numbers for a monitor, in Prometheus' text format.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_METRICS_H
#define SENSED_PROG_METRICS_H

#include "base/buf.h"
#include "core/wave.h"
#include "io/mailing.h"

enum metric {
	METRIC_OPEN,
	METRIC_DAMAGED,
	METRIC_CLOSES,
	METRIC_INVITED,
	METRIC_MAILED,
	METRIC_REFUSED,
	METRIC_UNCERTAIN,
	METRIC_PAUSED,
	METRIC_REMINDERS,
	METRIC_ANSWERED,
	METRIC__MAX
};

/* All lines of a metric stand together, so they are kept until the end. */
struct metrics {
	struct buf	line[METRIC__MAX];
	size_t		published, unreachable, attention;
};

void	metrics_init(struct metrics *m);
void	metrics_wipe(struct metrics *m);

/* One wave: what status_text may tell of it, rounded alike. */
void	metrics_wave(struct metrics *m, const struct wave *w,
	    const struct mailing_totals *t, uint64_t answered);
void	metrics_damaged(struct metrics *m, const char *wave);

/* What needs a person: how many lines, never the words. */
enum err_code	metrics_attention(struct metrics *m, const char *state_dir,
		    struct err *e) MUST_USE;

void	metrics_print(const struct metrics *m);

#endif
