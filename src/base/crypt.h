/*
 * crypt.h - hashing, sealing and randomness; libsodium's only user.
 *
 * Nothing here invents cryptography: each call is one of libsodium's.  Keys
 * and secrets are the caller's to wipe with crypt_wipe.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_BASE_CRYPT_H
#define SENSED_BASE_CRYPT_H

#include <stdbool.h>
#include <stddef.h>

#define CRYPT_KEY	32	/* bytes of a key: secret, public, derived */
#define CRYPT_HASH	32	/* bytes of crypt_hash */
#define CRYPT_NONCE	24
#define CRYPT_LOCK	16	/* bytes that crypt_lock adds */
#define CRYPT_SEAL	48	/* bytes that crypt_seal adds */

/*
 * Must be called once before anything else here; false: no randomness.  If the
 * system has none later, the process ends with a line on standard error and
 * exit status 71, as in mem.h.
 */
bool	crypt_init(void) __attribute__((warn_unused_result));

void	crypt_random(void *out, size_t len);
void	crypt_wipe(void *p, size_t len);

/* What calls that have returned have left on the stack, 64 KiB down. */
void	crypt_wipe_stack(void);

/* Equal, in a time that does not depend on where they differ. */
bool	crypt_equal(const void *a, const void *b, size_t len);

/* BLAKE2b of msg, outlen 16 to 64 bytes; key NULL or CRYPT_KEY bytes. */
void	crypt_hash(void *out, size_t outlen, const unsigned char *key,
	    const void *msg, size_t len);

/* A key for one purpose from any secret of 16 to 64 bytes. */
void	crypt_derive(unsigned char out[CRYPT_KEY], const void *secret,
	    size_t len, const char *purpose);

/* Secret-key sealing (XSalsa20-Poly1305): out has CRYPT_LOCK bytes more. */
void	crypt_lock(unsigned char *out, const unsigned char key[CRYPT_KEY],
	    const unsigned char nonce[CRYPT_NONCE], const void *msg,
	    size_t len);

/* The reverse; len is the sealed length.  False: not sealed under this key. */
bool	crypt_unlock(void *out, const unsigned char key[CRYPT_KEY],
	    const unsigned char nonce[CRYPT_NONCE], const unsigned char *in,
	    size_t len) __attribute__((warn_unused_result));

/* Public-key sealing (crypto_box_seal): out holds len + CRYPT_SEAL bytes. */
void	crypt_keypair(unsigned char pub[CRYPT_KEY],
	    unsigned char secret[CRYPT_KEY]);
void	crypt_seal(unsigned char *out, const unsigned char pub[CRYPT_KEY],
	    const void *msg, size_t len);
bool	crypt_unseal(void *out, const unsigned char pub[CRYPT_KEY],
	    const unsigned char secret[CRYPT_KEY], const unsigned char *in,
	    size_t len) __attribute__((warn_unused_result));

/* SHA-256 of msg as 44 characters of base64 and a NUL (for a CSP header). */
void	crypt_sha256_base64(char out[45], const void *msg, size_t len);

#endif
