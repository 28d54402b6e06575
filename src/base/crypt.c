/*
 * crypt.c - libsodium's adapter.
 *
 * The only file that includes <sodium.h>.  It sits on the base floor because
 * the core needs hashes and seals; it keeps no state of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <sodium.h>

#include "base/crypt.h"

#define STACK	(64 * 1024)	/* bytes */

_Static_assert(CRYPT_KEY == crypto_secretbox_KEYBYTES, "secretbox key");
_Static_assert(CRYPT_NONCE == crypto_secretbox_NONCEBYTES, "nonce");
_Static_assert(CRYPT_LOCK == crypto_secretbox_MACBYTES, "mac");
_Static_assert(CRYPT_SEAL == crypto_box_SEALBYTES, "seal");
_Static_assert(CRYPT_KEY == crypto_box_SECRETKEYBYTES, "box key");

/* Without randomness libsodium aborts: rather an end that says why. */
static void
no_randomness(void)
{
	static const char words[] = "sensed: the system gives no random "
	    "numbers\n";

	if (write(STDERR_FILENO, words, sizeof(words) - 1) == -1)
		_exit(EX_OSERR);
	_exit(EX_OSERR);
}

bool
crypt_init(void)
{
	return sodium_set_misuse_handler(no_randomness) == 0 &&
	    sodium_init() >= 0;
}

void
crypt_random(void *out, size_t len)
{
	randombytes_buf(out, len);
}

void
crypt_wipe(void *p, size_t len)
{
	sodium_memzero(p, len);
}

void
crypt_wipe_stack(void)
{
	sodium_stackzero(STACK);
}

bool
crypt_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void
crypt_hash(void *out, size_t outlen, const unsigned char *key,
    const void *msg, size_t len)
{
	crypto_generichash(out, outlen, msg, len, key,
	    key != NULL ? CRYPT_KEY : 0);
}

void
crypt_derive(unsigned char out[CRYPT_KEY], const void *secret, size_t len,
    const char *purpose)
{
	crypto_generichash(out, CRYPT_KEY, (const unsigned char *)purpose,
	    strlen(purpose), secret, len);
}

void
crypt_lock(unsigned char *out, const unsigned char key[CRYPT_KEY],
    const unsigned char nonce[CRYPT_NONCE], const void *msg, size_t len)
{
	crypto_secretbox_easy(out, msg, len, nonce, key);
}

bool
crypt_unlock(void *out, const unsigned char key[CRYPT_KEY],
    const unsigned char nonce[CRYPT_NONCE], const unsigned char *in, size_t len)
{
	return len >= CRYPT_LOCK &&
	    crypto_secretbox_open_easy(out, in, len, nonce, key) == 0;
}

void
crypt_keypair(unsigned char pub[CRYPT_KEY], unsigned char secret[CRYPT_KEY])
{
	crypto_box_keypair(pub, secret);
}

void
crypt_seal(unsigned char *out, const unsigned char pub[CRYPT_KEY],
    const void *msg, size_t len)
{
	crypto_box_seal(out, msg, len, pub);
}

bool
crypt_unseal(void *out, const unsigned char pub[CRYPT_KEY],
    const unsigned char secret[CRYPT_KEY], const unsigned char *in, size_t len)
{
	return len >= CRYPT_SEAL &&
	    crypto_box_seal_open(out, in, len, pub, secret) == 0;
}

void
crypt_sha256_base64(char out[45], const void *msg, size_t len)
{
	unsigned char digest[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(digest, msg, len);
	sodium_bin2base64(out, 45, digest, sizeof(digest),
	    sodium_base64_VARIANT_ORIGINAL);
}
