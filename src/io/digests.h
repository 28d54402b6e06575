/*
 * digests.h - the digests of one publication: to whom, and each one's bytes.
 *
 * From published/WAVE.gdbm, the roster's leaders of now, and the
 * configuration's prompts.  Holds nothing that was not published.
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
#include "io/smtp.h"

struct digests;

/* One leader of one unit. */
struct recipient {
	uint64_t	who;	/* keyed hash of unit and address */
	uint32_t	unit;	/* index in the publication */
	unsigned int	leader;	/* of the unit: 0 .. LEADERS_MAX - 1 */
};

/*
 * Reads the publication of a wave, the one before it, and who leads which
 * unit.  conf must outlive it.  ERR_ABSENT: not published.
 */
enum err_code	digests_open(const struct conf *conf, const char *wave,
		    const unsigned char organisation_key[CRYPT_KEY],
		    unsigned int threads, struct digests **out, struct err *e)
		    MUST_USE;
void		digests_close(struct digests **d);

/* All recipients, in order of `who`, none twice; d's. */
const struct recipient *digests_recipients(const struct digests *d, size_t *n);

/*
 * The digest of a recipient, good until the thread's next call.  ERR_ABSENT:
 * nobody leads the unit any more.
 */
enum err_code	digests_make(struct digests *d, unsigned int thread,
		    const struct recipient *to, struct smtp_mail *mail,
		    struct err *e) MUST_USE;

#endif
