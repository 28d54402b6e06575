/*
 * box.h - what a box holds, and the only changes it may go through.
 *
 * A box is a fixed share of a wave's tokens, and the ballots given with them.
 * Nothing in a ballot's record is derived from a token.  Records stand in hash
 * order, so their place tells nothing.  DESIGN 4, STANDARDS 4 and H10, H11.
 *
 * Records (written by io/boxfile.c as key -> value):
 *   'T' H(token)   -> used (1: 0 or 1), seat sealed under the token (24)
 *   'B' H(code)    -> seat sealed under the code (24), ballot sealed to the
 *                     wave's public key (ballot_sealed: one length a wave)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_BOX_H
#define SENSED_CORE_BOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/ballot.h"
#include "core/token.h"

#define BOX_KEY		(1 + CRYPT_HASH)
#define BOX_T_VALUE	(1 + SEAT_SEALED)
#define BOX_B_VALUE	(SEAT_SEALED + BALLOT_SEALED)
#define BOX_B_LONG	(SEAT_SEALED + BALLOT_LONG_SEALED)	/* comments */
#define BOX_RECORDS_MAX	4096	/* far above 2 * the largest share */

struct box_record {
	unsigned char	key[BOX_KEY];
	uint32_t	at;		/* where its value begins */
};

/* Records in the byte order of their keys: ballots ('B') before tokens. */
struct box {
	struct box_record	*record;
	size_t			 n, cap;
	unsigned char		*value;		/* of all, in no order */
	size_t			 used, room;
	size_t			 ballot;	/* bytes of each B value; 0:
						 * there is none yet */
};

/* What a form gives. */
struct box_given {
	const unsigned char	*answer;	/* ITEMS_MAX */
	const char		*comment;	/* clean, or ""; NULL: the wave
						 * has no comments */
	const unsigned char	*pub;		/* CRYPT_KEY: the wave's */
};

void		 box_init(struct box *b);
void		 box_wipe(struct box *b);

/*
 * Adds a record read from a file or made at opening.  ERR_CORRUPT: a length,
 * first byte or order of keys that we never wrote.
 */
enum err_code	 box_append(struct box *b, const unsigned char *key,
		     size_t keylen, const unsigned char *value, size_t len,
		     struct err *e) MUST_USE;

/* The value of record i, good until the box is changed. */
const unsigned char *box_value(const struct box *b, size_t i, size_t *len);

/* Puts records in key order; a doubled key is ERR_CORRUPT. */
enum err_code	 box_sort(struct box *b, struct err *e) MUST_USE;

/* Adds an unused token with its holder's seat (opening only). */
void		 box_add_token(struct box *b,
		     const unsigned char token[TOKEN_LEN],
		     const struct seat *seat);

enum token_state {
	TOKEN_ABSENT,
	TOKEN_UNUSED,
	TOKEN_USED
};

enum token_state box_token(const struct box *b,
		     const unsigned char token[TOKEN_LEN]);
bool		 box_has_code(const struct box *b,
		     const unsigned char code[TOKEN_LEN]);

/* The seat behind a token or a code.  ERR_ABSENT or ERR_CORRUPT. */
enum err_code	 box_token_seat(const struct box *b,
		     const unsigned char token[TOKEN_LEN], struct seat *out,
		     struct err *e) MUST_USE;
enum err_code	 box_code_seat(const struct box *b,
		     const unsigned char code[TOKEN_LEN], struct seat *out,
		     struct err *e) MUST_USE;

enum box_verdict {
	BOX_RECORDED,	/* b was changed: commit it, then say thanks */
	BOX_FRESH_FORM,	/* token unused, but this code exists: new form */
	BOX_ANSWERED,	/* token used and the code is not there */
	BOX_NO_TOKEN,	/* unknown token, or unknown change code */
};

/*
 * The answer to a form: marks the token and stores the ballot under the code,
 * in memory.  The unit is the seat's.  A used token with a code that is there
 * replaces that code's ballot, keeping the unit sealed beside the code.  Only
 * BOX_RECORDED changes b.  ERR_CORRUPT: a seat that does not open, or ballots
 * of another kind of wave.
 */
enum err_code	 box_answer(struct box *b, const unsigned char token[TOKEN_LEN],
		     const unsigned char code[TOKEN_LEN],
		     const struct box_given *given,
		     enum box_verdict *verdict, struct err *e) MUST_USE;

/*
 * The change by code: the ballot of `from` goes, one under `code` comes, with
 * the unit sealed beside `from`.  The same change again (from gone, code
 * there) replaces the new ballot.  Neither there: BOX_NO_TOKEN.
 */
enum err_code	 box_change(struct box *b, const unsigned char from[TOKEN_LEN],
		     const unsigned char code[TOKEN_LEN],
		     const struct box_given *given,
		     enum box_verdict *verdict, struct err *e) MUST_USE;

size_t		 box_used(const struct box *b);
size_t		 box_ballots(const struct box *b);

/* Opens ballot i (0 .. box_ballots - 1).  ERR_CORRUPT: it does not open. */
enum err_code	 box_open_ballot(const struct box *b, size_t i,
		     const unsigned char pub[CRYPT_KEY],
		     const unsigned char secret[CRYPT_KEY], struct ballot *out,
		     struct err *e) MUST_USE;

#endif
