/*
 * boxfile.h - a box on disk: read freely, changed by whole replacement.
 *
 * States a crash can leave: the old box; the old box and 0000.gdbm.new (the
 * next commit overwrites it, publication destroys it); the new box.  An
 * acknowledged answer is in the new box, whose rename and directory sync came
 * before the acknowledgement.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_BOXFILE_H
#define SENSED_IO_BOXFILE_H

#include "base/err.h"
#include "core/box.h"

/*
 * Reads a box, which the caller wipes.  Needs no lock: a box is replaced by
 * rename.  ERR_ABSENT, ERR_CORRUPT, ERR_SYS.
 */
enum err_code	boxfile_read(const char *path, struct box *b, struct err *e)
		    MUST_USE;

/*
 * Writes all records in hash order into a new file, durably, checks its
 * count, and renames it over path.  The box's lock is held by the caller.
 * When this returns ERR_OK the box is on the disk; on an error before the
 * rename the old box stands; after it, the new one may.
 */
enum err_code	boxfile_commit(const char *path, const struct box *b,
		    struct err *e) MUST_USE;

/*
 * True to the rule of hash order?  Reads the box, writes its records anew in
 * memory and compares byte for byte: nothing of when they came, of earlier
 * records, or of anything else is in the file.  The caller holds the box's
 * lock.  ERR_CORRUPT: it is not so, or a record is none of ours, or used links
 * and ballots differ.
 */
enum err_code	boxfile_check(const char *path, struct err *e) MUST_USE;

#endif
