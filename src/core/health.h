/*
 * health.h - whether mail reaches an address, and when a wave must pause.
 *
 * STANDARDS 7.2 B3 to B5.  The health log (io/healthlog.c) is a row of
 * records; a person's health, kept in the roster, is what they add up to.
 * None holds a time: the wave is all that is known of when.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_HEALTH_H
#define SENSED_CORE_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/bounce.h"
#include "core/publication.h"
#include "core/standing.h"

/*
 * One record of roster/health.log, 64 bytes:
 *    0  version, 1
 *    1  event, an enum bounce_class but BOUNCE_NONE
 *    2  early: 1 if no reminder was due yet when it came, so that it tells
 *       nothing about who had answered; else 0
 *    3  lifted: 1 if the administrator took its mark back; else 0
 *    4  who (10), of bounce_who
 *   14  wave (40), zeros behind it
 *   54  zero (2)
 *   56  check (8): of the 56 bytes before, BLAKE2b cut off; tells a record
 *       that was written whole from one that a crash has torn
 */
#define HEALTH_RECORD	64
struct health_record {
	enum bounce_class	event;
	bool			early, lifted;
	unsigned char		who[BOUNCE_WHO];
	char			wave[WAVE_NAME_MAX + 1];
};

void	health_encode(unsigned char out[HEALTH_RECORD],
	    const struct health_record *r);
/* False: torn, or none of ours; *newer is the version of a later program's
 * record that is whole, else 0. */
bool	health_decode(struct health_record *r, unsigned int *newer,
	    const unsigned char in[HEALTH_RECORD]);

enum health_state {
	HEALTH_GOOD,		/* mailed; so is: */
	HEALTH_MARKED,		/* soft marks, fewer than HEALTH_MARKS */
	HEALTH_SUSPENDED,	/* so many in a row: not mailed; nor is: */
	HEALTH_HARD,
	HEALTH__MAX
};

#define HEALTH_MARKS	3	/* B3: three waves in a row */
struct health {
	enum health_state	state;
	char			since[WAVE_NAME_MAX + 1]; /* of the last two */
	/* waves with a soft mark, no two the same */
	char			mark[HEALTH_MARKS][WAVE_NAME_MAX + 1];
	unsigned int		marks;
};

/* True if no mail goes to the address. */
bool	health_stops(const struct health *h);
/* Takes a bounce or a refusal in; twice the same is once. */
void	health_take(struct health *h, enum bounce_class event,
	    const char *wave);

/*
 * Settles soft marks: newest first, wave[0] to wave[n - 1] are the survey's
 * last waves; live: the first is not published yet, so that no mark in it
 * means nothing.  A wave without a mark clears those before it (B5).
 */
void	health_settle(struct health *h, const char (*wave)[WAVE_NAME_MAX + 1],
	    size_t n, bool live);

/* The bounces of one wave, in the order in which they came. */
struct health_tally {
	uint64_t	seen, unknown, hard;
	unsigned int	row;		/* policy, since any other */
	unsigned int	policy;		/* among the last STORM_LAST */
	bool		last[STORM_LAST];	/* place: seen modulo that */
};

/* Why a wave must pause. */
enum health_storm {
	HEALTH_CALM,
	HEALTH_POLICY,		/* R3: in a row, or among the last */
	HEALTH_MANY_HARD,	/* 20 and 20 % of the people: lost lists? */
	HEALTH_UNKNOWN		/* B3: 20, or 5 % of the people */
};

/* t starts as zero. */
void	health_count(struct health_tally *t, enum bounce_class event);
enum health_storm health_storm(const struct health_tally *t, uint64_t people);

#endif
