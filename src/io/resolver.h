/*
 * resolver.h - asks the domain name system; the only user of the C library's
 * resolver.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_RESOLVER_H
#define SENSED_IO_RESOLVER_H

#include "base/err.h"
#include "core/dns.h"

struct resolver;

/*
 * Asks the resolvers of this machine, or, if server is not NULL, that one:
 * ADDRESS or ADDRESS:PORT, IPv4.  Asks nothing yet.  ERR_INPUT: server is not
 * of that form; ERR_SYS.
 */
enum err_code	resolver_open(const char *server, struct resolver **out,
		    struct err *e) MUST_USE;
void		resolver_close(struct resolver **r);

/*
 * A dns_ask; arg is the resolver.  Names are taken as they are, without the
 * search list.  After one question that nobody answered at all, every other
 * fails at once.
 */
enum dns_end	resolver_ask(void *arg, enum dns_type type, const char *name,
		    struct dns_answer *out);

/* True if a question was answered by nobody. */
bool		resolver_silent(const struct resolver *r);

#endif
