/*
 * leaders.h - the mailer's word to leaders before a wave.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_LEADERS_H
#define SENSED_PROG_LEADERS_H

#include <stdbool.h>

#include "core/pace.h"
#include "io/outgoing.h"

/*
 * Mails the leaders of every survey who are owed a word, a turn each, and logs
 * what came of it.  Sets *more if one's time was over.  The first error, if
 * any, which is logged too.
 */
enum err_code	leaders_mail(struct mailing *m, struct turns *t, bool *more);

#endif
