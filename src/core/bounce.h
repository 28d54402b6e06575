/*
 * bounce.h - what a mail that came back means, and for whom.
 *
 * STANDARDS 7.2.  io/bounce.c takes a report apart; this reads the fields of
 * its status part.  No prose is ever read.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_BOUNCE_H
#define SENSED_CORE_BOUNCE_H

#include <stddef.h>

#include "core/token.h"

/* From the mildest on; a complaint is no bounce. */
enum bounce_class {
	BOUNCE_NONE,		/* delayed, delivered, or not understood */
	BOUNCE_SOFT,		/* full, too large, or gave up trying */
	BOUNCE_POLICY,		/* not the person's fault: a rule, or ours */
	BOUNCE_UNKNOWN,
	BOUNCE_HARD,		/* the address is wrong */
	BOUNCE_COMPLAINT,	/* an opt-out */
	BOUNCE__MAX
};

/* B3 and B4, of the fields of one recipient; "" where there is none. */
enum bounce_class bounce_classify(const char *action, const char *status);

/*
 * Of a message/delivery-status part.  A group without Final-Recipient is no
 * recipient's.  Our mails have one recipient, so several are where that one's
 * mail was passed on to: the mildest counts.
 *
 * notice, "" if there is none, is what stands before it for people to read.
 * None of it is interpreted, but one line: OpenSMTPD says "5.0.0" of whatever
 * the next host refused, and quotes that host's reply as "ADDRESS: 550 5.1.1
 * ...".  Where the status is 5.0.0, such a line of that very recipient is it.
 */
enum bounce_class bounce_status(const char *text, size_t len,
		    const char *notice);

/*
 * Of a message/feedback-report part (RFC 5965): BOUNCE_COMPLAINT, or
 * BOUNCE_NONE where it is none ("not-spam" and the like).  from becomes the
 * sender of the mail that is complained about, "" if it is not told.
 */
#define BOUNCE_FIELD	1000	/* bytes of a field that are read, and a NUL */
enum bounce_class bounce_feedback(const char *text, size_t len,
		    char from[BOUNCE_FIELD]);

/*
 * The next ID in a text that holds addresses: what stands between the local
 * part of return_path and "+", and "@".  Returns where to look on, or NULL:
 * there is none.  Whether we issued it tells bounce_check.
 */
const char	*bounce_find(const char *text, const char *return_path,
		    char id[BOUNCE_LEN + 1]);

#endif
