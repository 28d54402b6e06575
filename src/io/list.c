/*
 * list.c - the frozen list.
 *
 * Records have a fixed size and are sealed one by one, so that the list can be
 * written in any order and read in any order, with memory for one.  The nonce
 * is the index: a list is written once under its key, and never changed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "io/file.h"
#include "io/list.h"

#define MAGIC		"sensedL"
#define FORMAT		'1'	/* behind it */
#define HEADER		32
#define PLAIN		80
#define RECORD		(PLAIN + CRYPT_LOCK)

struct list {
	int		 fd;
	char		*path;
	uint32_t	 people;
	unsigned int	 boxes;
	unsigned char	 key[CRYPT_KEY];
};

static void
nonce_of(unsigned char nonce[CRYPT_NONCE], uint32_t index)
{
	memset(nonce, 0, CRYPT_NONCE);
	bytes_put32(nonce, index);
}

static struct list *
list_new(const char *path, const unsigned char token_key[CRYPT_KEY])
{
	struct list *l = mem_zero(1, sizeof(*l));

	l->path = mem_str(path);
	l->fd = -1;
	crypt_derive(l->key, token_key, CRYPT_KEY, "frozen list");
	return l;
}

enum err_code
list_create(const char *path, const unsigned char token_key[CRYPT_KEY],
    uint32_t people, struct list **out, struct err *e)
{
	struct list	*l = list_new(path, token_key);
	off_t		 size = HEADER + (off_t)people * RECORD;

	l->people = people;
	l->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (l->fd == -1 || ftruncate(l->fd, size) == -1) {
		err_sys(e, "%s", path);
		list_close(&l);
		return ERR_SYS;
	}
	*out = l;
	return ERR_OK;
}

enum err_code
list_put(struct list *l, uint32_t index, const struct list_person *p,
    struct err *e)
{
	unsigned char plain[PLAIN] = { 0 }, sealed[RECORD];
	unsigned char nonce[CRYPT_NONCE];

	memcpy(plain, p->id, strlen(p->id));
	bytes_put32(plain + 64, p->unit);
	plain[68] = (unsigned char)(p->box >> 8);
	plain[69] = (unsigned char)p->box;
	plain[70] = p->lang;
	memcpy(plain + 71, p->who, LIST_WHO);
	nonce_of(nonce, index);
	crypt_lock(sealed, l->key, nonce, plain, sizeof(plain));
	if (!file_write_at(l->fd, sealed, sizeof(sealed),
	    HEADER + (off_t)index * RECORD))
		return err_sys(e, "%s: write", l->path);
	return ERR_OK;
}

enum err_code
list_finish(struct list **lp, unsigned int boxes, struct err *e)
{
	struct list	*l = *lp;
	unsigned char	 header[HEADER] = { 0 };
	enum err_code	 rc = ERR_OK;

	memcpy(header, MAGIC, sizeof(MAGIC) - 1);
	header[sizeof(MAGIC) - 1] = FORMAT;
	bytes_put32(header + 8, l->people);
	bytes_put32(header + 12, boxes);
	if (!file_write_at(l->fd, header, sizeof(header), 0) ||
	    fsync(l->fd) == -1)
		rc = err_sys(e, "%s: write", l->path);
	list_close(lp);
	return rc;
}

static enum err_code
read_header(struct list *l, struct err *e)
{
	unsigned char	header[HEADER];
	struct stat	st;
	ssize_t		n;
	char		format[2] = "";

	n = file_read_at(l->fd, header, sizeof(header), 0);
	if (n == -1 || fstat(l->fd, &st) == -1)
		return err_sys(e, "%s", l->path);
	if (n == (ssize_t)sizeof(header) &&
	    memcmp(header, MAGIC, sizeof(MAGIC) - 1) == 0 &&
	    (format[0] = (char)header[sizeof(MAGIC) - 1]) > FORMAT)
		return err_newer(e, l->path, format);
	if (n != (ssize_t)sizeof(header) ||
	    memcmp(header, MAGIC, sizeof(MAGIC) - 1) != 0 ||
	    format[0] != FORMAT ||
	    st.st_size != HEADER + (off_t)bytes_get32(header + 8) * RECORD)
		return err_set(e, ERR_CORRUPT, "%s: not a whole frozen list",
		    l->path);
	l->people = bytes_get32(header + 8);
	l->boxes = bytes_get32(header + 12);
	return ERR_OK;
}

enum err_code
list_open(const char *path, const unsigned char token_key[CRYPT_KEY],
    struct list **out, struct err *e)
{
	struct list	*l = list_new(path, token_key);
	enum err_code	 rc;

	if ((l->fd = open(path, O_RDONLY | O_CLOEXEC)) == -1) {
		rc = err_sys(e, "%s", path);
		if (errno == ENOENT)
			rc = e->code = ERR_ABSENT;
	} else
		rc = read_header(l, e);
	if (rc == ERR_OK)
		*out = l;
	else
		list_close(&l);
	return rc;
}

uint32_t
list_people(const struct list *l)
{
	return l->people;
}

unsigned int
list_boxes(const struct list *l)
{
	return l->boxes;
}

enum err_code
list_get(const struct list *l, uint32_t index, struct list_person *p,
    struct err *e)
{
	unsigned char	plain[PLAIN], sealed[RECORD], nonce[CRYPT_NONCE];
	ssize_t		n;

	n = file_read_at(l->fd, sealed, sizeof(sealed),
	    HEADER + (off_t)index * RECORD);
	if (n == -1)
		return err_sys(e, "%s: read", l->path);
	nonce_of(nonce, index);
	if (n != (ssize_t)sizeof(sealed) ||
	    !crypt_unlock(plain, l->key, nonce, sealed, sizeof(sealed)))
		return err_set(e, ERR_CORRUPT, "%s: record %u does not open",
		    l->path, index);
	memset(p, 0, sizeof(*p));
	memcpy(p->id, plain, PERSON_ID_MAX);
	p->unit = bytes_get32(plain + 64);
	p->box = (unsigned int)plain[68] << 8 | plain[69];
	p->lang = plain[70];
	memcpy(p->who, plain + 71, LIST_WHO);
	return ERR_OK;
}

enum err_code
list_find(const struct list *l, const char *id, struct list_person *p,
    uint32_t *index, struct err *e)
{
	enum err_code	rc;
	uint32_t	i;

	for (i = 0; i < list_people(l); i++) {
		if ((rc = list_get(l, i, p, e)) != ERR_OK)
			return rc;
		if (strcmp(p->id, id) == 0) {
			*index = i;
			return ERR_OK;
		}
	}
	return ERR_ABSENT;
}

void
list_close(struct list **lp)
{
	struct list *l = *lp;

	if (l == NULL)
		return;
	if (l->fd != -1)
		close(l->fd);
	crypt_wipe(l->key, sizeof(l->key));
	free(l->path);
	free(l);
	*lp = NULL;
}
