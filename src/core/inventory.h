/*
 * inventory.h - every file and record that may stand below the state directory.
 *
 * The tables of DESIGN 4 in a form that a program can hold a disk against: a
 * path or a record key that is in no table was never written by sensed.
 * Whoever adds a kind of file or record adds it here.  Pure: names in, words
 * out; io/auditing.c looks at the disk.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_INVENTORY_H
#define SENSED_CORE_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/publication.h"

enum inventory_kind {
	INV_DIR,		/* of every wave, or of none */
	INV_NOTE,		/* for backup programs, or for ourselves */
	INV_ROSTER,
	INV_HEALTH,
	INV_LAST,
	INV_KEY_ORGANISATION,
	INV_LOCK,
	INV_OPTOUT_KNOWN,
	INV_OPTOUT,
	INV_PUBLISHED,
	INV_DIGEST,
	INV_HEADS_UP,
	/* these go when the wave is published */
	INV_KEY_TOKEN,
	INV_KEY_BALLOT,
	INV_LIST,
	INV_LEDGER,
	INV_WAVE,
	INV_WAVE_HIDDEN,
	INV_ANSWERS,
	INV_BOXES,
	INV_BOX,
	INV_BOX_LOCK,
	INV_ATTENTION,
	INV__MAX
};

struct inventory_file {
	enum inventory_kind	 kind;
	bool			 dir;
	unsigned int		 mode;	/* the most that it may grant */
	const char		*what;	/* what it holds, in plain words */
};

/* Where a path was found in the table. */
struct inventory_place {
	const struct inventory_file	*file;
	bool	 leftover;	/* NAME.new: a write that was cut short */
	char	 wave[WAVE_NAME_MAX + 1];	/* "" if it names none */
	unsigned int	 box;	/* of INV_BOX and INV_BOX_LOCK */
};

/* Looks a path below the state directory up ("" is that directory). */
bool		inventory_find(const char *path, struct inventory_place *out);

/* True if files of this kind are destroyed when the wave is published. */
bool		inventory_transient(enum inventory_kind k);

/* True if files of this kind are stores, whose records are in the table. */
bool		inventory_has_records(enum inventory_kind k);

/*
 * True if a file of this kind may hold a record with this key and value: the
 * key in one of its documented forms, the value with as many fields as it has.
 */
bool		inventory_record(enum inventory_kind k, const char *key,
		    size_t keylen, const char *value, size_t len);

#endif
