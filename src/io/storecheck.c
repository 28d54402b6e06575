/*
 * storecheck.c - the structure of a GDBM file, checked before GDBM reads it.
 *
 * Only what GDBM 1.23 writes by default with blocks of STORE_BLOCK: a header;
 * a directory of 2^bits addresses; buckets, each for one run of entries whose
 * first bits are those of its hashes; in a bucket, elements by open addressing.
 * Of each element: its record lies in the file, its hash is its key's, it can
 * be found from its home without a gap, and no other there has its key.  The
 * lists of free space are GDBM's to check.  Values are not looked at.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"
#include "io/storecheck.h"

#define MAGIC		0x13579acf
#define HASH_BITS	31
#define DIR_BITS_MIN	9	/* a directory fills a block at least */
#define DIR_BITS_MAX	28
#define FREE		(-1)	/* hash of an element that is not in use */
#define MAPPED_BYTES	(1024 * 1024)	/* larger files are read piece by
					 * piece: memory stays flat */
#define KEY_LONGEST	1024	/* no key of ours is longer */

/* As they lie in the file, laid out by the compiler as GDBM's are. */
struct header {
	int	magic, block;
	off_t	dir;
	int	dir_size, dir_bits, bucket_size, elements;
	off_t	next;		/* where the file ends */
};

struct element {
	int	hash;
	char	start[4];	/* of the key */
	off_t	at;		/* key, and value behind it */
	int	key, value;	/* sizes */
};

struct bucket {
	int	frees;
	struct {
		int	size;
		off_t	at;
	} free[6];
	int	bits, count;
	struct element element[1];
};

#define ELEMENTS ((int)((STORE_BLOCK - sizeof(struct bucket)) / \
	sizeof(struct element)) + 1)

union block {
	unsigned char	bytes[STORE_BLOCK];
	struct bucket	b;
};

struct file {
	int		 fd;
	const char	*bytes;		/* mapped; NULL: it is large */
	off_t		 size;
	struct header	 h;
};

/* len bytes at a place inside the file: mapped, or read into buf. */
static const char *
part(const struct file *f, off_t at, size_t len, char *buf)
{
	if (f->bytes != NULL)
		return f->bytes + at;
	return file_read_at(f->fd, buf, len, at) == (ssize_t)len ? buf : NULL;
}

static bool
header_good(struct file *f)
{
	struct header	*h = &f->h;
	char		 buf[sizeof(*h)];
	const char	*p = part(f, 0, sizeof(*h), buf);

	if (p == NULL)
		return false;
	memcpy(h, p, sizeof(*h));
	return h->magic == MAGIC && h->block == STORE_BLOCK &&
	    h->bucket_size == STORE_BLOCK && h->elements == ELEMENTS &&
	    h->dir_bits >= DIR_BITS_MIN && h->dir_bits < DIR_BITS_MAX &&
	    h->dir_size == (int)sizeof(off_t) << h->dir_bits &&
	    h->dir >= STORE_BLOCK && h->dir < f->size - h->dir_size &&
	    h->next == f->size;
}

/* The address of the bucket in a place of the directory; -1: unreadable. */
static off_t
entry(const struct file *f, unsigned int i)
{
	off_t		 at;
	char		 buf[sizeof(at)];
	const char	*p = part(f, f->h.dir + (off_t)i * (off_t)sizeof(at),
			    sizeof(at), buf);

	if (p == NULL)
		return -1;
	memcpy(&at, p, sizeof(at));
	return at;
}

/* GDBM's hash of a key; the characters are signed where char is. */
static int
hash_of(const char *key, int len)
{
	unsigned int	v = 0x238f13afU * (unsigned int)len;
	int		i;

	for (i = 0; i < len; i++)
		v = (v + ((unsigned int)key[i] << (unsigned int)i * 5 % 24)) &
		    INT32_MAX;
	return (int)((1103515243U * v + 12345) & INT32_MAX);
}

static bool
inside(const struct file *f, const struct element *el)
{
	return el->key >= 0 && el->value >= 0 && el->at >= STORE_BLOCK &&
	    el->key <= KEY_LONGEST && el->at <= f->size &&
	    el->key <= f->size - el->at &&
	    el->value <= f->size - el->at - el->key;
}

/* Is b's key the one that is given? */
static bool
same_key(const struct file *f, const struct element *a, const char *key,
    const struct element *b)
{
	char		 buf[KEY_LONGEST];
	const char	*other;

	if (a->hash != b->hash || a->key != b->key || !inside(f, b))
		return false;
	other = part(f, b->at, (size_t)b->key, buf);
	return other == NULL || memcmp(key, other, (size_t)a->key) == 0;
}

/* The n-th element: what GDBM would find there, and no other before it. */
static bool
element_good(const struct file *f, const struct bucket *b, int n)
{
	const struct element	*el = &b->element[n];
	size_t			 start = sizeof(el->start);
	char			 buf[KEY_LONGEST];
	const char		*key;
	int			 i;

	if (el->hash < 0 || !inside(f, el) ||
	    (key = part(f, el->at, (size_t)el->key, buf)) == NULL ||
	    hash_of(key, el->key) != el->hash)
		return false;
	if ((size_t)el->key < start)
		start = (size_t)el->key;
	if (memcmp(el->start, key, start) != 0)
		return false;
	for (i = el->hash % ELEMENTS; i != n; i = (i + 1) % ELEMENTS)
		if (b->element[i].hash == FREE ||
		    same_key(f, el, key, &b->element[i]))
			return false;
	return true;
}

static bool
elements_good(const struct file *f, const struct bucket *b, int prefix)
{
	int i, used = 0;

	for (i = 0; i < ELEMENTS; i++) {
		if (b->element[i].hash == FREE)
			continue;
		used++;
		if (!element_good(f, b, i) ||
		    b->element[i].hash >> (HASH_BITS - b->bits) != prefix)
			return false;
	}
	return used == b->count;
}

/* The bucket of directory entry i, and its whole run: *first, *past. */
static bool
bucket_good(const struct file *f, unsigned int i, unsigned int *past)
{
	union block	block;
	struct bucket	*b = &block.b;
	const char	*bytes;
	off_t		at = entry(f, i);
	unsigned int	run, first, k;

	if (at < STORE_BLOCK || at > f->size - STORE_BLOCK)
		return false;
	bytes = part(f, at, STORE_BLOCK, (char *)block.bytes);
	if (bytes == NULL)
		return false;
	memmove(block.bytes, bytes, STORE_BLOCK);
	if (b->bits < 0 || b->bits > f->h.dir_bits)
		return false;
	run = 1U << (f->h.dir_bits - b->bits);
	first = i / run * run;
	*past = first + run;
	for (k = first; k < *past; k++)
		if (entry(f, k) != at)
			return false;
	return elements_good(f, b, (int)(first / run));
}

static bool
file_good(struct file *f, const void *key, size_t keylen)
{
	unsigned int i, past;

	if (!header_good(f))
		return false;
	if (key != NULL) {
		i = (unsigned int)hash_of(key, (int)keylen) >>
		    (HASH_BITS - f->h.dir_bits);
		return bucket_good(f, i, &past);
	}
	for (i = 0; i < 1U << f->h.dir_bits; i = past)
		if (!bucket_good(f, i, &past))
			return false;
	return true;
}

static enum err_code
check(int fd, const char *path, const void *key, size_t keylen, struct err *e)
{
	struct file	f = { .fd = fd };
	struct stat	st;
	void		*map = NULL;
	bool		good;

	if (fstat(fd, &st) == -1)
		return err_sys(e, "%s", path);
	if (!S_ISREG(st.st_mode) || st.st_size < STORE_BLOCK)
		return err_set(e, ERR_CORRUPT, "%s: no file of sensed's, or "
		    "one cut short", path);
	f.size = st.st_size;
	if (f.size <= MAPPED_BYTES)
		map = mmap(NULL, (size_t)f.size, PROT_READ, MAP_SHARED |
		    (key == NULL ? MAP_POPULATE : 0), fd, 0);
	if (map == MAP_FAILED)
		return err_sys(e, "%s: map", path);
	f.bytes = map;
	good = file_good(&f, key, keylen);
	if (map != NULL)
		munmap(map, (size_t)f.size);
	return good ? ERR_OK : err_set(e, ERR_CORRUPT, "%s: damaged: its "
	    "structure is not as it was written", path);
}

enum err_code
storecheck_open(const char *path, const void *key, size_t keylen, int *fd,
    struct err *e)
{
	enum err_code	rc;
	int		new = open(path, O_RDONLY | O_CLOEXEC);

	if (new == -1) {
		rc = err_sys(e, "%s", path);
		if (errno == ENOENT)
			rc = err_set(e, ERR_ABSENT, "%s: no such file", path);
		return rc;
	}
	if ((rc = check(new, path, key, keylen, e)) != ERR_OK)
		close(new);
	else
		*fd = new;
	return rc;
}
