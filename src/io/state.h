/*
 * state.h - the layout of the state directory: one place for every name.
 *
 * DESIGN 4.  All results are the caller's to free.
 *
 *   roster/roster.gdbm      people, units, leaders, opt-outs applied
 *   roster/health.log       bounces and refusals
 *   roster/last-SURVEY      who was in the last wave, in which unit
 *   roster/opened-SURVEY    when a wave was last opened
 *   attention/NAME.TOPIC    what needs a person; told: the mails about it
 *   keys/token/WAVE         token key; keys/ballot/WAVE  ballot secret key
 *   keys/organisation       opt-out and return-path key
 *   ledgers/WAVE.list       frozen list; WAVE.log, WAVE.digest, WAVE.review,
 *                           WAVE.comments, SURVEY-DAY.heads-up  ledgers
 *   published/WAVE.gdbm     published figures: its existence is the state
 *   locks/                  wave-WAVE, roster
 *   waves/TAG-WAVE.gdbm     the wave file; TAG-WAVE.opening before the reveal
 *   answers/TAG-WAVE/boxes/ 0000.gdbm and 0000.lock ...
 *   answers/optout/         known (a store), and one empty file an opt-out
 *   .nobackup CACHEDIR.TAG  in keys/, ledgers/, answers/: not for backups
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_STATE_H
#define SENSED_IO_STATE_H

#include "base/crypt.h"
#include "base/err.h"

enum state_file {
	STATE_ROSTER,		/* no argument */
	STATE_HEALTH,		/* no argument */
	STATE_LAST,		/* survey */
	STATE_TOKEN_KEY,	/* wave */
	STATE_BALLOT_KEY,	/* wave */
	STATE_ORGANISATION_KEY,
	STATE_LIST,		/* wave */
	STATE_LEDGER,		/* wave */
	STATE_DIGEST_LEDGER,	/* wave */
	STATE_HEADS_UP,		/* SURVEY-YYYYMMDD */
	STATE_REVIEW_LEDGER,	/* wave */
	STATE_COMMENTS_LEDGER,	/* wave */
	STATE_PUBLISHED,	/* wave */
	STATE_WAVE_LOCK,	/* wave */
	STATE_ROSTER_LOCK,
	STATE_OPENED,		/* survey */
	STATE_ATTENTION_CALENDAR,	/* survey */
	STATE_ATTENTION_MAIL, STATE_ATTENTION_MISSED,	/* wave */
	STATE_ATTENTION_LEADERS,	/* survey */
	STATE_ATTENTION_PUBLISH, STATE_ATTENTION_DIGEST,	/* wave */
	STATE_ATTENTION_SPACE, STATE_ATTENTION_DIR, STATE_TOLD,
	STATE_OPTOUT_DIR,
	STATE_OPTOUT_KNOWN,
	STATE_OPTOUT,		/* hash */
	STATE_WAVES_DIR, STATE_PUBLISHED_DIR, STATE_LEDGERS_DIR,
	STATE_ANSWERS_DIR,
	STATE__MAX
};

/* The path of a file; arg is NULL where none is needed. */
char		*state_path(const char *dir, enum state_file f,
		    const char *arg);

/* Paths that take the wave's tag beside its name. */
char		*state_wave(const char *dir, unsigned int tag,
		    const char *wave);
char		*state_wave_hidden(const char *dir, unsigned int tag,
		    const char *wave);
char		*state_boxes(const char *dir, unsigned int tag,
		    const char *wave);
char		*state_answers(const char *dir, unsigned int tag,
		    const char *wave);
char		*state_box(const char *dir, unsigned int tag, const char *wave,
		    unsigned int box);
char		*state_box_lock(const char *dir, unsigned int tag,
		    const char *wave, unsigned int box);

/* Makes the directories and the tags that are missing, with the modes of
 * STANDARDS P1. */
enum err_code	 state_prepare(const char *dir, struct err *e) MUST_USE;

/*
 * Syncs those directories: whoever made a name in one (a directory, the
 * organisation's key) may have died before it was on the disk.
 */
enum err_code	 state_sync(const char *dir, struct err *e) MUST_USE;

/* Reads a key of CRYPT_KEY bytes.  ERR_ABSENT, ERR_CORRUPT, ERR_SYS. */
enum err_code	 state_key_read(const char *path, unsigned char key[CRYPT_KEY],
		    struct err *e) MUST_USE;

/* Writes one, durably, mode 0600. */
enum err_code	 state_key_write(const char *path,
		    const unsigned char key[CRYPT_KEY], struct err *e) MUST_USE;

/* The organisation's key, made at the first call. */
enum err_code	 state_organisation_key(const char *dir,
		    unsigned char key[CRYPT_KEY], struct err *e) MUST_USE;

#endif
