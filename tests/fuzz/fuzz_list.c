/*
 * fuzz_list.c - the bytes of a frozen list.
 *
 * The first byte says whether the records that follow are sealed for the input,
 * so that what is inside them is read, or are taken as they are.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fuzz.h"
#include "io/list.h"

#define HEADER	32
#define PLAIN	80
#define RECORD	(PLAIN + CRYPT_LOCK)

static unsigned char	bytes[1 << 14];
static size_t		size;

/* As the head of list.h says. */
static void
seal(struct input *in, const unsigned char key[CRYPT_KEY])
{
	unsigned char	plain[PLAIN], derived[CRYPT_KEY];
	unsigned char	nonce[CRYPT_NONCE] = { 0 };
	size_t		i;

	crypt_derive(derived, key, CRYPT_KEY, "frozen list");
	for (i = 0; i < PLAIN; i++)
		plain[i] = (unsigned char)input_byte(in);
	nonce[3] = (unsigned char)((size - HEADER) / RECORD);
	crypt_lock(bytes + size, derived, nonce, plain, PLAIN);
	size += RECORD;
}

static void
judge(const char *path, const unsigned char key[CRYPT_KEY])
{
	struct list_person	 p;
	struct list		*l;
	struct err		 e;
	enum err_code		 rc = list_open(path, key, &l, &e);
	uint32_t		 i, n;

	must(rc == ERR_OK || rc == ERR_CORRUPT || rc == ERR_NEWER);
	if (rc != ERR_OK)
		return;
	n = list_people(l);
	must(HEADER + (uint64_t)n * RECORD == size);
	for (i = 0; i <= n; i++) {
		rc = list_get(l, i, &p, &e);
		must(rc == ERR_OK || rc == ERR_CORRUPT);
		if (rc == ERR_OK)
			must(strlen(p.id) < sizeof(p.id));
	}
	(void)list_boxes(l);
	list_close(&l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const unsigned char	key[CRYPT_KEY] = { 3 };
	struct input			in = { data, len };
	bool				sealed = input_byte(&in) % 2 == 0;
	size_t				i;

	must(crypt_init());
	for (i = 0; i < HEADER; i++)
		bytes[i] = (unsigned char)input_byte(&in);
	if (sealed) {
		memcpy(bytes, "sensedL1\0\0\0", 11);
		bytes[11] = (unsigned char)((in.n + PLAIN - 1) / PLAIN);
	}
	size = HEADER;
	while (in.n > 0 && size + RECORD < sizeof(bytes))
		if (sealed)
			seal(&in, key);
		else
			bytes[size++] = (unsigned char)input_byte(&in);
	judge(fuzz_file(0, bytes, size), key);
	return 0;
}
