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
	if (b->record != NULL)
		crypt_wipe(b->record, b->cap * sizeof(*b->record));
	free(b->record);
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

static void
reserve(struct box *b)
{
	if (b->n < b->cap)
		return;
	b->cap = b->cap != 0 ? b->cap * 2 : 64;
	b->record = mem_resize(b->record, b->cap, sizeof(*b->record));
}

/* Makes room for a record at its place; its value is all zero. */
static struct box_record *
insert(struct box *b, const unsigned char key[BOX_KEY])
{
	bool	found;
	size_t	i = place(b, key, &found);

	reserve(b);
	memmove(&b->record[i + 1], &b->record[i],
	    (b->n - i) * sizeof(*b->record));
	b->n++;
	memset(&b->record[i], 0, sizeof(b->record[i]));
	memcpy(b->record[i].key, key, BOX_KEY);
	return &b->record[i];
}

static void
delete(struct box *b, struct box_record *r)
{
	size_t i = (size_t)(r - b->record);

	memmove(r, r + 1, (b->n - i - 1) * sizeof(*r));
	b->n--;
}

enum err_code
box_append(struct box *b, const unsigned char *key, size_t keylen,
    const unsigned char *value, size_t len, struct err *e)
{
	struct box_record *r;

	if (keylen != BOX_KEY || b->n >= BOX_RECORDS_MAX ||
	    !((key[0] == KIND_TOKEN && len == BOX_T_VALUE && value[0] <= USED)
	    || (key[0] == KIND_BALLOT && len == BOX_B_VALUE)))
		return err_set(e, ERR_CORRUPT, "a record that sensed never "
		    "wrote");
	reserve(b);
	r = &b->record[b->n++];
	memset(r, 0, sizeof(*r));
	memcpy(r->key, key, BOX_KEY);
	memcpy(r->value, value, len);
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
	r = insert(b, key);
	r->value[0] = UNUSED;
	seat_seal(r->value + T_SEAT, token, seat);
}

enum token_state
box_token(const struct box *b, const unsigned char token[TOKEN_LEN])
{
	const struct box_record *r = find(b, KIND_TOKEN, token);

	if (r == NULL)
		return TOKEN_ABSENT;
	return r->value[0] == USED ? TOKEN_USED : TOKEN_UNUSED;
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
	return seat_open(r->value + T_SEAT, token, out, e);
}

enum err_code
box_code_seat(const struct box *b, const unsigned char code[TOKEN_LEN],
    struct seat *out, struct err *e)
{
	const struct box_record *r = find(b, KIND_BALLOT, code);

	if (r == NULL)
		return err_set(e, ERR_ABSENT, "no such change code");
	return seat_open(r->value, code, out, e);
}

/* Stores the ballot under a code that may or may not be there already. */
static void
store_ballot(struct box *b, const unsigned char code[TOKEN_LEN],
    const struct seat *seat, const unsigned char answer[ITEMS_MAX],
    const unsigned char pub[CRYPT_KEY])
{
	struct box_record	*r = find(b, KIND_BALLOT, code);
	struct ballot		 ballot = { .unit = seat->unit };
	unsigned char		 key[BOX_KEY];

	memcpy(ballot.answer, answer, ITEMS_MAX);
	if (r == NULL) {
		key_make(key, KIND_BALLOT, code);
		r = insert(b, key);
		seat_seal(r->value, code, seat);
	}
	ballot_seal(r->value + SEAT_SEALED, pub, &ballot);
	crypt_wipe(&ballot, sizeof(ballot));
}

/* By token (rows) and whether the code is there (columns): DESIGN 4. */
static const enum box_verdict verdicts[][2] = {
	[TOKEN_ABSENT] = { BOX_NO_TOKEN, BOX_NO_TOKEN },
	[TOKEN_UNUSED] = { BOX_RECORDED, BOX_FRESH_FORM },
	[TOKEN_USED] = { BOX_ANSWERED, BOX_RECORDED },
};

enum err_code
box_answer(struct box *b, const unsigned char token[TOKEN_LEN],
    const unsigned char code[TOKEN_LEN],
    const unsigned char answer[ITEMS_MAX],
    const unsigned char ballot_pub[CRYPT_KEY], enum box_verdict *verdict,
    struct err *e)
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
	find(b, KIND_TOKEN, token)->value[0] = USED;
	store_ballot(b, code, &seat, answer, ballot_pub);
	return ERR_OK;
}

enum err_code
box_change(struct box *b, const unsigned char from[TOKEN_LEN],
    const unsigned char code[TOKEN_LEN],
    const unsigned char answer[ITEMS_MAX],
    const unsigned char ballot_pub[CRYPT_KEY], enum box_verdict *verdict,
    struct err *e)
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
	store_ballot(b, code, &seat, answer, ballot_pub);
	*verdict = BOX_RECORDED;
	return ERR_OK;
}

size_t
box_used(const struct box *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->n; i++)
		n += b->record[i].key[0] == KIND_TOKEN &&
		    b->record[i].value[0] == USED;
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
	return ballot_open(b->record[i].value + SEAT_SEALED, pub, secret, out,
	    e);
}
