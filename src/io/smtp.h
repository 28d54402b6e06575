/*
 * smtp.h - one mail at a time to a relay, by libcurl.
 *
 * It belongs to one thread and keeps its connections between mails.  The bytes
 * of a mail are finished (core/message.h); here they are only checked.
 * STANDARDS M1, M4, M5, M10 and 7.1; doc/spec/FACTS 3.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_SMTP_H
#define SENSED_IO_SMTP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "core/reply.h"
#include "io/conf.h"

struct smtp;

struct smtp_mail {
	const char	*from;	/* return path, an address */
	const char	*to;	/* one address */
	const char	*name;	/* whose that is, to be kept out of words */
	const char	*data;	/* headers and body, lines end CRLF */
	size_t		 len;
	/*
	 * Asked when the relay waits for the mail, before its first byte:
	 * false, and it does not leave.  NULL: it may.
	 */
	bool		(*ready)(void *arg);
	void		*arg;
};

struct smtp_result {
	enum reply_class class;
	int		 code;		/* of the reply that decided; or 0 */
	bool		 no_session;	/* it never came to MAIL */
	char		 words[REPLY_WORDS + 1];	/* fit for a log */
};

/* Once a process, before any thread.  ERR_SYS. */
enum err_code	smtp_start(struct err *e) MUST_USE;

/* M10: whether TLS is asked of this relay.  ERR_INPUT: it does not allow it. */
enum err_code	smtp_tls(const struct conf_mail *m, const char *relay,
		    bool *tls, struct err *e) MUST_USE;

/*
 * Connects to nothing yet.  m must outlive it; password (NULL: none) is copied
 * and wiped; *steps grows with all that goes over the wire, either way (NULL:
 * nobody looks).  ERR_INPUT: a relay that M10 does not allow.
 */
enum err_code	smtp_open(const struct conf_mail *m, const char *password,
		    atomic_uint *steps, struct smtp **out, struct err *e)
		    MUST_USE;

/*
 * Sends one mail by that relay of conf_mail and says what became of it.  An
 * address with a space, < or > or a control character, or data with a bare CR
 * or LF, never leaves.
 */
void		smtp_send(struct smtp *s, size_t relay,
		    const struct smtp_mail *m, struct smtp_result *r);

/* Says QUIT, closes, wipes; NULL is allowed. */
void		smtp_close(struct smtp **s);

#endif
