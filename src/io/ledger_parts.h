/*
 * ledger_parts.h - the records of a ledger, for ledger*.c alone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_LEDGER_PARTS_H
#define SENSED_IO_LEDGER_PARTS_H

#include "io/ledger.h"

#define LEDGER_FORMAT	0	/* the last byte of a record */

/* synced: how many records were surely on the disk before this one. */
void	ledger_seal(unsigned char out[LEDGER_RECORD], const unsigned char *key,
	    const struct mail_record *r, uint32_t synced);

/* False: it does not open.  Only *format is sure if it is not LEDGER_FORMAT. */
bool	ledger_unseal(struct mail_record *r, uint32_t *synced,
	    unsigned int *format, const unsigned char *key,
	    const unsigned char in[LEDGER_RECORD]);

bool	ledger_is_empty(const unsigned char in[LEDGER_RECORD]);

#endif
