/*
 * ballot.h - a sealed response, and the sealed seat it belongs to.
 *
 * A seat says where its holder stands in the frozen tree; it is sealed under a
 * key derived from the holder's own token or change code, so that a box alone
 * tells nobody's unit.  A ballot is sealed to the wave's public key: who can
 * write one cannot read any.  DESIGN 4.
 *
 * Sealed bytes hold: a seat, unit (4, big-endian), language (1), zero (3); a
 * ballot, version 1 (1), unit (4, big-endian), answers (18, 0 is missing),
 * zero (9).  In a wave with comments every ballot is long, whether there is a
 * comment in it or not: version 2, unit, answers, zero (9), comment (1000,
 * zeros behind it).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_BALLOT_H
#define SENSED_CORE_BALLOT_H

#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "core/comment.h"
#include "core/question.h"
#include "core/token.h"

#define SEAT_PLAIN	8
#define SEAT_SEALED	(SEAT_PLAIN + CRYPT_LOCK)
#define BALLOT_PLAIN	32
#define BALLOT_SEALED	(BALLOT_PLAIN + CRYPT_SEAL)
#define BALLOT_LONG	(BALLOT_PLAIN + COMMENT_BYTES)
#define BALLOT_LONG_SEALED (BALLOT_LONG + CRYPT_SEAL)

#define LANG_BOTH	255	/* a person who wants every language */

struct seat {
	uint32_t	unit;	/* index in the frozen tree */
	unsigned char	lang;	/* index in the wave's, or LANG_BOTH */
};

struct ballot {
	uint32_t	unit;
	unsigned char	answer[ITEMS_MAX];	/* 0 missing, 1..5 */
	bool		comments;		/* of a wave that has them */
	char		comment[COMMENT_BYTES + 1];	/* "": none */
};

/* Bytes of every sealed ballot of a wave, with or without comments. */
size_t		ballot_sealed(bool comments);

/* Seals a seat under a token or change code; each seals one seat only. */
void		seat_seal(unsigned char out[SEAT_SEALED],
		    const unsigned char secret[TOKEN_LEN],
		    const struct seat *s);

/* The reverse.  ERR_CORRUPT: not sealed under this secret. */
enum err_code	seat_open(const unsigned char in[SEAT_SEALED],
		    const unsigned char secret[TOKEN_LEN], struct seat *out,
		    struct err *e) MUST_USE;

/*
 * Seals a ballot into ballot_sealed() bytes; its one-time key is libsodium's
 * own randomness.
 */
void		ballot_seal(unsigned char *out,
		    const unsigned char pub[CRYPT_KEY],
		    const struct ballot *b);

/*
 * Opens one of len bytes.  ERR_CORRUPT: not sealed to this key, or not as any
 * of ours.  ERR_NEWER: by a newer sensed.
 */
enum err_code	ballot_open(const unsigned char *in, size_t len,
		    const unsigned char pub[CRYPT_KEY],
		    const unsigned char secret[CRYPT_KEY], struct ballot *out,
		    struct err *e) MUST_USE;

#endif
