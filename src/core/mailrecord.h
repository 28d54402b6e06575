/*
 * mailrecord.h - the texts of DKIM keys and DMARC policies.
 *
 * RFC 6376 3.6.1 and RFC 7489 6.3: lists of TAG=VALUE with ; between them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_MAILRECORD_H
#define SENSED_CORE_MAILRECORD_H

#include <stdbool.h>

enum dkim_end {
	DKIM_GOOD,
	DKIM_TESTING,		/* t=y: receivers treat it as unsigned */
	DKIM_SHORT,		/* RSA below 2048 bits */
	DKIM_WEAK,		/* RSA below 1024 bits: not accepted */
	DKIM_REVOKED,		/* p= is empty */
	DKIM_MALFORMED
};

enum dkim_end	dkim_read(const char *text);

enum dmarc_policy { DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT };

struct dmarc {
	enum dmarc_policy	policy;		/* of the domain itself */
	enum dmarc_policy	below;		/* of domains below it */
	bool			strict;		/* SPF must align exactly */
};

/* True if it is a DMARC record at all: other texts may stand beside it. */
bool	dmarc_is(const char *text);

/* False: malformed; *out is left alone. */
bool	dmarc_read(const char *text, struct dmarc *out);

#endif
