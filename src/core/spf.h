/*
 * spf.h - may this address send mail for this domain?  RFC 7208.
 *
 * check_host() as far as a sender needs it before any mail goes.  Terms that
 * only a receiver of a mail can decide (macros, exists, ptr) are not guessed:
 * they make the result unknown where it would depend on them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_SPF_H
#define SENSED_CORE_SPF_H

#include "core/dns.h"

#define SPF_LOOKUPS	10	/* RFC 7208 4.6.4: more is an error */
#define SPF_VOIDS	2	/* of terms that find nothing */

enum spf_end {
	SPF_NONE,		/* no record */
	SPF_PASS,
	SPF_FAIL,
	SPF_SOFTFAIL,
	SPF_NEUTRAL,
	SPF_UNKNOWN,		/* cannot be known from here */
	SPF_PERMERROR,		/* the record is wrong: receivers refuse it */
	SPF_TEMPERROR		/* a look-up failed */
};

struct spf {
	/* given */
	dns_ask			*ask;
	void			*arg;
	struct dns_address	 address;	/* len 0: of nobody */

	/* filled, and zero before */
	unsigned int		 lookups, voids;
	bool			 unsure;	/* met what cannot be decided */
	const char		*why;		/* of an error, in words */
};

/*
 * The result for a domain.  With an address of nobody only "all" matches, so
 * that the whole record is read: the result is then what it says of strangers.
 */
enum spf_end	spf_check(struct spf *s, const char *domain);

#endif
