/*
 * commentmail.h - the values behind the mails that carry comments.
 *
 * CONTENT 6.  Templates "review" (to their reader, before anybody else) and
 * "comments" (to the leaders of a unit, once released), each with ".subject",
 * ".text" and ".html".  There is no figure in them.  What does not fit into
 * one mail goes on in the next.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_COMMENTMAIL_H
#define SENSED_CORE_COMMENTMAIL_H

#include "core/civil.h"
#include "core/comments.h"
#include "core/mustache.h"
#include "core/site.h"

#define COMMENTMAIL_BYTES	40000	/* of comments in one HTML part */

struct comment_mail {
	const struct site	*site;
	const struct publication *pub;
	const struct comments	*comments;
	size_t			 from, n;	/* those of this mail */
	unsigned int		 part, parts;	/* 1 of 1 */
	const char		*reader_name;	/* whose mail it is; "" */
	struct civil		 opened;	/* names the wave: its month */
};

/* How many comments from `from` on, below `end`, one mail takes: 1 or more. */
size_t		 comment_mail_fits(const struct comments *c, size_t from,
		    size_t end);

/* The view in one language, an index into site->langs; the caller frees it. */
struct view	*comment_mail_view(const struct comment_mail *m, size_t lang);

#endif
