/*
 * list.h - the frozen list: who is in a wave, in box order.
 *
 * Who is in the wave, in which box, and how many were invited comes from here
 * alone, whatever is imported meanwhile.  Names and addresses are not here:
 * they are the roster's.  Made at opening, destroyed at publication.
 *
 * ledgers/WAVE.list: a header of 32 bytes ("sensedL1", 1 the format; people
 * and boxes as 4 bytes big-endian each, zero), then one record of 96 bytes a
 * person, sealed under a key derived from the wave's token key with its index
 * as nonce: person id (64, zero padded), unit (4), box (2), language (1),
 * address (8: the first bytes of bounce_who, to tell whether it is the same
 * still), zero (1), and 16 of seal.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_LIST_H
#define SENSED_IO_LIST_H

#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "io/roster.h"

#define LIST_WHO	8

struct list_person {
	char		id[PERSON_ID_MAX + 1];
	uint32_t	unit;	/* index in the frozen tree */
	unsigned int	box;
	unsigned char	lang;	/* index, or LANG_BOTH */
	unsigned char	who[LIST_WHO];	/* of the address at opening */
};

struct list;

/* Starts path anew, for people in any order of writing. */
enum err_code	list_create(const char *path,
		    const unsigned char token_key[CRYPT_KEY], uint32_t people,
		    struct list **out, struct err *e) MUST_USE;
enum err_code	list_put(struct list *l, uint32_t index,
		    const struct list_person *p, struct err *e) MUST_USE;
/* Writes the number of boxes, syncs, closes. */
enum err_code	list_finish(struct list **l, unsigned int boxes, struct err *e)
		    MUST_USE;

/* Opens for reading.  ERR_ABSENT, ERR_CORRUPT, ERR_NEWER, ERR_SYS. */
enum err_code	list_open(const char *path,
		    const unsigned char token_key[CRYPT_KEY],
		    struct list **out, struct err *e) MUST_USE;
uint32_t	list_people(const struct list *l);
unsigned int	list_boxes(const struct list *l);

/* Person `index`; safe from several threads at once.  ERR_CORRUPT. */
enum err_code	list_get(const struct list *l, uint32_t index,
		    struct list_person *p, struct err *e) MUST_USE;

/* Looks a person up, in time that grows with the list; *index is the place.
 * ERR_ABSENT, e not filled. */
enum err_code	list_find(const struct list *l, const char *id,
		    struct list_person *p, uint32_t *index, struct err *e)
		    MUST_USE;

/* Closes without syncing; NULL is allowed. */
void		list_close(struct list **l);

#endif
