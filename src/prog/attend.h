/*
 * attend.h - tells a person that they are needed.
 *
 * The one place of the daemon for what nobody but a person can put right: the
 * journal at priority err, once, and attention/ (io/attention.h), from where
 * sensectl status takes it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_ATTEND_H
#define SENSED_PROG_ATTEND_H

#include "io/attention.h"
#include "io/mailing.h"

/* What is wrong with a survey or wave; words NULL: nothing, or no longer. */
void	attend(const char *state_dir, enum state_file topic, const char *name,
	    const char *words);

/*
 * What came of a pass over a wave; rc and e are mailing_run's.  A pause stays
 * until a person has come, or the wave is closed; a relay that is away is
 * settled by the first mail that one takes.
 */
void	attend_pass(const char *state_dir, const char *wave,
	    const struct mailing_result *r, enum err_code rc,
	    const struct err *e);

/*
 * Mail of a survey or wave finds no relay since then: told once, after an hour;
 * words are the last reply, or "".
 */
void	attend_away(const char *state_dir, enum state_file topic,
	    const char *name, int64_t since, const char *words);

/* Is there room on the disk? */
void	attend_space(const char *state_dir);

#endif
