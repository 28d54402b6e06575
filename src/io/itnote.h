/*
 * itnote.h - what the IT desk must know so that mails and links arrive.
 *
 * STANDARDS C6.  The words are the template it_note.text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_ITNOTE_H
#define SENSED_IO_ITNOTE_H

#include "base/buf.h"
#include "base/err.h"
#include "io/conf.h"

#define ITNOTE_MAX	(64U << 10)

/*
 * Appends the note in a language, an index into conf's.  ERR_INPUT: a template
 * is missing or wrong; ERR_SYS.
 */
enum err_code	itnote_render(const struct conf *c, size_t lang,
		    struct buf *out, struct err *e) MUST_USE;

#endif
