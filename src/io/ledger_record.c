/*
 * ledger_record.c - one record of a ledger, sealed and opened.
 *
 * Its bytes are described in ledger.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "io/ledger_parts.h"

#define PLAIN		24

_Static_assert(CRYPT_NONCE + PLAIN + CRYPT_LOCK == LEDGER_RECORD, "record");

static void
put(unsigned char **p, uint64_t v, int bytes)
{
	int i;

	for (i = bytes - 1; i >= 0; i--)
		*(*p)++ = (unsigned char)(v >> (i * 8));
}

static uint64_t
get(const unsigned char **p, int bytes)
{
	uint64_t v = 0;

	while (bytes-- > 0)
		v = v << 8 | *(*p)++;
	return v;
}

void
ledger_seal(unsigned char out[LEDGER_RECORD], const unsigned char *key,
    const struct mail_record *r, uint32_t synced)
{
	unsigned char plain[PLAIN] = { 0 }, *p = plain;

	put(&p, r->who, 8);
	put(&p, (uint64_t)r->when, 5);
	put(&p, r->kind, 1);
	put(&p, r->slot, 1);
	put(&p, r->event, 1);
	put(&p, r->attempt, 1);
	put(&p, r->code, 2);
	put(&p, synced, 4);
	put(&p, LEDGER_FORMAT, 1);
	crypt_random(out, CRYPT_NONCE);
	crypt_lock(out + CRYPT_NONCE, key, out, plain, PLAIN);
}

bool
ledger_unseal(struct mail_record *r, uint32_t *synced, unsigned int *format,
    const unsigned char *key, const unsigned char in[LEDGER_RECORD])
{
	unsigned char		 plain[PLAIN];
	const unsigned char	*p = plain;

	if (!crypt_unlock(plain, key, in, in + CRYPT_NONCE,
	    LEDGER_RECORD - CRYPT_NONCE))
		return false;
	r->who = get(&p, 8);
	r->when = (int64_t)get(&p, 5);
	r->kind = (unsigned char)get(&p, 1);
	r->slot = (unsigned char)get(&p, 1);
	r->event = (unsigned char)get(&p, 1);
	r->attempt = (unsigned char)get(&p, 1);
	r->code = (unsigned int)get(&p, 2);
	*synced = (uint32_t)get(&p, 4);
	*format = (unsigned int)get(&p, 1);
	return true;
}

bool
ledger_is_empty(const unsigned char in[LEDGER_RECORD])
{
	static const unsigned char zero[LEDGER_RECORD];

	return memcmp(in, zero, LEDGER_RECORD) == 0;
}
