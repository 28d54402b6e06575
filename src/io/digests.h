/*
 * digests.h - the digests of one publication: to whom, and each one's bytes.
 *
 * From published/WAVE.gdbm, the roster of now, and the configuration's
 * prompts.  Holds nothing that was not published.  Leaders are few and are
 * listed at once; staff are handed out so many at a time, since memory must
 * not grow with people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_DIGESTS_H
#define SENSED_IO_DIGESTS_H

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

/* One leader of one unit, or one person who gets the staff copy. */
struct recipient {
	uint64_t	who;	/* keyed hash: unit and address, or the id */
	uint32_t	unit;	/* index in the publication */
	unsigned int	leader;	/* of the unit: 0 .. LEADERS_MAX - 1 */
	char		id[PERSON_ID_MAX + 1];	/* "": a leader */
	size_t		from, n;	/* comments of the mail */
	unsigned int	part, parts;	/* the same: 1 of 1 */
};

/*
 * Reads the publication of a wave, the one before it, and who leads which
 * unit.  conf must outlive it.  ERR_ABSENT: not published.  ERR_REFUSED:
 * somebody else than the form said would read the comments.
 */
enum err_code	digests_open(const struct conf *conf, const char *wave,
		    enum digests_kind kind,
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
