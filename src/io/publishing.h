/*
 * publishing.h - the one moment a wave becomes figures.
 *
 * DESIGN 3 step 5, under the wave's lock.  States a crash can leave:
 *   before published/WAVE.gdbm is there   a closed wave; run again
 *   after it                              a published wave with remains; the
 *                                         next run syncs the name, then only
 *                                         destroys, without keys
 * An empty digest ledger is made just before: it says that digests are owed;
 * so too, where there are comments to be read, the ledger of their reader.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_PUBLISHING_H
#define SENSED_IO_PUBLISHING_H

#include <stdint.h>

#include "base/err.h"
#include "io/counting.h"

/*
 * Publishes a closed wave, or finishes the destruction of a published one.
 * ERR_ABSENT: no such wave.  ERR_USED: published, and nothing was left to do.
 * ERR_REFUSED: still open, or its closing time has not come.  ERR_CORRUPT: a
 * box, key or ballot is damaged; nothing is published and nothing destroyed.
 */
enum err_code	publishing_run(const char *state_dir, const char *wave,
		    int64_t now, counting_progress *progress, void *arg,
		    struct err *e) MUST_USE;

/*
 * Can this wave ever be published?  ERR_CORRUPT says what is damaged or
 * missing: a key, the frozen list, a box.  ERR_ABSENT: no such wave.
 */
enum err_code	publishing_possible(const char *state_dir, const char *wave,
		    struct err *e) MUST_USE;

/* The used links of a wave, all boxes (SCORING 9.4: round before telling). */
enum err_code	publishing_used(const char *state_dir, const char *wave,
		    uint64_t *used, struct err *e) MUST_USE;

#endif
