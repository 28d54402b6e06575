/*
 * fuzz_record.c - hostile records in a whole GDBM file, of every kind.
 *
 * The input names a kind and what is done to the records of a good store of
 * it: dropped, given another value or one other field, or added.  The store is
 * then written anew by our own code and read by all that reads its kind.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fuzz.h"
#include "io/store.h"
#include "kinds.h"

#define RECORDS_MAX	1024
#define CHANGES_MAX	16

struct rec {
	const char	*key, *value;
	size_t		 keylen, len;
};

static struct rec	good[KIND__MAX][RECORDS_MAX], now[RECORDS_MAX];
static size_t		n_good[KIND__MAX], n;
static char		text[65536];	/* of changed values */
static size_t		text_used;

static enum err_code
take(void *arg, const char *key, size_t keylen, const char *value, size_t len,
    struct err *e)
{
	enum kind k = *(enum kind *)arg;

	(void)e;
	must(n_good[k] < RECORDS_MAX);
	good[k][n_good[k]++] = (struct rec){ mem_dup(key, keylen),
	    mem_dup(value, len), keylen, len };
	return ERR_OK;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct store	*s;
	struct err	 e;
	enum kind	 k;

	(void)argc, (void)argv;
	kinds_make();
	for (k = 0; k < KIND__MAX; k++) {
		MUST_OK(store_open(kinds[k].path, &s, &e));
		MUST_OK(store_each(s, take, &k, &e));
		store_close(&s);
	}
	return 0;
}

/* Up to 255 bytes of the input, with a NUL behind them. */
static const char *
bytes(struct input *in, size_t *len)
{
	char *p = text + text_used;

	*len = input_byte(in);
	if (*len > in->n)
		*len = in->n;
	memcpy(p, in->p, *len);
	p[*len] = '\0';
	in->p += *len;
	in->n -= *len;
	text_used += *len + 1;
	return p;
}

/* Puts a text in place of field f of a record. */
static void
put_field(struct rec *r, unsigned int f, const char *with, size_t with_len)
{
	char		*p = text + text_used, *to = p;
	const char	*at = r->value, *end = r->value + r->len;
	size_t		 len;
	unsigned int	 i;

	for (i = 0; at < end; i++) {
		len = strnlen(at, (size_t)(end - at));
		memcpy(to, i == f ? with : at, i == f ? with_len : len);
		to += i == f ? with_len : len;
		*to++ = '\0';
		at += len + 1;
	}
	r->value = p;
	r->len = (size_t)(to - p);
	text_used += r->len + 1;
}

enum what {
	WHAT_DROP,
	WHAT_VALUE,
	WHAT_FIELD,
	WHAT_KEY,
	WHAT_ADD,
	WHAT_SAME,		/* the value of another record */
	WHAT__MAX
};

static void
change(struct input *in)
{
	enum what	 w = input_byte(in) % WHAT__MAX;
	struct rec	*r = &now[n != 0 ? input_number(in, 2) % n : 0];
	const char	*p;
	size_t		 len;

	if (w == WHAT_ADD && n < RECORDS_MAX) {
		r = &now[n++];
		r->key = bytes(in, &r->keylen);
		r->value = bytes(in, &r->len);
	} else if (n == 0)
		return;
	else if (w == WHAT_DROP)
		*r = now[--n];
	else if (w == WHAT_VALUE)
		r->value = bytes(in, &r->len);
	else if (w == WHAT_KEY)
		r->key = bytes(in, &r->keylen);
	else if (w == WHAT_FIELD) {
		unsigned int f = input_byte(in);

		p = bytes(in, &len);
		put_field(r, f, p, len);
	} else {
		const struct rec *other = &now[input_number(in, 2) % n];

		r->value = other->value;
		r->len = other->len;
	}
}

static void
write_store(const char *path)
{
	struct store	*s;
	struct err	 e;
	enum err_code	 rc;
	size_t		 i;

	MUST_OK(store_create(path, 0600, 1, &s, &e));
	for (i = 0; i < n; i++) {
		rc = store_put(s, now[i].key, now[i].keylen, now[i].value,
		    now[i].len, &e);
		must(rc == ERR_OK || rc == ERR_USED);
	}
	MUST_OK(store_commit(&s, &e));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input	in = { data, len };
	enum kind	k = input_byte(&in) % KIND__MAX;
	int		i;

	memcpy(now, good[k], sizeof(now));
	n = n_good[k];
	text_used = 0;
	for (i = 0; i < CHANGES_MAX && in.n > 0; i++)
		change(&in);
	write_store(kinds[k].path);
	kinds[k].read(kinds[k].path);
	kinds_restore(k);
	return 0;
}
