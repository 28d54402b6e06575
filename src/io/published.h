/*
 * published.h - published/WAVE.gdbm: what one wave told, and no more.
 *
 * Its existence is the state `published`.  A store, mode 0600:
 *   publication    wave survey k protect opened closed units
 *   sense/KEY      scale wording
 *   unit/NNNNNN    id name parent end status shown_instead steady; if
 *                  published: invited responses rate low_rate partial detail
 *   figure/NNNNNN/KEY  published units only: every member of struct figure,
 *                  in its order
 *   comments       level reader released number: only where some are kept
 *   comment/NNNNNN/MMMMMM  the number of a unit at that level, a place in
 *                  their random order, from 0: the bytes of one comment
 * SCORING 9.  No reason, no count and no atom of a hidden unit.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_PUBLISHED_H
#define SENSED_IO_PUBLISHED_H

#include "base/err.h"
#include "core/comments.h"
#include "core/publication.h"

/* Writes it, checks it, reveals it by a rename.  c may be NULL. */
enum err_code	published_write(const char *path, const struct publication *p,
		    const struct comments *c, struct err *e) MUST_USE;

/*
 * Reads the comments beside p, which published_read gave; the caller wipes.
 * There may be none.  ERR_CORRUPT also for what comments_sound refuses.
 */
enum err_code	published_comments(const char *path,
		    const struct publication *p, struct comments *c,
		    struct err *e) MUST_USE;

/*
 * Reads it; the caller wipes.  ERR_ABSENT; ERR_CORRUPT, also for units that are
 * no tree and figures that publication_safe refuses; ERR_SYS.
 */
enum err_code	published_read(const char *path, struct publication *p,
		    struct err *e) MUST_USE;

/* The same without its units: n is 0, and there is nothing to wipe. */
enum err_code	published_head(const char *path, struct publication *p,
		    struct err *e) MUST_USE;

#endif
