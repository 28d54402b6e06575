/*
 * redact.h - the reader's file: which comments are released, and how.
 *
 * CONTENT 6: a named person outside the line reads comments first.  The file
 * has a line a comment, NUMBER, ". " and its text, as redact_write wrote it;
 * the reader takes lines out, or puts "[...]" in place of words.  Nothing can
 * be put in: whoever releases a file cannot make anybody say anything.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_REDACT_H
#define SENSED_CORE_REDACT_H

#include "base/buf.h"
#include "base/err.h"
#include "core/comments.h"

/* Bytes that redact_write may need. */
size_t		 redact_max(const struct publication *p,
		    const struct comments *c);

/* Appends the file; lines that begin with # are for people. */
void		 redact_write(struct buf *b, const struct publication *p,
		    const struct comments *c);

/*
 * Leaves the comments that the file names, as they stand there, and wipes the
 * others.  ERR_INPUT, with "NAME:LINE: ..." that repeats no comment: a line
 * that is neither empty, a # line nor one of these comments, or is so twice;
 * c is then as it was.
 */
enum err_code	 redact_read(struct comments *c, const char *text, size_t len,
		    const char *name, struct err *e) MUST_USE;

#endif
