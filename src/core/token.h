/*
 * token.h - the secrets in links, and what may be kept of them.
 *
 * A token is made from the wave's token key and the person's id, so it is
 * never stored; only its hash is.  A change code is fresh randomness.  Both
 * are 128 bits and travel as 31 characters: wave tag (2), box (3), secret
 * (26), in base32.  DESIGN 4, STANDARDS M9 and M15.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_TOKEN_H
#define SENSED_CORE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/crypt.h"

#define TOKEN_LEN	16	/* bytes of a token or change code */
#define TAG_MAX		1024	/* tags are below this: two characters */
#define BOXES_MAX	32768	/* boxes are below this: three characters */
#define LINK_LEN	31
#define OPTOUT_LEN	26	/* characters of an opt-out token */
#define BOUNCE_LEN	26	/* characters of a return-path ID */
/* a code as people see it: groups of four and a space between, NUL counted */
#define CODE_SHOWN	(LINK_LEN + LINK_LEN / 4 + 1)

struct link {
	unsigned int	tag;
	unsigned int	box;
	unsigned char	secret[TOKEN_LEN];
};

/* Writes 31 characters and a NUL. */
void	link_format(char out[LINK_LEN + 1], const struct link *l);

/*
 * Reads a link from a URL: exactly 31 characters, but trailing punctuation
 * that a mail program glued on (. , ; : ! ? ) > ] " ') is cut off first.
 */
bool	link_parse(const char *s, size_t len, struct link *l);

/* Reads a change code as a person types it: spaces, hyphens, capitals. */
bool	code_parse(const char *s, size_t len, struct link *l);

/* The code in groups that can be read aloud. */
void	code_show(char out[CODE_SHOWN], const struct link *l);

/* The token of a person in a wave; the same whenever it is asked. */
void	token_make(unsigned char out[TOKEN_LEN],
	    const unsigned char wave_key[CRYPT_KEY], const char *person);

/* What is stored of a token or change code: its key in a box. */
void	secret_hash(unsigned char out[CRYPT_HASH],
	    const unsigned char secret[TOKEN_LEN]);

/* The permanent opt-out token of a canonical address, as 26 characters. */
void	optout_make(char out[OPTOUT_LEN + 1],
	    const unsigned char organisation_key[CRYPT_KEY],
	    const char *canonical_address);

/* Its hash as 52 characters: the name of its file.  False: not a token. */
#define OPTOUT_HASH_LEN	52
bool	optout_hash(char out[OPTOUT_HASH_LEN + 1], const char *token,
	    size_t len);

/* Both, of an address as it is written; the token is a secret. */
void	optout_of(char token[OPTOUT_LEN + 1], char hash[OPTOUT_HASH_LEN + 1],
	    const unsigned char organisation_key[CRYPT_KEY],
	    const char *address);

/*
 * Whom a mail went to, as its return path and the health log know them: a
 * keyed hash of survey, person (an id; "" for a leader) and address.  Whoever
 * gets another address is another, so that an old bounce blames nobody.
 */
#define BOUNCE_WHO	10
void	bounce_who(unsigned char out[BOUNCE_WHO],
	    const unsigned char organisation_key[CRYPT_KEY],
	    const char *survey, const char *person, const char *address);

/*
 * The opaque ID in a return path (M9): who, and a keyed check of wave and who.
 * It outlives the wave's keys, and needs no list to tell whether we issued it.
 */
void	bounce_id(char out[BOUNCE_LEN + 1],
	    const unsigned char organisation_key[CRYPT_KEY], const char *wave,
	    const unsigned char who[BOUNCE_WHO]);

/* True if the first BOUNCE_LEN characters of id were issued for that wave. */
bool	bounce_check(const char *id,
	    const unsigned char organisation_key[CRYPT_KEY], const char *wave,
	    unsigned char who[BOUNCE_WHO]);

#endif
