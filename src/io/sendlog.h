/*
 * sendlog.h - the ledger of a wave's mails, as its people's standings.
 *
 * ledgers/WAVE.log under a key derived from the wave's token key; `who` is the
 * person's index in the frozen list.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SENDLOG_H
#define SENSED_IO_SENDLOG_H

#include "base/crypt.h"
#include "base/err.h"
#include "core/standing.h"
#include "io/ledger.h"

/*
 * Opens for appending, as ledger_open, and fills *s, which must have been
 * started for the wave's people.
 */
enum err_code	sendlog_open(const char *path,
		    const unsigned char token_key[CRYPT_KEY],
		    struct standings *s, struct ledger **out, struct err *e)
		    MUST_USE;

/* The same for reading only, as ledger_replay. */
enum err_code	sendlog_replay(const char *path,
		    const unsigned char token_key[CRYPT_KEY],
		    struct standings *s, struct err *e) MUST_USE;

#endif
