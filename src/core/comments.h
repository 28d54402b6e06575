/*
 * comments.h - what people wrote in one wave, and which of it may be shown.
 *
 * CONTENT 6 and SCORING 9.3.  Comments of published units of one level of the
 * tree, which never overlap, in an order that tells nothing; all others are
 * wiped.  A comment has no team, time, language or answer beside it.  Nothing
 * here can change a figure.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_COMMENTS_H
#define SENSED_CORE_COMMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "core/comment.h"
#include "core/publication.h"

#define COMMENTS_RESPONSES	20	/* of a unit that shows comments */
#define COMMENTS_LEAST		5	/* comments, at publication */

struct comment {
	uint32_t	 unit;	/* at first the writer's, then the one whose
				 * leader is shown it */
	char		*text;	/* clean */
};

struct comments {
	unsigned int	 level;		/* 1: the root; 0: none are asked */
	char		 reader[READER_NAME_MAX + 1];
	bool		 released;	/* the reader has read them */
	struct comment	*of;		/* together by unit, once chosen */
	size_t		 n, cap;
};

/* Adds a copy; an empty text is none. */
void	comments_add(struct comments *c, uint32_t unit, const char *text);

/*
 * Leaves the comments that may be shown, under the unit at c->level in whose
 * figures the writer is counted: published, with COMMENTS_RESPONSES responses
 * in them and COMMENTS_LEAST comments.  p is fresh from publication_make.
 * Units stand in pre-order; within each, the order is drawn from seed, which
 * must be fresh randomness.
 */
void	comments_choose(struct comments *c, const struct publication *p,
	    const unsigned char seed[CRYPT_KEY]);

/*
 * True if what was read back is as comments_choose leaves it, or a part of
 * that if it is released.
 */
bool	comments_sound(const struct comments *c, const struct publication *p);

/* Wipes and drops those whose unit is UNIT_NONE; the order stays. */
void	comments_sweep(struct comments *c);

void	comments_wipe(struct comments *c);

#endif
