/*
 * metrics.c - the waves as numbers for a monitor, in Prometheus' text format.
 *
 * A monitor keeps every value with its time, so what SCORING 9.4 says of
 * counts of answers holds here first of all: they are rounded down to a
 * multiple of k, like those of status.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "io/attention.h"
#include "prog/metrics.h"
#include "prog/status.h"

#define LINES_MAX	(1 << 20)

static const struct {
	const char	*name, *help;
} metrics[METRIC__MAX] = {
	[METRIC_OPEN] = { "sensed_wave_open", "1 while answers are taken" },
	[METRIC_DAMAGED] = { "sensed_wave_damaged",
	    "1: the wave cannot be read" },
	[METRIC_CLOSES] = { "sensed_wave_closes_timestamp_seconds",
	    "when the wave closes or closed" },
	[METRIC_INVITED] = { "sensed_wave_invited", "people in the wave" },
	[METRIC_MAILED] = { "sensed_wave_mailed", "invitations sent" },
	[METRIC_REFUSED] = { "sensed_wave_refused", "invitations refused" },
	[METRIC_UNCERTAIN] = { "sensed_wave_uncertain",
	    "invitations of which nobody knows" },
	[METRIC_PAUSED] = { "sensed_wave_paused", "1 while mailing is paused" },
	[METRIC_REMINDERS] = { "sensed_wave_reminders_at_least",
	    "reminders sent, rounded down" },
	[METRIC_ANSWERED] = { "sensed_wave_answered_at_least",
	    "answers, rounded down" },
};

void
metrics_init(struct metrics *m)
{
	int i;

	for (i = 0; i < METRIC__MAX; i++)
		buf_init(&m->line[i], LINES_MAX);
	m->published = m->unreachable = m->attention = 0;
}

void
metrics_wipe(struct metrics *m)
{
	int i;

	for (i = 0; i < METRIC__MAX; i++)
		buf_wipe(&m->line[i]);
}

/* Names of waves and surveys need no quoting: letters, digits, hyphens. */
static void
add(struct metrics *m, enum metric which, const char *wave, uint64_t value)
{
	buf_addf(&m->line[which], "%s{wave=\"%s\"} %" PRIu64 "\n",
	    metrics[which].name, wave, value);
}

void
metrics_wave(struct metrics *m, const struct wave *w,
    const struct mailing_totals *t, uint64_t answered)
{
	add(m, METRIC_OPEN, w->name, w->state == WAVE_OPEN);
	add(m, METRIC_DAMAGED, w->name, 0);
	add(m, METRIC_CLOSES, w->name, (uint64_t)w->closes);
	add(m, METRIC_INVITED, w->name, w->people);
	add(m, METRIC_MAILED, w->name, t->invited);
	add(m, METRIC_REFUSED, w->name, t->refused);
	add(m, METRIC_UNCERTAIN, w->name, t->uncertain);
	add(m, METRIC_PAUSED, w->name, t->paused);
	add(m, METRIC_REMINDERS, w->name, status_rounded(t->reminded, w->k));
	add(m, METRIC_ANSWERED, w->name, status_rounded(answered, w->k));
}

void
metrics_damaged(struct metrics *m, const char *wave)
{
	add(m, METRIC_DAMAGED, wave, 1);
}

static void
count(void *arg, const char *name, const char *words)
{
	(void)name, (void)words;
	++*(size_t *)arg;
}

enum err_code
metrics_attention(struct metrics *m, const char *state_dir, struct err *e)
{
	return attention_each(state_dir, count, &m->attention, e);
}

/* A number that is not about one wave. */
static void
print_alone(const char *name, const char *help, size_t value)
{
	printf("# HELP %s %s\n# TYPE %s gauge\n%s %zu\n", name, help, name,
	    name, value);
}

void
metrics_print(const struct metrics *m)
{
	int i;

	for (i = 0; i < METRIC__MAX; i++)
		printf("# HELP %s %s\n# TYPE %s gauge\n%s", metrics[i].name,
		    metrics[i].help, metrics[i].name, buf_str(&m->line[i]));
	print_alone("sensed_waves_published", "waves with figures",
	    m->published);
	print_alone("sensed_people_unreachable", "people whom no mail reaches",
	    m->unreachable);
	print_alone("sensed_attention", "matters that need a person",
	    m->attention);
}
