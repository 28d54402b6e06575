/*
 * wave.h - one run of a survey, as it was frozen when it opened.
 *
 * planned -> open -> closed -> published; nothing else, never backwards.  A
 * wave that is planned has no file; a published one has no wave file any more.
 * DESIGN 3.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_WAVE_H
#define SENSED_CORE_WAVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypt.h"
#include "core/comment.h"
#include "core/publication.h"
#include "core/question.h"
#include "core/tree.h"

#define REMINDERS_MAX	2
#define BOX_SHARE	128	/* people a box; measured: see doc/spec/FACTS */
#define MAIL_WINDOW	(3 * 86400)	/* M14: seconds; over a weekend */
#define WAVE_APART_DAYS	28	/* two cuts of nearly the same people */

enum wave_state {
	WAVE_OPEN = 1,
	WAVE_CLOSED = 2
};

struct wave {
	char			 name[WAVE_NAME_MAX + 1];
	char			 survey[SURVEY_NAME_MAX + 1];
	unsigned int		 tag;
	enum wave_state		 state;
	int64_t			 opened, closes;	/* UTC seconds */
	unsigned int		 k;
	enum protect		 protect;
	struct langs		 langs;
	struct question_set	 questions;
	unsigned char		 ballot_pub[CRYPT_KEY];
	unsigned int		 boxes;
	uint32_t		 people;	/* frozen, all units */
	unsigned int		 n_reminders;
	int64_t			 reminder[REMINDERS_MAX];
	unsigned int		 comments;	/* level of the tree; 0: off */
	char			 reader[READER_NAME_MAX + 1];	/* of them */
	struct tree		 tree;		/* empty in a brief reading */
};

/* True for 1 to 40 of [a-z0-9-], first a letter. */
bool		wave_name_valid(const char *s);

/* True if answers are taken at `now`: open, and before the closing second. */
bool		wave_takes_answers(const struct wave *w, int64_t now);

/*
 * The mail that is due at `now`: 0 the invitation, 1 or 2 a reminder, -1
 * nothing.  A reminder is due until the next one is; in the last 24 hours
 * before closing (CONTENT 9) to those alone to whom it was put off (M12).
 */
int		wave_mail_due(const struct wave *w, int64_t now);
bool		wave_last_day(const struct wave *w, int64_t now);

/* When the mail of a slot, 0 to 2 as above, is to go. */
int64_t		wave_mail_time(const struct wave *w, int slot);

/*
 * M14: the mail of `time` goes no more, since that is longer ago than
 * MAIL_WINDOW, and so is the last moment at which the mailer was at work.
 */
bool		wave_mail_late(int64_t time, int64_t awake, int64_t now);

/*
 * Where the people of each unit go, STANDARDS 4 hole 6.  Units come in order;
 * a unit of up to BOX_SHARE lies whole in one box, a larger one is split into
 * equal parts of at least BOX_SHARE / 2, each in a box of its own number.
 */
struct layout {
	unsigned int	box;	/* the box being filled */
	uint32_t	fill;	/* people in it */
};

void		layout_init(struct layout *l);

/* Places the next unit, of n people; the box of its first part. */
unsigned int	layout_unit(struct layout *l, uint32_t n);

/* The part of a unit of n people in which person k sits (k below n); part j
 * lies in the unit's first box plus j. */
uint32_t	layout_part(uint32_t n, uint32_t k);

/* Boxes used so far. */
unsigned int	layout_boxes(const struct layout *l);

void		wave_init(struct wave *w);
void		wave_wipe(struct wave *w);

#endif
