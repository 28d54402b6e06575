/*
 * digests_parts.h - the digests of one publication, between their files.
 *
 * Nobody but digests*.c includes this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_DIGESTS_PARTS_H
#define SENSED_IO_DIGESTS_PARTS_H

#include <pthread.h>
#include <stdbool.h>

#include "core/comments.h"
#include "core/digest.h"
#include "io/addressee.h"
#include "io/compose.h"
#include "io/digests.h"

/* What one thread has in hand; its mail points into it. */
struct desk {
	struct compose		compose;
	struct leader		leader;
	struct addressee	to;
};

/* One survey's wave; digests_side.c. */
struct side {
	const struct conf_survey *survey;	/* NULL: no longer there */
	const struct site	*site;		/* of the survey */
	struct publication	 pub, last;
	bool			 has_pub, has_last;
	uint32_t		*by_id;		/* pub's units */
	uint32_t		*was;		/* their places in last */
	struct trend		 trend;		/* of pub, once it is read */
};

struct digests {
	enum digests_kind	 kind;
	struct comments		 comments;	/* none, but of their kinds */
	const struct conf	*conf;
	struct side		 own, other;	/* other: if has_pub */
	enum digests_part	 part;
	unsigned char		 key[CRYPT_KEY];	/* organisation's */
	unsigned char		 leader_key[CRYPT_KEY];	/* of `who` */
	unsigned char		 staff_key[CRYPT_KEY];
	struct templates	*templates;
	pthread_mutex_t		 mutex;		/* of the roster */
	struct roster		*roster;
	struct recipient	*to;
	size_t			 n, cap;
	struct addressees	*staff;
	struct desk		*desk;		/* one a thread */
	unsigned int		 threads;
};

/* Who reads a digest. */
struct reader {
	const char	*name, *address, *lang;
	const char	*optout;	/* URL: a staff copy; NULL: a leader */
	const char	*id;		/* of a person; "": a leader */
};

/* Reads a published wave and those before it; wiped in any case. */
enum err_code	side_open(struct side *s, const struct conf *conf,
		    const char *wave, struct err *e) MUST_USE;
void		side_wipe(struct side *s);

/* What a reader of one of its units is shown; it borrows from s and r. */
struct digest	side_digest(const struct side *s, uint32_t unit,
		    const struct reader *r, int64_t begun);

/* digests.c: the leader behind a post; ERR_ABSENT if there is none now. */
enum err_code	digests_find_leader(struct digests *d, const struct side *s,
		    const struct post *at, struct leader *out, struct err *e)
		    MUST_USE;

/* digests_people.c: one more in d->to, no post; the keyed hash of `who`. */
struct recipient *digests_add(struct digests *d);
uint64_t	digests_who(const unsigned char key[CRYPT_KEY],
		    const char *what);

/* digests_comments.c: adds who gets mails with comments; makes such a mail. */
enum err_code	digests_find_comments(struct digests *d, struct err *e)
		    MUST_USE;
enum err_code	digests_make_comments(struct digests *d, struct desk *desk,
		    const struct recipient *to, struct smtp_mail *mail,
		    struct err *e) MUST_USE;

/* digests_people.c: fills d->to with all leaders, in order, none twice. */
enum err_code	digests_find_leaders(struct digests *d, struct err *e) MUST_USE;

#endif
