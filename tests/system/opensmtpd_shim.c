/*
 * opensmtpd_shim.c - lets Debian 12's OpenSMTPD speak TLS, for the tests.
 *
 * OpenSMTPD 6.8 marks the key of a listener for its key-keeping process, but
 * OpenSSL 3 hands it a copy to mark, so that every handshake fails ("EVP lib",
 * OpenSMTPD/OpenSMTPD #1171; mended in 7.3).  Preloaded, this puts the copy in
 * the place of the key.  It changes nothing in a newer OpenSMTPD.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

int	EVP_PKEY_set1_RSA(void *key, void *rsa);
void	*EVP_PKEY_get1_RSA(void *key);

void *
EVP_PKEY_get1_RSA(void *key)
{
	void	*(*real)(void *), *rsa;

	*(void **)&real = dlsym(RTLD_NEXT, "EVP_PKEY_get1_RSA");
	rsa = real(key);
	if (rsa != NULL)
		EVP_PKEY_set1_RSA(key, rsa);
	return rsa;
}
