/*
 * fuzz_store.c - the bytes of a GDBM file, of every kind that we write.
 *
 * The input names a kind and the changes to a good file of it, each of twelve
 * bytes: what to change, how many bytes, where, and to what.  Places are those
 * that matter to GDBM: header, directory, buckets, elements in use, and the
 * records themselves.  A damaged file is reported, or reads as it was: never a
 * crash, never without end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fuzz.h"
#include "kinds.h"

#define CHANGES_MAX	8
#define ELEMENT		24	/* bytes of a bucket's element */
#define FIRST		112	/* place of the first in its bucket */

enum place {
	PLACE_ANY,
	PLACE_HEADER,
	PLACE_DIRECTORY,
	PLACE_BUCKET,		/* its head */
	PLACE_ELEMENT,		/* of one in use */
	PLACE_DOUBLE,		/* an element becomes another */
	PLACE_POINT,		/* a directory entry becomes another */
	PLACE_SIZE,		/* of the file */
	PLACE__MAX
};

static unsigned char	bytes[1 << 20];
static size_t		size;

static uint64_t
word(size_t at, unsigned int n)
{
	uint64_t v = 0;

	if (at <= size && n <= size - at)	/* at is of the file's bytes */
		memcpy(&v, bytes + at, n);
	return v;
}

/* The place of the n-th element in use, counted round; 0: none. */
static size_t
element(size_t n)
{
	size_t	dir = word(8, 8), entries = word(16, 4) / 8, elems;
	size_t	i, j, at, used = 0, of = 0, seen;
	size_t	round;

	elems = word(28, 4);
	for (round = 0; round < 2; round++) {
		seen = 0;
		for (i = 0; i < entries && i < 4096; i++) {
			at = word(dir + i * 8, 8);
			if (i > 0 && at == word(dir + i * 8 - 8, 8))
				continue;
			for (j = 0; j < elems && j < 4096; j++)
				if ((int32_t)word(at + FIRST + j * ELEMENT,
				    4) > 0 && round == 1 && seen++ == of)
					return at + FIRST + j * ELEMENT;
				else if ((int32_t)word(at + FIRST +
				    j * ELEMENT, 4) > 0 && round == 0)
					used++;
		}
		if (used == 0)
			return 0;
		of = n % used;
	}
	return 0;
}

static size_t
place_of(enum place p, unsigned int where)
{
	size_t dir = word(8, 8), entries = word(16, 4) / 8;

	switch (p) {
	case PLACE_HEADER:
		return where % 24 * 4;
	case PLACE_DIRECTORY:
		return entries != 0 ? dir + where % entries * 8 : dir;
	case PLACE_BUCKET:
		return word(dir + where / 32 % 2048 * 8, 8) + where % 32 * 4;
	case PLACE_ELEMENT:
		return element(where / 8) + where % 8 * 4 % ELEMENT;
	default:
		return where % (size + 1);
	}
}

static void
copy(size_t to, size_t from, size_t n)
{
	if (to < size && from < size && n <= size - to && n <= size - from)
		memmove(bytes + to, bytes + from, n);
}

static void
change(struct input *in)
{
	enum place	p = input_byte(in) % PLACE__MAX;
	unsigned int	width = 1U << input_byte(in) % 4;
	unsigned int	where = (unsigned int)input_number(in, 2);
	uint64_t	value = input_number(in, 8);
	size_t		dir = word(8, 8), at = place_of(p, where);

	switch (p) {
	case PLACE_DOUBLE:
		copy(element(where), element(value & 0xffff), ELEMENT);
		break;
	case PLACE_POINT:
		copy(dir + where % 512 * 8, dir + value % 512 * 8, 8);
		break;
	case PLACE_SIZE:
		size = value % (size + 4096);
		break;
	default:
		if (at < size && width <= size - at)
			memcpy(bytes + at, &value, width);
	}
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	kinds_make();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input	in = { data, len };
	enum kind	k = input_byte(&in) % KIND__MAX;
	int		i;

	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes, kinds[k].bytes, kinds[k].size);
	size = kinds[k].size;
	for (i = 0; i < CHANGES_MAX && in.n > 0; i++)
		change(&in);
	fuzz_write(kinds[k].path, bytes, size);
	kinds[k].read(kinds[k].path);
	kinds_restore(k);
	return 0;
}
