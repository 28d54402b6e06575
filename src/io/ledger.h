/*
 * ledger.h - the append-only record of what was mailed.
 *
 * ledgers/WAVE.log and WAVE.digest: records of 64 bytes, nonce (24), then
 * sealed (crypt_lock) 24 bytes and 16 of seal.  Inside, all big-endian:
 * who (8), time (5), kind (1), slot (1), event (1), attempt (1), code (2),
 * synced (4), format (1), which is zero.  `synced` is how many records were
 * surely on the disk when this one was written: below it, nothing may be
 * missing.
 *
 * States a crash can leave, and who repairs each:
 *   a size that is no multiple of 64      cut off by ledger_open
 *   zeros at the end: room for records    cut off by ledger_open or _close
 *   records at the end that do not open   cut off by ledger_open
 *   an empty (all zero) record before a   filled with MAIL_VOID by ledger_open,
 *     good one                            unless it was synced: ERR_CORRUPT
 *   an attempt without an end             stays; it is uncertain (M13)
 * Everything else that does not open is ERR_CORRUPT, and nothing is changed;
 * so is a file of which no record opens: the key is another's.  A record that
 * opens and is of another format is ERR_NEWER, before anything is repaired.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_LEDGER_H
#define SENSED_IO_LEDGER_H

#include <stdbool.h>

#include "base/crypt.h"
#include "base/err.h"
#include "core/standing.h"

#define LEDGER_RECORD	64

struct ledger;

/* Called with every record in order; an error of its own ends the replay. */
typedef enum err_code ledger_visit(void *arg, const struct mail_record *r,
		    struct err *e);

/*
 * Opens for appending, made if it is not there (durably), locks it, repairs
 * it, and replays it.  ERR_BUSY: another process has it.  ERR_CORRUPT,
 * ERR_NEWER, ERR_SYS, or the visitor's.
 */
enum err_code	ledger_open(const char *path,
		    const unsigned char key[CRYPT_KEY], ledger_visit *visit,
		    void *arg, struct ledger **out, struct err *e) MUST_USE;

/* Replays without lock or repair.  ERR_ABSENT, or as ledger_open. */
enum err_code	ledger_replay(const char *path,
		    const unsigned char key[CRYPT_KEY], ledger_visit *visit,
		    void *arg, struct err *e) MUST_USE;

/*
 * Appends; safe from several threads.  With sync, it and all before it are on
 * the disk on return.  After an error the ledger takes nothing more.
 */
enum err_code	ledger_append(struct ledger *l, const struct mail_record *r,
		    bool sync, struct err *e) MUST_USE;

/*
 * Appends a record that must be on the disk only when something else begins:
 * ledger_await(mark) sees to that.  Until then other threads append theirs,
 * and one sync does for all.
 */
enum err_code	ledger_begin(struct ledger *l, const struct mail_record *r,
		    uint32_t *mark, struct err *e) MUST_USE;
enum err_code	ledger_await(struct ledger *l, uint32_t mark, struct err *e)
		    MUST_USE;

/* Every mark up to it is on the disk. */
uint32_t	ledger_synced(struct ledger *l);

/* Syncs what is not synced yet; one sync serves all threads that wait. */
enum err_code	ledger_sync(struct ledger *l, struct err *e) MUST_USE;

/* Closes without syncing; NULL is allowed. */
void		ledger_close(struct ledger **l);

#endif
