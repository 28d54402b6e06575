/*
 * fuzz_bounce.c - messages that come back.
 *
 * The whole way that a stranger's bytes go: gmime, the status part, the IDs in
 * the addresses.  What comes out is a class and IDs of the right form (B1, B2),
 * and the same bytes give the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/mem.h"
#include "io/bounce.h"
#include "fuzz.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	bounce_start();
	return crypt_init() ? 0 : 1;
}

static void
judge(const struct returned *r)
{
	unsigned int i;

	must(r->class < BOUNCE__MAX && r->n <= RETURNED_IDS);
	for (i = 0; i < r->n; i++)
		must(strspn(r->id[i], "abcdefghijklmnopqrstuvwxyz0123456789")
		    == BOUNCE_LEN && r->id[i][BOUNCE_LEN] == '\0');
}

/* The status part by itself: no gmime to put it right first. */
static void
read_parts(const uint8_t *data, size_t len)
{
	char	from[BOUNCE_FIELD], *copy = malloc(len), *notice;

	must(copy != NULL || len == 0);
	if (len > 0)
		memcpy(copy, data, len);	/* no NUL behind it */
	must(bounce_status(copy, len, "") < BOUNCE_COMPLAINT);
	notice = mem_dup((const char *)data, len);
	must(bounce_status(copy, len, notice) < BOUNCE_COMPLAINT);
	free(notice);
	must(bounce_feedback(copy, len, from) < BOUNCE__MAX);
	must(memchr(from, '\0', sizeof(from)) != NULL);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char	path[] = "pulse-bounce@taf.example";
	struct returned		a, b;

	memset(&a, 0x55, sizeof(a));
	bounce_read(data, len, path, &a);
	judge(&a);
	bounce_read(data, len, path, &b);
	must(memcmp(&a, &b, sizeof(a)) == 0);
	read_parts(data, len);
	return 0;
}
