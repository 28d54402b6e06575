/*
 * reply.h - what a relay's answer means for the mail, and for whom.
 *
 * STANDARDS 7.1.  The transport (io/smtp.c) says how the exchange ended, which
 * command was answered last, and with what; this says the class.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_REPLY_H
#define SENSED_CORE_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#define REPLY_WORDS	200	/* R4: most characters of a reply in a log */
#define REPLY_LINE_MAX	512	/* bytes of a reply line that are kept */

/* How the exchange ended, in the transport's eyes. */
enum reply_end {
	REPLY_DONE,		/* all of it succeeded: the only success, R1 */
	REPLY_ANSWERED,		/* the relay's last answer was the end */
	REPLY_DENIED,		/* no way to log in, whatever it answered */
	REPLY_UNREACHED,	/* no such host, or no connection */
	REPLY_TLS,		/* no TLS, or not with whom we wanted */
	REPLY_LOST,		/* the connection dropped; a code is stale */
	REPLY_TIMEOUT,
	REPLY_LOCAL		/* this machine or its configuration */
};

/* The command that is under way or was answered last. */
enum reply_stage {
	STAGE_CONNECT,	/* up to and with the greeting */
	STAGE_EHLO,
	STAGE_TLS,
	STAGE_AUTH,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA,	/* the command: 354 not seen yet */
	STAGE_BODY	/* from 354 to the answer after the final dot */
};

enum reply_class {
	CLASS_SENT,
	CLASS_TEMPORARY,
	CLASS_REFUSED_PERSON,	/* the address is wrong: health hard */
	CLASS_REFUSED_SOFT,	/* full or too large: one soft mark */
	CLASS_UNCLEAR,		/* refused, and nobody can tell why */
	CLASS_OURS,		/* our fault: nobody's health changes */
	CLASS_UNCERTAIN,	/* may have been accepted */
	CLASS__MAX
};

struct reply {
	enum reply_end	 end;
	enum reply_stage stage;
	int		 code;	/* of the last reply of this mail; 0: none */
	const char	*line;	/* that reply's last line; "": none */
};

enum reply_class reply_classify(const struct reply *r);

/*
 * The enhanced status code of a reply line, as subject * 1000 + detail (5.1.1
 * is 1001); -1 if there is none or its class is not that of the basic code.
 */
int		 reply_enhanced(const char *line);

/* A reply that is being read; {0} at the start. */
struct reply_text {
	char	line[REPLY_LINE_MAX];	/* its last line so far */
	char	text[REPLY_LINE_MAX];	/* all as one, the code once */
	size_t	len;
	bool	more;		/* that line was not the reply's last */
};

/* Takes a line in: the first of a reply, if the one before was a last. */
void		 reply_gather(struct reply_text *t, const char *line,
		     size_t len);

/*
 * What of a reply may be logged: at most REPLY_WORDS printable characters.
 * "..." stands for a word that may name a person or carry a token: one with an
 * @, a URL, a byte that is not ASCII, or 24 letters and digits in a row; one
 * that holds the local part of address, or a word of it or of name.
 */
void		 reply_words(char out[REPLY_WORDS + 1], const char *line,
		     const char *address, const char *name);

#endif
