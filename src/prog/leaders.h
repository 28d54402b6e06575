/*
 * leaders.h - the mailer's word to leaders before a wave.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_LEADERS_H
#define SENSED_PROG_LEADERS_H

#include "io/mailing.h"

/*
 * Mails the leaders of every survey who are owed a word, and logs what came of
 * it.  The first error, if any, which is logged too.
 */
enum err_code	leaders_mail(const struct mailing *m);

#endif
