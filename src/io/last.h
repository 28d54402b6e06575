/*
 * last.h - who was in the last wave of a survey, in which unit.
 *
 * roster/last-SURVEY, a store: "wave" -> name of the wave, "p/ID" -> unit id.
 * Never whether somebody answered.  Who has left since stays in it, by id and
 * unit alone, until the next wave opens.  It is made at opening as .new beside
 * the old one and takes its place only after the wave is revealed.  States a
 * crash can leave: .new of a wave that was never revealed (last_settle removes
 * it); .new of a revealed wave (last_settle puts it in place); .forget.new of
 * a forgetting (last_settle removes it).
 *
 * The roster's lock is held by the caller throughout.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_LAST_H
#define SENSED_IO_LAST_H

#include "base/err.h"
#include "core/publication.h"
#include "core/tree.h"

struct last;

/*
 * Reads who was in wave `pub` and counts who stayed; and starts the record of
 * the wave that is being opened.  pub is NULL if there is no earlier wave; if
 * roster/last-SURVEY tells of another wave, nobody counts as stayed.
 */
enum err_code	last_begin(const char *state_dir, const char *survey,
		    const struct publication *pub, const char *wave,
		    struct tree *tree, struct last **out, struct err *e)
		    MUST_USE;

/* Notes a person of the new wave; raises `stayed` of the units (SCORING 8). */
enum err_code	last_person(struct last *l, const char *id, uint32_t unit,
		    struct err *e) MUST_USE;

/* Writes .new durably and closes; or drops it. */
enum err_code	last_finish(struct last **l, struct err *e) MUST_USE;
void		last_drop(struct last **l);

/* Puts .new of a revealed or published wave in place, removes any other. */
enum err_code	last_settle(const char *state_dir, const char *survey,
		    struct err *e) MUST_USE;

/*
 * Where a person was in the last wave.  ERR_ABSENT, e not filled: in no wave,
 * or nothing is kept of any.
 */
enum err_code	last_find(const char *state_dir, const char *survey,
		    const char *id, char wave[WAVE_NAME_MAX + 1],
		    char unit[UNIT_ID_MAX + 1], struct err *e) MUST_USE;

/* Takes a person out of the record; who is not in it is no error. */
enum err_code	last_forget(const char *state_dir, const char *survey,
		    const char *id, struct err *e) MUST_USE;

#endif
