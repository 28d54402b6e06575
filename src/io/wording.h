/*
 * wording.h - are all words there, in every language?
 *
 * CONTENT 12: a language is there whole or not at all.  Question and prompt
 * files are checked when they are read (conf.h); here are the templates.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_WORDING_H
#define SENSED_IO_WORDING_H

#include <stddef.h>

#include "base/err.h"
#include "io/conf.h"

/*
 * Every template of pages, letters and digests, with every partial, in every
 * configured language.  ERR_INPUT names the file, and the line, of the first
 * that is missing or wrong; ERR_SYS.
 */
enum err_code	wording_check(const struct conf *c, struct err *e) MUST_USE;

/*
 * Calls found for each folder or file of words in language lang (an index)
 * that says of itself that it NEEDS REVIEW; n is how often.  As wording_check.
 */
typedef void	wording_found(void *arg, const char *path, size_t n);
enum err_code	wording_unreviewed(const struct conf *c, size_t lang,
		    wording_found *found, void *arg, struct err *e) MUST_USE;

#endif
