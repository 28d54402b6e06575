/*
 * health.h - folds the health log into the roster, and tells what is known.
 *
 * STANDARDS 7.2.  A bounce that came while its wave's reminders went out tells
 * that the person had not answered by then, so nothing of it is told or folded
 * before the wave is published: mailing alone looks at it, and pauses by it.
 * The wave's records stay in the log so long, for a storm to be seen; folding
 * them in twice changes nothing.
 *
 * The roster is replaced first and the log after it; a death between the two
 * does the same again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_HEALTH_H
#define SENSED_IO_HEALTH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "io/roster_health.h"

/*
 * Folds; complaints become opt-outs.  The caller holds the roster's lock
 * exclusively.  Without a roster, or with nothing to fold, nothing happens.
 */
enum err_code	health_fold(const char *state_dir, struct err *e) MUST_USE;

/*
 * The same in the hands of an import, which makes the roster anew anyway:
 * health_begin reads; health_put writes the health of one person, by survey
 * and id, if there is any (the caller has seen that the address is the same),
 * and health_put_others that of all other surveys, and the opt-outs; when the
 * new roster is revealed, health_end takes from the log what is in it now.
 */
struct health_fold;
enum err_code	health_begin(const char *state_dir, struct health_fold **out,
		    struct err *e) MUST_USE;
enum err_code	health_put(const struct health_fold *f, const char *survey,
		    const char *id, struct store *to, struct err *e) MUST_USE;
enum err_code	health_put_others(const struct health_fold *f,
		    const char *survey, struct store *to, struct err *e)
		    MUST_USE;
enum err_code	health_end(const struct health_fold *f, struct err *e)
		    MUST_USE;
void		health_free(struct health_fold **f);

/* Those whose address is not well, in order of survey and id. */
struct infirmary {
	struct ailing	*of;
	size_t		 n;
};

/*
 * What may be told at this moment; writes nothing.  No roster: nobody.  The
 * caller wipes.
 */
enum err_code	health_read(const char *state_dir, struct infirmary *h,
		    struct err *e) MUST_USE;
void		health_wipe(struct infirmary *h);

/* One of them who gets no mail, or NULL. */
const struct ailing *health_find(const struct infirmary *h,
		    const char *survey, const char *id);

/* How many get no mail. */
size_t		health_stopped(const struct infirmary *h);

#endif
