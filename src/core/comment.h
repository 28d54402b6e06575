/*
 * comment.h - one comment, as it may be kept.
 *
 * CONTENT 6.  A comment is one line of text: what a person typed, without
 * what could act on the text around it, and without the line ends and double
 * spaces by which some hands are known.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_COMMENT_H
#define SENSED_CORE_COMMENT_H

#include <stdbool.h>

#define COMMENT_CHARS	500	/* characters, as the form says */
#define COMMENT_BYTES	1000	/* and bytes: the room in a sealed ballot */
#define LEVELS_MAX	9	/* of a tree, whose units may be shown them */
#define READER_NAME_MAX	200	/* bytes: who reads comments first */

/*
 * Makes one line of s, in place: control characters, line ends and marks that
 * turn the direction of text become spaces, several spaces one, and there is
 * none at either end.  It never grows.  False: not UTF-8; s is left alone.
 */
bool	comment_clean(char *s) __attribute__((warn_unused_result));

/* True if a clean comment is within both limits. */
bool	comment_fits(const char *s);

#endif
