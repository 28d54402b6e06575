/*
 * counting.h - the boxes of a wave as counts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_COUNTING_H
#define SENSED_IO_COUNTING_H

#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "core/comments.h"
#include "core/wave.h"

/* Called after each box, with boxes done and all. */
typedef void	counting_progress(void *arg, unsigned int done,
		    unsigned int all);

/* What is counted. */
struct counted {
	struct counts	*cell;		/* one a unit of the wave's tree */
	struct comments	*comments;	/* gets every response's; or NULL */
};

/*
 * Takes and lets go each box's lock once, so that no commit is under way any
 * more, opens its ballots and adds them to *to.  A ballot that is no response
 * adds no comment either.  ERR_CORRUPT: a box is missing or damaged, a ballot
 * does not open or is none of ours, or used links and ballots differ.
 */
enum err_code	counting_boxes(const char *state_dir, const struct wave *wave,
		    const unsigned char ballot_key[CRYPT_KEY],
		    const struct counted *to, counting_progress *progress,
		    void *arg, struct err *e) MUST_USE;

/* The used links of all boxes; opens no ballot.  ERR_CORRUPT as above. */
enum err_code	counting_used(const char *state_dir, const struct wave *wave,
		    uint64_t *used, struct err *e) MUST_USE;

#endif
