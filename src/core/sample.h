/*
 * sample.h - a made-up organisation with made-up figures, for previews.
 *
 * Fixed: the same for everybody but for its size, which grows with the
 * smallest group so that the same units are shown under every k, and for the
 * number of questions.  The figures are worked out by publication.h, like
 * those of a real wave.  Nobody's answers are in here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_SAMPLE_H
#define SENSED_CORE_SAMPLE_H

#include "base/err.h"
#include "core/comments.h"
#include "core/publication.h"
#include "core/question.h"

#define SAMPLE_PERSON	"Alex Morgan"
#define SAMPLE_ADDRESS	"alex.morgan@example.org"

enum sample_unit {
	SAMPLE_ROOT,		/* the organisation */
	SAMPLE_INNER,		/* has units below it, one of them hidden */
	SAMPLE_TEAM,		/* shown, with a change since the last wave */
	SAMPLE_HIDDEN,		/* counted in SAMPLE_INNER */
	SAMPLE__MAX
};

struct sample_input {
	const char		*organisation;	/* the root's name */
	const char		*survey;
	const struct question_set *questions;
	unsigned int		 k;
	enum protect		 protect;
	int64_t			 opened;	/* of this wave; each was 91
						 * days after the one before */
	int			 open_days;
};

#define SAMPLE_BEFORE	4

struct sample {
	struct publication	now, before[SAMPLE_BEFORE];	/* last first */
	struct publication	none;	/* of a wave with too few answers */
	uint32_t		unit[SAMPLE__MAX];	/* in each of them */
	struct comments		comments;	/* of SAMPLE_INNER, now */
};

/* The caller wipes *s, also after an error.  Errors as publication_make. */
enum err_code	sample_make(struct sample *s, const struct sample_input *in,
		    struct err *e) MUST_USE;
void		sample_wipe(struct sample *s);

/* A link or change code that can never be anybody's, and one to opt out. */
extern const char sample_link[], sample_optout[];

#endif
