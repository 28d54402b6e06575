/*
 * fuzz_ledger.c - the bytes of a ledger, whole records and damaged ones.
 *
 * The input is a row of orders, each a byte: a good record, an empty one, one
 * under another key, or raw bytes.  A repaired ledger reads the same again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fuzz.h"
#include "io/ledger.h"

static unsigned char	key[CRYPT_KEY], bytes[1 << 16];
static size_t		size;

/* As the head of ledger.h says. */
static void
put_good(struct input *in, const unsigned char *with)
{
	unsigned char	plain[24];
	size_t		i;

	for (i = 0; i < sizeof(plain); i++)
		plain[i] = (unsigned char)input_byte(in);
	memset(bytes + size, (int)size & 0xff, CRYPT_NONCE);
	crypt_lock(bytes + size + CRYPT_NONCE, with, bytes + size, plain,
	    sizeof(plain));
	size += LEDGER_RECORD;
}

static void
put(struct input *in)
{
	static const unsigned char	other[CRYPT_KEY] = { 1 };
	unsigned int			what = input_byte(in), i;

	switch (what % 4) {
	case 0:
		put_good(in, key);
		break;
	case 1:
		size += LEDGER_RECORD;
		break;
	case 2:
		put_good(in, other);
		break;
	default:
		for (i = 0; i < what / 4; i++)
			bytes[size++] = (unsigned char)input_byte(in);
	}
}

static enum err_code
see(void *arg, const struct mail_record *r, struct err *e)
{
	struct standings *s = arg;

	(void)e;
	if (s != NULL && r->who < s->n)
		(void)standings_apply(s, (size_t)r->who, r);
	return ERR_OK;
}

static void
judge(const char *path, struct standings *s)
{
	struct ledger	*l;
	struct err	 e;
	enum err_code	 before, rc;
	size_t		 i;

	before = ledger_replay(path, key, see, s, &e);
	must(before == ERR_OK || before == ERR_CORRUPT ||
	    before == ERR_NEWER);
	for (i = 0; i < s->n; i++) {
		must(standing_owed(&s->of[i], 1) >= -1);
		must(standing_owed(&s->of[i], 1) < MAIL_KIND__MAX);
		must(standing_owed(&s->of[i], -1) == -1);
		must(standing_uncertain(&s->of[i]) <= 2);
		must(!standing_awaits(&s->of[i]) ||
		    !standing_unreachable(&s->of[i]));
	}
	(void)standings_storm(s);
	rc = ledger_open(path, key, see, NULL, &l, &e);
	must(rc == before);
	if (rc != ERR_OK)
		return;
	must(ledger_append(l, &(struct mail_record){ .event = MAIL_SENT },
	    false, &e) == ERR_OK);
	ledger_close(&l);
	must(ledger_replay(path, key, see, NULL, &e) == ERR_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input		in = { data, len };
	static struct standings	s;
	char			path[96];

	must(crypt_init());
	memset(bytes, 0, sizeof(bytes));
	size = 0;
	while (in.n > 0 && size + 128 < sizeof(bytes))
		put(&in);
	snprintf(path, sizeof(path), "%s/ledger", fuzz_dir());
	fuzz_write(path, bytes, size);
	standings_init(&s, 4);
	judge(path, &s);
	standings_wipe(&s);
	return 0;
}
