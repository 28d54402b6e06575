/*
 * letters.h - the mails of an open wave, each made just before it goes, or a
 * second before.
 *
 * Decides at the last moment whether a person is still to be mailed: on the
 * roster, with an address, not opted out, and, for anything but a first
 * invitation and what the person asked for, with an unused link (STANDARDS
 * M18).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_LETTERS_H
#define SENSED_IO_LETTERS_H

#include "base/crypt.h"
#include "base/err.h"
#include "core/wave.h"
#include "io/conf.h"
#include "io/pool.h"

struct letters;

enum letters_skip {
	SKIP_NONE,
	SKIP_ANSWERED,	/* never counted, never told: SCORING 9.4 */
	SKIP_OUT,	/* opted out */
	SKIP_GONE	/* not on the roster any more, or cannot be mailed */
};

/*
 * For `threads` threads, each with `ahead` desks; conf and wave must outlive
 * it.  ERR_ABSENT,
 * ERR_CORRUPT, ERR_SYS: the wave's list, the organisation's key or the roster
 * cannot be read.
 */
enum err_code	letters_open(const struct conf *conf, const struct wave *wave,
		    const unsigned char token_key[CRYPT_KEY],
		    unsigned int threads, unsigned int ahead,
		    struct letters **out, struct err *e) MUST_USE;
void		letters_close(struct letters **l);

/* The wave closes then; safe while others make letters. */
void		letters_extend(struct letters *l, int64_t closes);

/*
 * The mail of job->who, an index into the frozen list, of kind job->kind.
 * ERR_ABSENT: *skip tells why there is none.  Others: the mail cannot be made
 * for anybody, or the store is damaged.  The mail is good until the desk's
 * next call; thread t has the desks from t * ahead.
 */
enum err_code	letters_make(struct letters *l, unsigned int desk,
		    const struct pool_job *job, struct smtp_mail *mail,
		    enum letters_skip *skip, struct err *e) MUST_USE;

#endif
