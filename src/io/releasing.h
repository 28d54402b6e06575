/*
 * releasing.h - comments that their reader has read go on to leaders.
 *
 * CONTENT 6.  Under the wave's lock; states a crash can leave:
 *   an empty ledgers/WAVE.comments, the publication as it was   run again;
 *                 until then nobody is mailed
 *   the publication with what was released   sensed-digest mails it
 * What is held back is overwritten where it stood, as far as that can be done,
 * and is nowhere afterwards.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_RELEASING_H
#define SENSED_IO_RELEASING_H

#include <stddef.h>

#include "base/err.h"
#include "core/comments.h"

/*
 * The publication of a wave and the comments in it; the caller wipes both.
 * ERR_ABSENT: it is not published, or there are no comments.
 */
enum err_code	releasing_read(const char *state_dir, const char *wave,
		    struct publication *p, struct comments *c, struct err *e)
		    MUST_USE;

/*
 * Releases the comments that a file (redact.h) leaves; *kept and *held count.
 * ERR_ABSENT as above, or no such file.  ERR_USED: they were released before.
 * ERR_INPUT: a line of the file is wrong; nothing was released.
 */
enum err_code	releasing_run(const char *state_dir, const char *wave,
		    const char *file, size_t *kept, size_t *held,
		    struct err *e) MUST_USE;

#endif
