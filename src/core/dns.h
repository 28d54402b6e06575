/*
 * dns.h - what the domain name system says, as values.
 *
 * Whoever needs an answer is given a function that asks (io/resolver.h asks a
 * resolver, a test a table), so that what is made of it stays pure.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_DNS_H
#define SENSED_CORE_DNS_H

#include <stdbool.h>
#include <stddef.h>

#define DNS_NAME_MAX	253	/* characters, RFC 1035 2.3.4 */
#define DNS_RECORDS	32	/* of an answer that are looked at */
#define DNS_REVERSE	73	/* "f.f. ... ip6.arpa" and NUL */

enum dns_type { DNS_A, DNS_AAAA, DNS_MX, DNS_TXT, DNS_PTR, DNS__MAX };

enum dns_end {
	DNS_FOUND,
	DNS_NONE,	/* no such name, or no such record */
	DNS_FAILED	/* it could not be found out */
};

struct dns_address {
	unsigned char	byte[16];
	size_t		len;	/* 4 or 16; 0: none */
};

struct dns_record {
	struct dns_address	 address;	/* of A and AAAA */
	char			*text;	/* of TXT joined, MX and PTR a name;
					 * NULL if it was malformed */
};

struct dns_answer {
	struct dns_record	of[DNS_RECORDS];
	size_t			n;
};

/* Asks; *out is to be wiped whatever comes of it. */
typedef enum dns_end dns_ask(void *arg, enum dns_type type, const char *name,
		    struct dns_answer *out);

void	dns_wipe(struct dns_answer *a);

/*
 * The strings of a TXT record, each behind its length, as one text; a byte
 * that is not printable ASCII becomes '?'.  NULL: they are not of that form.
 * The caller frees.
 */
char	*dns_text(const unsigned char *data, size_t len);

/* The name under which the PTR record of an address stands. */
void	dns_reverse(char out[DNS_REVERSE], const struct dns_address *a);

/* Is it this domain or one below?  Upper and lower case are one. */
bool	dns_below(const char *domain, const char *above);

/* The longest name of two labels or more that both are or are below, as it
 * ends a; "" if there is none. */
const char	*dns_shared(const char *a, const char *b);

/* A name that is reserved for examples or tests: nobody has it. */
bool	dns_is_example(const char *domain);

#endif
