/*
 * opening.h - a wave opens: everything is frozen, written, then revealed.
 *
 * Whoever gets no mail, since the address was refused or bounced in an earlier
 * wave, is not on the frozen list and so not in N(u) (SCORING 2).
 *
 * DESIGN 3 step 1.  Under the wave's lock and the roster's: keys, frozen list,
 * boxes, wave file under a hidden name; all synced and read back; last of all
 * the wave file is renamed to its name in waves/.  States a crash can leave:
 *   before the rename   remains without a wave file: opening_clean destroys
 *                       them at the next start, and the wave never was
 *   after the rename    an open wave; roster/last-SURVEY.new is put in place
 *                       by opening_clean
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_OPENING_H
#define SENSED_IO_OPENING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/wave.h"
#include "io/conf.h"

/* Called now and then; what is "people" or "boxes". */
typedef void opening_progress(void *arg, const char *what, uint32_t done,
		    uint32_t all);

struct opening {
	const struct conf		*conf;
	const struct conf_survey	*survey;
	const char			*wave;	/* NULL: SURVEY-YYYYqN */
	int64_t				 now;
	int64_t				 opens;	/* by the calendar; 0: now */
	int64_t				 closes;	/* 0: open_days on */
	bool				 force;	/* closer than 28 days */
	opening_progress		*progress;	/* may be NULL */
	void				*arg;
};

struct opened {
	char		wave[WAVE_NAME_MAX + 1];
	uint32_t	people, units;
	uint32_t	left_out;	/* of the roster: no mail gets there */
	unsigned int	boxes;
	int64_t		closes;
};

/*
 * Opens a wave.  ERR_INPUT: a bad name or closing time, a template that is
 * missing in one of the languages, no roster, nobody on it.  ERR_REFUSED:
 * another wave of the survey is open or not published yet, the name was used,
 * or the last one is less than 28 days ago (unless force).  ERR_BUSY: another
 * program is at it.  On any error nothing is revealed.  What the calendar opens
 * counts as opened at its moment, and needs min_group people.
 */
enum err_code	opening_run(const struct opening *o, struct opened *out,
		    struct err *e) MUST_USE;

/* SURVEY-YYYYqN: the usual name of a wave that opens then. */
void		opening_name(char name[WAVE_NAME_MAX + 1], const char *survey,
		    int64_t opens);

/* Destroys what openings cut short have left; finishes the revealed ones. */
enum err_code	opening_clean(const struct conf *conf, struct err *e) MUST_USE;

#endif
