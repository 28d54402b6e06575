/*
 * previews.h - a folder of previews, to be looked at in a browser.
 *
 * Files are named sample-KIND[-SURVEY]-LANG.html, .txt and .eml; the survey
 * stands there if several are configured, LANG may be `both'.  index.html
 * leads to all of them.
 *
 * Nothing that somebody else made is overwritten: the file .sensed-preview in
 * the folder lists what previews have made there, and is written before any of
 * it.  A folder without it must be empty, or new.  A file that is not listed
 * and has the name of a preview is refused, and then nothing is written.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_PREVIEWS_H
#define SENSED_IO_PREVIEWS_H

#include <stddef.h>

#include "base/err.h"
#include "io/conf.h"

/*
 * Writes what `kind` means (preview_means) in one language (NULL: each of
 * them, and "both" where there are several); *n is the number of previews.
 * ERR_INPUT: no such kind or language, a template is wrong (file and line), or
 * the folder holds what previews have not made; ERR_ABSENT, ERR_SYS.
 */
enum err_code	previews_write(const struct conf *c, const char *kind,
		    const char *lang, const char *dir, int64_t now, size_t *n,
		    struct err *e) MUST_USE;

#endif
