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

enum mailing_order {
	MAILING_PAUSE,
	MAILING_RESUME,
	MAILING_FORCE		/* go on, also with what is late (M14) */
};

/*
 * What the administrator wants of a wave's mailing.  ERR_USED: it is so
 * already.  ERR_BUSY: mail is going out this moment.  ERR_ABSENT: no such open
 * wave.
 */
enum err_code	mailing_order(const char *state_dir, const char *wave,
		    enum mailing_order order, int64_t now, struct err *e)
		    MUST_USE;

#endif
