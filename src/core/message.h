/*
 * message.h - one finished mail, every octet of it.
 *
 * multipart/alternative, text first; STANDARDS M1 to M9 and M15.  The bytes
 * go to the relay as they are, so all line ends are CRLF and no line is over
 * 998 octets.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_MESSAGE_H
#define SENSED_CORE_MESSAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "core/address.h"
#include "core/stencil.h"

/* All text UTF-8 without control characters; the bodies may hold TAB and line
 * ends of any kind. */
struct message {
	const struct mailbox	*from;
	const struct mailbox	*to;
	const char		*reply_to;	/* address; "" or NULL: none */
	const char		*subject;
	const char		*message_id;	/* without <> */
	const char		*date;		/* RFC 5322, ready-made */
	const char		*list_id;	/* "staff.pulse.taf.example" */
	const char		*list_name;	/* words before it, or "" */
	const char		*unsubscribe;	/* URL; "" or NULL: none */
	const char		*lang;		/* Content-Language: "cy, en" */
	const char		*text;
	const char		*html;
	/* or, of a mail for many, all NULL or none: */
	const struct stencil	*text_stencil;
	const struct stencil	*html_stencil;
	const char *const	*values;	/* of their slots */
};

/*
 * Appends the message, headers and bodies, to out.  The boundary is made from
 * the Message-ID, so the same input gives the same bytes.  ERR_INPUT: a
 * control character, text that is not UTF-8, or what the field cannot hold, in
 * any field (the message names the field, never its value), or out over its
 * ceiling; out is as it was.
 */
enum err_code	message_build(struct buf *out, const struct message *m,
		    struct err *e) MUST_USE;

#endif
