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
#include "core/publication.h"
#include "core/trend.h"
#include "io/addressee.h"
#include "io/compose.h"
#include "io/digests.h"

/* What one thread has in hand; its mail points into it. */
struct desk {
	struct compose		compose;
	struct leader		leader;
	struct addressee	to;
};

struct digests {
	enum digests_kind	 kind;
	struct comments		 comments;	/* none, but of their kinds */
	const struct conf	*conf;
	const struct conf_survey *survey;	/* NULL: no longer there */
	const struct site	*site;		/* of the survey */
	unsigned char		 key[CRYPT_KEY];	/* organisation's */
	unsigned char		 leader_key[CRYPT_KEY];	/* of `who` */
	unsigned char		 staff_key[CRYPT_KEY];
	struct publication	 pub, last;
	bool			 has_pub, has_last;
	uint32_t		*by_id;		/* pub's units */
	uint32_t		*was;		/* their places in last */
	struct trend		 trend;		/* of pub, once it is read */
	struct templates	*templates;
	pthread_mutex_t		 mutex;		/* of the roster */
	struct roster		*roster;
	struct recipient	*to;
	size_t			 n, cap;
	struct addressees	*staff;
	struct desk		*desk;		/* one a thread */
	unsigned int		 threads;
};

/* digests.c: the leader behind a recipient; ERR_ABSENT if there is none now. */
enum err_code	digests_find_leader(struct digests *d,
		    const struct recipient *to, struct leader *out,
		    struct err *e) MUST_USE;

/* digests_people.c: room for one more in d->to; the keyed hash of `who`. */
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
