/*
 * digests.h - the digests of one publication: to whom, and each one's bytes.
 *
 * From published/WAVE.gdbm, the roster of now, and the prompts.  Leaders are
 * few and are listed at once; staff are handed out so many at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_DIGESTS_H
#define SENSED_IO_DIGESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "io/conf.h"
#include "io/roster.h"
#include "io/smtp.h"

#define DIGESTS_STAFF	8192	/* recipients in memory at once */

/* What is mailed, each with a ledger of its own. */
enum digests_kind {
	DIGESTS_FIGURES,	/* to leaders, then to staff */
	DIGESTS_REVIEW,		/* comments, to their reader */
	DIGESTS_COMMENTS,	/* released comments, to leaders */
	DIGESTS__MAX
};

struct digests;

/* A unit of a publication, and which of its leaders it is. */
struct post {
	uint32_t	unit;	/* index in the publication; or UNIT_NONE */
	unsigned int	leader;	/* of the unit: 0 .. LEADERS_MAX - 1 */
};

/* One leader of one unit, or one person who gets the staff copy. */
struct recipient {
	uint64_t	who;	/* keyed hash: unit's id and address; or id */
	struct post	own;	/* a person has a unit here alone */
	struct post	other;	/* in the other side's wave; UNIT_NONE: none */
	char		id[PERSON_ID_MAX + 1];	/* "": a leader */
	size_t		from, n;	/* comments of the mail */
	unsigned int	part, parts;	/* the same: 1 of 1 */
};

/* To which leaders a wave's digests go; copies are always its own. */
enum digests_part {
	DIGESTS_ALONE,	/* its own, with the other side's figures if any */
	DIGESTS_HOST,	/* its own and the other wave's: one mail for both */
	DIGESTS_GUEST	/* none: the other wave's mails hold its figures */
};

struct digests_what {
	const char		*wave, *other;	/* other side's wave, or "" */
	enum digests_kind	 kind;
	enum digests_part	 part;
};

/*
 * Reads the publication of a wave, those before it, and who leads which unit;
 * of the other side's too.  conf must outlive it.  ERR_ABSENT: not published.
 * ERR_REFUSED: somebody else than the form said would read the comments.
 */
enum err_code	digests_open(const struct conf *conf,
		    const struct digests_what *what,
		    const unsigned char organisation_key[CRYPT_KEY],
		    unsigned int threads, struct digests **out, struct err *e)
		    MUST_USE;
void		digests_close(struct digests **d);

/* False: released comments, and they are not released yet. */
bool		digests_ready(const struct digests *d);

/* All leaders (or the reader), in order of `who`, none twice; d's. */
const struct recipient *digests_leaders(const struct digests *d, size_t *n);

/*
 * Calls each with all people of the roster whose unit is in the publication,
 * if the survey is configured to send them copies: DIGESTS_STAFF at a time, in
 * order of `who`.  Opt-outs are digests_make's.
 */
typedef enum err_code digests_batch(void *arg, const struct recipient *to,
		    size_t n, struct err *e);
enum err_code	digests_staff(struct digests *d, digests_batch *each,
		    void *arg, struct err *e) MUST_USE;

/*
 * The digest of a recipient, in a delivery that began at `begun`; good until
 * the thread's next call.  ERR_ABSENT: nobody leads the unit any more, or the
 * person has gone or has opted out.
 */
enum err_code	digests_make(struct digests *d, unsigned int thread,
		    const struct recipient *to, int64_t begun,
		    struct smtp_mail *mail, struct err *e) MUST_USE;

#endif
