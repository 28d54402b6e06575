/*
 * importing_parts.h - one import, between the files that carry it out.
 *
 * Nobody but importing*.c includes this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_IMPORTING_PARTS_H
#define SENSED_IO_IMPORTING_PARTS_H

#include "base/crypt.h"
#include "core/tree.h"
#include "io/health.h"
#include "io/importing.h"
#include "io/roster.h"
#include "io/store.h"

/* A row of the units file; its fields lie in one piece behind text. */
struct unit_row {
	char		*text;
	const char	*id, *parent, *name;
	const char	*leader_name, *leader_email, *language;
	unsigned int	 line;
	bool		 again;		/* not the first of its unit */
};

struct unit_rows {
	struct unit_row	*row;		/* in file order */
	struct unit_row	**by_id;	/* by unit, then by line */
	size_t		 n, cap;
};

struct import {
	const struct conf	*conf;
	const char		*survey;
	struct import_files	 files;
	int			 lock;
	struct roster		*old;		/* NULL: none yet */
	struct unit_rows	*rows;		/* of the units file */
	struct store		*new;
	struct store		*known;		/* NULL: dry */
	struct health_fold	*health;	/* NULL: dry */
	unsigned char		 key[CRYPT_KEY];	/* organisation's */
	struct tree		 tree, was;	/* now, and so far (or empty) */
	uint32_t		*old_of;	/* of each unit: place in was */
	bool			*same_way;	/* to the root, as before */
	uint32_t		*joiners;	/* attached: were nowhere */
	uint32_t		*comers;	/* whole: came from elsewhere */
	uint32_t		 stayed;	/* people there before */
	csv_progress		*progress;
	csv_fault		*fault;
	void			*arg;
	uint32_t		 faults;	/* rows of one file */
	struct err		 first;		/* waits for a second */
	struct import_report	 report;
};

/* True for an address whose domain a name server can know. */
bool		import_address(const char *address);
/* "" or a language that is configured, or "both" if there are several. */
bool		import_language(const struct conf *c, const char *lang);

/* Takes a row at fault, for csv_read_on; arg is the import.  What all of them
 * come to when their file, at path, has been read. */
csv_fault	import_fault;
enum err_code	import_faults(const struct import *im, const char *path,
		    struct err *e) MUST_USE;

/* importing_units.c: reads the units file into im->tree and *rows. */
enum err_code	import_read_units(struct import *im, struct unit_rows *rows,
		    struct err *e) MUST_USE;
/* Writes units and leaders into im->new. */
enum err_code	import_put_units(struct import *im,
		    const struct unit_rows *rows, struct err *e) MUST_USE;
void		unit_rows_wipe(struct unit_rows *rows);

/* importing_people.c: the people of the file, row by row; those so far. */
enum err_code	import_old_people(struct import *im, struct err *e) MUST_USE;
enum err_code	import_read_people(struct import *im, struct err *e) MUST_USE;

/* importing_report.c: pairs the trees; notes a person; adds up at the end. */
void		import_pair(struct import *im);
void		import_note(struct import *im, const struct person *now,
		    const struct person *was);
void		import_conclude(struct import *im);

#endif
