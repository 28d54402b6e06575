/*
 * sender.h - a connection that mails through several relays.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SENDER_H
#define SENSED_IO_SENDER_H

#include "io/smtp.h"

struct sender;

/* The sender of this number, 0 and up, of those that mail; as smtp_open. */
enum err_code	sender_open(const struct conf_mail *m, size_t number,
		    const char *password, atomic_uint *steps,
		    struct sender **out, struct err *e) MUST_USE;

/*
 * Sends one mail as smtp_send does, through the first relay that takes the
 * session.  If none does, that is temporary.
 */
void		sender_send(struct sender *s, const struct smtp_mail *m,
		    struct smtp_result *r);

/* As smtp_close. */
void		sender_close(struct sender **s);

#endif
