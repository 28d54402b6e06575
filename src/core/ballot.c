/*
 * ballot.c - sealing and opening ballots and seats.
 *
 * Knows nothing of boxes; wipes what it held in the clear.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/bytes.h"
#include "core/ballot.h"

#define BALLOT_VERSION	1

_Static_assert(1 + 4 + ITEMS_MAX <= BALLOT_PLAIN, "a ballot fits");

/* Each secret seals one seat only, so a constant nonce is never reused. */
static const unsigned char no_nonce[CRYPT_NONCE];

void
seat_seal(unsigned char out[SEAT_SEALED],
    const unsigned char secret[TOKEN_LEN], const struct seat *s)
{
	unsigned char key[CRYPT_KEY], plain[SEAT_PLAIN] = { 0 };

	bytes_put32(plain, s->unit);
	plain[4] = s->lang;
	crypt_derive(key, secret, TOKEN_LEN, "seat");
	crypt_lock(out, key, no_nonce, plain, sizeof(plain));
	crypt_wipe(key, sizeof(key));
}

enum err_code
seat_open(const unsigned char in[SEAT_SEALED],
    const unsigned char secret[TOKEN_LEN], struct seat *out, struct err *e)
{
	unsigned char	key[CRYPT_KEY], plain[SEAT_PLAIN];
	bool		ok;

	crypt_derive(key, secret, TOKEN_LEN, "seat");
	ok = crypt_unlock(plain, key, no_nonce, in, SEAT_SEALED);
	crypt_wipe(key, sizeof(key));
	if (!ok)
		return err_set(e, ERR_CORRUPT, "a seat that does not open");
	out->unit = bytes_get32(plain);
	out->lang = plain[4];
	return ERR_OK;
}

void
ballot_seal(unsigned char out[BALLOT_SEALED],
    const unsigned char pub[CRYPT_KEY], const struct ballot *b)
{
	unsigned char plain[BALLOT_PLAIN] = { BALLOT_VERSION };

	bytes_put32(plain + 1, b->unit);
	memcpy(plain + 5, b->answer, ITEMS_MAX);
	crypt_seal(out, pub, plain, sizeof(plain));
	crypt_wipe(plain, sizeof(plain));
}

enum err_code
ballot_open(const unsigned char in[BALLOT_SEALED],
    const unsigned char pub[CRYPT_KEY], const unsigned char secret[CRYPT_KEY],
    struct ballot *out, struct err *e)
{
	unsigned char	plain[BALLOT_PLAIN];
	enum err_code	rc = ERR_OK;

	if (!crypt_unseal(plain, pub, secret, in, BALLOT_SEALED))
		return err_set(e, ERR_CORRUPT, "a ballot that does not open "
		    "under the wave's key");
	if (plain[0] == BALLOT_VERSION) {
		out->unit = bytes_get32(plain + 1);
		memcpy(out->answer, plain + 5, ITEMS_MAX);
	} else
		rc = err_set(e, ERR_NEWER, "a ballot of a newer sensed; "
		    "install that again; nothing was changed");
	crypt_wipe(plain, sizeof(plain));
	return rc;
}
