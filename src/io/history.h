/*
 * history.h - which waves have been published.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_HISTORY_H
#define SENSED_IO_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/publication.h"

/*
 * The latest published wave of a survey that opened before `before`; the
 * caller wipes *p if *found.
 */
enum err_code	history_latest(const char *state_dir, const char *survey,
		    int64_t before, struct publication *p, bool *found,
		    struct err *e) MUST_USE;

/*
 * Visits the published waves of a survey that opened before `before`, the
 * latest first, at most max; whole ones, one in memory at a time.  A visitor
 * may keep *p by taking its contents and clearing it; an error ends the walk.
 */
typedef enum err_code history_visit(void *arg, struct publication *p,
		    struct err *e);
enum err_code	history_back(const char *state_dir, const char *survey,
		    int64_t before, size_t max, history_visit *visit,
		    void *arg, struct err *e) MUST_USE;

/* The names of all published waves, in byte order; free each and the array. */
enum err_code	history_list(const char *state_dir, char ***names, size_t *n,
		    struct err *e) MUST_USE;

/*
 * True if mails of a published wave are still owed: digests, or comments to
 * their reader or to leaders.
 */
bool		history_owes(const char *state_dir, const char *wave);

/*
 * Destroys the figures of waves that closed `years` years or more before now
 * and of which nothing is left to be done; tells each by its name.
 */
typedef void history_expired(const char *wave);
enum err_code	history_expire(const char *state_dir, unsigned int years,
		    int64_t now, history_expired *tell, struct err *e)
		    MUST_USE;

#endif
