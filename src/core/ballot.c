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

#define VERSION_SHORT	1
#define VERSION_LONG	2

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

size_t
ballot_sealed(bool comments)
{
	return comments ? BALLOT_LONG_SEALED : BALLOT_SEALED;
}

void
ballot_seal(unsigned char *out, const unsigned char pub[CRYPT_KEY],
    const struct ballot *b)
{
	unsigned char plain[BALLOT_LONG] = { 0 };

	plain[0] = b->comments ? VERSION_LONG : VERSION_SHORT;
	bytes_put32(plain + 1, b->unit);
	memcpy(plain + 5, b->answer, ITEMS_MAX);
	if (b->comments)
		memcpy(plain + BALLOT_PLAIN, b->comment, strlen(b->comment));
	crypt_seal(out, pub, plain, b->comments ? BALLOT_LONG : BALLOT_PLAIN);
	crypt_wipe(plain, sizeof(plain));
}

/* What a ballot of this length holds; false: of another version. */
static bool
read_plain(const unsigned char plain[BALLOT_LONG], size_t len,
    struct ballot *out)
{
	memset(out, 0, sizeof(*out));
	out->comments = len == BALLOT_LONG_SEALED;
	if (plain[0] != (out->comments ? VERSION_LONG : VERSION_SHORT))
		return false;
	out->unit = bytes_get32(plain + 1);
	memcpy(out->answer, plain + 5, ITEMS_MAX);
	if (out->comments)
		memcpy(out->comment, plain + BALLOT_PLAIN, COMMENT_BYTES);
	return true;
}

enum err_code
ballot_open(const unsigned char *in, size_t len,
    const unsigned char pub[CRYPT_KEY], const unsigned char secret[CRYPT_KEY],
    struct ballot *out, struct err *e)
{
	unsigned char	plain[BALLOT_LONG];
	enum err_code	rc = ERR_OK;

	if (len != BALLOT_SEALED && len != BALLOT_LONG_SEALED)
		return err_set(e, ERR_CORRUPT, "a ballot of a length that "
		    "sensed never wrote");
	if (!crypt_unseal(plain, pub, secret, in, len))
		return err_set(e, ERR_CORRUPT, "a ballot that does not open "
		    "under the wave's key");
	if (!read_plain(plain, len, out))
		rc = err_set(e, ERR_NEWER, "a ballot of a newer sensed; "
		    "install that again; nothing was changed");
	else if (!comment_fits(out->comment))
		rc = err_set(e, ERR_CORRUPT, "a ballot whose comment is too "
		    "long");
	crypt_wipe(plain, sizeof(plain));
	return rc;
}
