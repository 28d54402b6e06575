/*
 * box.c - tokens and ballots of one box, in memory.
 *
 * Works on sorted records and never on a file; io/boxfile.c makes a change
 * durable.  No function here can read a ballot without the wave's secret key,
 * and none tells which token a ballot came with: that is nowhere.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/box.h"

#define KIND_BALLOT	'B'
#define KIND_TOKEN	'T'
#define UNUSED		0
#define USED		1

/* The first byte of a T value, and where its sealed seat begins. */
#define T_SEAT		1

void
box_init(struct box *b)
{
	memset(b, 0, sizeof(*b));
}

void
box_wipe(struct box *b)
{
	if (b->value != NULL)
		crypt_wipe(b->value, b->room);
	free(b->record);
	free(b->value);
	box_init(b);
}

static void
key_make(unsigned char key[BOX_KEY], char kind,
    const unsigned char secret[TOKEN_LEN])
{
	key[0] = (unsigned char)kind;
	secret_hash(key + 1, secret);
}

/* Where the key is, or where it belongs; *found tells which. */
static size_t
place(const struct box *b, const unsigned char key[BOX_KEY], bool *found)
{
	size_t	low = 0, high = b->n, mid;
	int	c;

	*found = false;
	while (low < high) {
		mid = low + (high - low) / 2;
		c = memcmp(b->record[mid].key, key, BOX_KEY);
		if (c == 0) {
			*found = true;
			return mid;
		}
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct box_record *
find(const struct box *b, char kind, const unsigned char secret[TOKEN_LEN])
{
	unsigned char	key[BOX_KEY];
	bool		found;
	size_t		i;

	key_make(key, kind, secret);
	i = place(b, key, &found);
	return found ? &b->record[i] : NULL;
}

static unsigned char *
value_of(const struct box *b, const struct box_record *r)
{
	return b->value + r->at;
}

const unsigned char *
box_value(const struct box *b, size_t i, size_t *len)
{
	*len = b->record[i].key[0] == KIND_TOKEN ? BOX_T_VALUE : b->ballot;
	return value_of(b, &b->record[i]);
}

/* Makes room for a record, the i-th, with a value of len zeros. */
static struct box_record *
add(struct box *b, size_t i, const unsigned char key[BOX_KEY], size_t len)
{
	struct box_record *r;

	if (b->n == b->cap) {
		b->cap = b->cap != 0 ? b->cap * 2 : 64;
		b->record = mem_resize(b->record, b->cap,
		    sizeof(*b->record));
	}
	while (b->room - b->used < len) {
		b->room = b->room != 0 ? b->room * 2 : 64 * BOX_B_VALUE;
		b->value = mem_resize(b->value, b->room, 1);
	}
	r = &b->record[i];
	memmove(r + 1, r, (b->n - i) * sizeof(*r));
	b->n++;
	memcpy(r->key, key, BOX_KEY);
	r->at = (uint32_t)b->used;
	memset(b->value + b->used, 0, len);
	b->used += len;
	return r;
}

static struct box_record *
insert(struct box *b, const unsigned char key[BOX_KEY], size_t len)
{
	bool found;

	return add(b, place(b, key, &found), key, len);
}

static void
delete(struct box *b, struct box_record *r)
{
	size_t i = (size_t)(r - b->record);

	memmove(r, r + 1, (b->n - i - 1) * sizeof(*r));
	b->n--;
}

/* Of a length that ballots may have, and the same as those before it. */
static bool
is_ballot(const struct box *b, size_t len)
{
	return b->ballot != 0 ? len == b->ballot :
	    len == BOX_B_VALUE || len == BOX_B_LONG;
}

enum err_code
box_append(struct box *b, const unsigned char *key, size_t keylen,
    const unsigned char *value, size_t len, struct err *e)
{
	if (keylen != BOX_KEY || b->n >= BOX_RECORDS_MAX ||
	    !((key[0] == KIND_TOKEN && len == BOX_T_VALUE && value[0] <= USED)
	    || (key[0] == KIND_BALLOT && is_ballot(b, len))))
		return err_set(e, ERR_CORRUPT, "a record that sensed never "
		    "wrote");
	if (key[0] == KIND_BALLOT)
		b->ballot = len;
	memcpy(value_of(b, add(b, b->n, key, len)), value, len);
	return ERR_OK;
}

static int
by_key(const void *a, const void *b)
{
	return memcmp(((const struct box_record *)a)->key,
	    ((const struct box_record *)b)->key, BOX_KEY);
}

enum err_code
box_sort(struct box *b, struct err *e)
{
	size_t i;

	if (b->n == 0)
		return ERR_OK;
	qsort(b->record, b->n, sizeof(*b->record), by_key);
	for (i = 1; i < b->n; i++)
		if (by_key(&b->record[i - 1], &b->record[i]) == 0)
			return err_set(e, ERR_CORRUPT, "a record stands "
			    "there twice");
	return ERR_OK;
}

void
box_add_token(struct box *b, const unsigned char token[TOKEN_LEN],
    const struct seat *seat)
{
	unsigned char		 key[BOX_KEY];
	struct box_record	*r;

	key_make(key, KIND_TOKEN, token);
	r = insert(b, key, BOX_T_VALUE);
	value_of(b, r)[0] = UNUSED;
	seat_seal(value_of(b, r) + T_SEAT, token, seat);
}

enum token_state
box_token(const struct box *b, const unsigned char token[TOKEN_LEN])
{
	const struct box_record *r = find(b, KIND_TOKEN, token);

	if (r == NULL)
		return TOKEN_ABSENT;
	return value_of(b, r)[0] == USED ? TOKEN_USED : TOKEN_UNUSED;
}

bool
box_has_code(const struct box *b, const unsigned char code[TOKEN_LEN])
{
	return find(b, KIND_BALLOT, code) != NULL;
}

enum err_code
box_token_seat(const struct box *b, const unsigned char token[TOKEN_LEN],
    struct seat *out, struct err *e)
{
	const struct box_record *r = find(b, KIND_TOKEN, token);

	if (r == NULL)
		return err_set(e, ERR_ABSENT, "no such token");
	return seat_open(value_of(b, r) + T_SEAT, token, out, e);
}

enum err_code
box_code_seat(const struct box *b, const unsigned char code[TOKEN_LEN],
    struct seat *out, struct err *e)
{
	const struct box_record *r = find(b, KIND_BALLOT, code);

	if (r == NULL)
		return err_set(e, ERR_ABSENT, "no such change code");
	return seat_open(value_of(b, r), code, out, e);
}

/* Stores the ballot under a code that may or may not be there already. */
static enum err_code
store_ballot(struct box *b, const unsigned char code[TOKEN_LEN],
    const struct seat *seat, const struct box_given *given, struct err *e)
{
	bool			 comments = given->comment != NULL;
	size_t			 len = SEAT_SEALED + ballot_sealed(comments);
	struct ballot		 ballot = { .comments = comments };
	struct box_record	*r = find(b, KIND_BALLOT, code);
	unsigned char		 key[BOX_KEY];

	if (b->ballot != 0 && b->ballot != len)
		return err_set(e, ERR_CORRUPT, "ballots %s comments in a wave "
		    "%s", comments ? "without" : "with",
		    comments ? "with" : "without");
	b->ballot = len;
	if (r == NULL) {
		key_make(key, KIND_BALLOT, code);
		r = insert(b, key, len);
		seat_seal(value_of(b, r), code, seat);
	}
	ballot.unit = seat->unit;
	memcpy(ballot.answer, given->answer, ITEMS_MAX);
	if (comments)
		memcpy(ballot.comment, given->comment,
		    strlen(given->comment) + 1);
	ballot_seal(value_of(b, r) + SEAT_SEALED, given->pub, &ballot);
	crypt_wipe(&ballot, sizeof(ballot));
	return ERR_OK;
}

/* By token (rows) and whether the code is there (columns): DESIGN 4. */
static const enum box_verdict verdicts[][2] = {
	[TOKEN_ABSENT] = { BOX_NO_TOKEN, BOX_NO_TOKEN },
	[TOKEN_UNUSED] = { BOX_RECORDED, BOX_FRESH_FORM },
	[TOKEN_USED] = { BOX_ANSWERED, BOX_RECORDED },
};

enum err_code
box_answer(struct box *b, const unsigned char token[TOKEN_LEN],
    const unsigned char code[TOKEN_LEN], const struct box_given *given,
    enum box_verdict *verdict, struct err *e)
{
	enum token_state	state = box_token(b, token);
	bool			again = box_has_code(b, code);
	struct seat		seat;
	enum err_code		rc;

	*verdict = verdicts[state][again];
	if (*verdict != BOX_RECORDED)
		return ERR_OK;
	rc = again ? box_code_seat(b, code, &seat, e) :
	    box_token_seat(b, token, &seat, e);
	if (rc != ERR_OK)
		return rc;
	value_of(b, find(b, KIND_TOKEN, token))[0] = USED;
	return store_ballot(b, code, &seat, given, e);
}

enum err_code
box_change(struct box *b, const unsigned char from[TOKEN_LEN],
    const unsigned char code[TOKEN_LEN], const struct box_given *given,
    enum box_verdict *verdict, struct err *e)
{
	struct box_record	*old = find(b, KIND_BALLOT, from);
	bool			 again = box_has_code(b, code);
	struct seat		 seat;
	enum err_code		 rc;

	*verdict = BOX_NO_TOKEN;
	if (old == NULL && !again)
		return ERR_OK;
	/* two live codes are two people's: neither may end the other */
	if (old != NULL && again) {
		*verdict = BOX_FRESH_FORM;
		return ERR_OK;
	}
	rc = box_code_seat(b, old != NULL ? from : code, &seat, e);
	if (rc != ERR_OK)
		return rc;
	if (old != NULL)
		delete(b, old);
	*verdict = BOX_RECORDED;
	return store_ballot(b, code, &seat, given, e);
}

size_t
box_used(const struct box *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->n; i++)
		n += b->record[i].key[0] == KIND_TOKEN &&
		    value_of(b, &b->record[i])[0] == USED;
	return n;
}

size_t
box_ballots(const struct box *b)
{
	size_t n = 0;

	while (n < b->n && b->record[n].key[0] == KIND_BALLOT)
		n++;
	return n;
}

enum err_code
box_open_ballot(const struct box *b, size_t i,
    const unsigned char pub[CRYPT_KEY], const unsigned char secret[CRYPT_KEY],
    struct ballot *out, struct err *e)
{
	return ballot_open(value_of(b, &b->record[i]) + SEAT_SEALED,
	    b->ballot - SEAT_SEALED, pub, secret, out, e);
}
