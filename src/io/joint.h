/*
 * joint.h - whether a wave's digests go alone or with the other side's.
 *
 * The protocol between two digest ledgers; delivery.h has its states.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_JOINT_H
#define SENSED_IO_JOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "io/digests.h"
#include "io/mailing.h"

struct joint {
	enum digests_part part;
	bool		 begun;		/* by what the ledger says */
	uint64_t	 guest;		/* in MAIL_BEGUN of a host; else 0 */
	char		 other[WAVE_NAME_MAX + 1];	/* other side, or "" */
	char		 waits[WAVE_NAME_MAX + 1];	/* for which; "": not */
	unsigned char	 key[CRYPT_KEY];	/* of the other's ledger */
};

/* The key of a wave's ledger of what leaders are mailed: "digest", ... */
void		joint_key(unsigned char out[CRYPT_KEY],
		    const unsigned char organisation_key[CRYPT_KEY],
		    const char *kind, const char *wave);

/*
 * Reads what the wave's ledger says; if it has not begun, decides, and writes
 * nothing.  joint_wipe in any case.  ERR_ABSENT: it is not published.
 */
enum err_code	joint_find(struct joint *j, const struct mailing *m,
		    const char *wave,
		    const unsigned char organisation_key[CRYPT_KEY],
		    int64_t now, struct err *e) MUST_USE;

/* A host that has begun begins its guest, if that has not; or nothing. */
enum err_code	joint_mark(const struct joint *j, const struct conf *conf,
		    struct err *e) MUST_USE;

void		joint_wipe(struct joint *j);

#endif
