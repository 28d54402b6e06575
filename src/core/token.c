/*
 * token.c - links, change codes and opt-out tokens.
 *
 * Each secret is made under a key of its own purpose, so that none can be
 * worked out from another.  Nothing is stored here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/b32.h"
#include "base/mem.h"
#include "core/address.h"
#include "core/token.h"

#define TAG_DIGITS	2
#define BOX_DIGITS	3

_Static_assert(B32_LEN(TOKEN_LEN) == LINK_LEN - TAG_DIGITS - BOX_DIGITS,
    "link length");
_Static_assert(B32_LEN(TOKEN_LEN) == OPTOUT_LEN, "opt-out length");
_Static_assert(B32_LEN(CRYPT_HASH) == OPTOUT_HASH_LEN, "hash length");

void
link_format(char out[LINK_LEN + 1], const struct link *l)
{
	b32_put(out, TAG_DIGITS, l->tag);
	b32_put(out + TAG_DIGITS, BOX_DIGITS, l->box);
	b32_encode(out + TAG_DIGITS + BOX_DIGITS, l->secret, TOKEN_LEN);
}

static bool
parse_exactly(const char s[LINK_LEN], struct link *l)
{
	return b32_get(s, TAG_DIGITS, &l->tag) &&
	    b32_get(s + TAG_DIGITS, BOX_DIGITS, &l->box) &&
	    b32_decode(l->secret, TOKEN_LEN, s + TAG_DIGITS + BOX_DIGITS);
}

bool
link_parse(const char *s, size_t len, struct link *l)
{
	while (len > LINK_LEN && strchr(".,;:!?)>]\"'", s[len - 1]) != NULL)
		len--;
	return len == LINK_LEN && parse_exactly(s, l);
}

bool
code_parse(const char *s, size_t len, struct link *l)
{
	char	plain[LINK_LEN];
	size_t	i, n = 0;
	bool	ok;

	for (i = 0; i < len; i++) {
		if (s[i] == ' ' || s[i] == '-' || s[i] == '\t')
			continue;
		if (n == LINK_LEN)
			return false;
		plain[n++] = s[i] >= 'A' && s[i] <= 'Z' ?
		    (char)(s[i] - 'A' + 'a') : s[i];
	}
	ok = n == LINK_LEN && parse_exactly(plain, l);
	crypt_wipe(plain, sizeof(plain));
	return ok;
}

void
code_show(char out[CODE_SHOWN], const struct link *l)
{
	char	plain[LINK_LEN + 1];
	size_t	i, n = 0;

	link_format(plain, l);
	for (i = 0; i < LINK_LEN; i++) {
		if (i > 0 && i % 4 == 0)
			out[n++] = ' ';
		out[n++] = plain[i];
	}
	out[n] = '\0';
	crypt_wipe(plain, sizeof(plain));
}

void
token_make(unsigned char out[TOKEN_LEN],
    const unsigned char wave_key[CRYPT_KEY], const char *person)
{
	crypt_hash(out, TOKEN_LEN, wave_key, person, strlen(person));
}

void
secret_hash(unsigned char out[CRYPT_HASH],
    const unsigned char secret[TOKEN_LEN])
{
	crypt_hash(out, CRYPT_HASH, NULL, secret, TOKEN_LEN);
}

/* 26 characters of a keyed hash made for one purpose. */
static void
named_hash(char out[B32_LEN(TOKEN_LEN) + 1],
    const unsigned char key[CRYPT_KEY], const char *purpose, const char *of)
{
	unsigned char sub[CRYPT_KEY], hash[TOKEN_LEN];

	crypt_derive(sub, key, CRYPT_KEY, purpose);
	crypt_hash(hash, sizeof(hash), sub, of, strlen(of));
	b32_encode(out, hash, sizeof(hash));
	crypt_wipe(sub, sizeof(sub));
	crypt_wipe(hash, sizeof(hash));
}

void
optout_make(char out[OPTOUT_LEN + 1],
    const unsigned char organisation_key[CRYPT_KEY],
    const char *canonical_address)
{
	named_hash(out, organisation_key, "opt-out", canonical_address);
}

bool
optout_hash(char out[OPTOUT_HASH_LEN + 1], const char *token, size_t len)
{
	unsigned char secret[TOKEN_LEN], hash[CRYPT_HASH];

	if (len != OPTOUT_LEN || !b32_decode(secret, sizeof(secret), token))
		return false;
	secret_hash(hash, secret);
	b32_encode(out, hash, sizeof(hash));
	crypt_wipe(secret, sizeof(secret));
	return true;
}

void
optout_of(char token[OPTOUT_LEN + 1], char hash[OPTOUT_HASH_LEN + 1],
    const unsigned char organisation_key[CRYPT_KEY], const char *address)
{
	char *canonical = address_canonical(address);

	optout_make(token, organisation_key, canonical);
	free(canonical);
	if (!optout_hash(hash, token, OPTOUT_LEN))
		hash[0] = '\0';	/* cannot be: our own base32 reads back */
}

void
bounce_who(unsigned char out[BOUNCE_WHO],
    const unsigned char organisation_key[CRYPT_KEY], const char *survey,
    const char *person, const char *address)
{
	unsigned char	 sub[CRYPT_KEY], hash[TOKEN_LEN];
	char		*canonical = address_canonical(address), *what;

	what = mem_fmt("%s\n%s\n%s", survey, person, canonical);
	crypt_derive(sub, organisation_key, CRYPT_KEY, "return-path who");
	crypt_hash(hash, sizeof(hash), sub, what, strlen(what));
	memcpy(out, hash, BOUNCE_WHO);
	crypt_wipe(sub, sizeof(sub));
	free(canonical);
	free(what);
}

/* The whole ID as bytes: who, then so much of the check as has room. */
static void
bounce_bytes(unsigned char out[TOKEN_LEN],
    const unsigned char organisation_key[CRYPT_KEY], const char *wave,
    const unsigned char who[BOUNCE_WHO])
{
	unsigned char	sub[CRYPT_KEY], own[CRYPT_KEY], hash[TOKEN_LEN];

	crypt_derive(sub, organisation_key, CRYPT_KEY, "return-path check");
	crypt_derive(own, sub, CRYPT_KEY, wave);
	crypt_hash(hash, sizeof(hash), own, who, BOUNCE_WHO);
	memcpy(out, who, BOUNCE_WHO);
	memcpy(out + BOUNCE_WHO, hash, TOKEN_LEN - BOUNCE_WHO);
	crypt_wipe(sub, sizeof(sub));
	crypt_wipe(own, sizeof(own));
}

void
bounce_id(char out[BOUNCE_LEN + 1],
    const unsigned char organisation_key[CRYPT_KEY], const char *wave,
    const unsigned char who[BOUNCE_WHO])
{
	unsigned char id[TOKEN_LEN];

	bounce_bytes(id, organisation_key, wave, who);
	b32_encode(out, id, sizeof(id));
}

bool
bounce_check(const char *id, const unsigned char organisation_key[CRYPT_KEY],
    const char *wave, unsigned char who[BOUNCE_WHO])
{
	unsigned char given[TOKEN_LEN], ours[TOKEN_LEN];

	if (!b32_decode(given, sizeof(given), id))
		return false;
	bounce_bytes(ours, organisation_key, wave, given);
	if (!crypt_equal(given, ours, sizeof(ours)))
		return false;
	memcpy(who, given, BOUNCE_WHO);
	return true;
}
