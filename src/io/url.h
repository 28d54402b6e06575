/*
 * url.h - the parts of a URL, as far as a configuration needs them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_URL_H
#define SENSED_IO_URL_H

#include <stdbool.h>
#include <stddef.h>

/* Pieces of the text that was parsed; nothing to free. */
struct url {
	const char	*scheme, *host, *path;
	size_t		 scheme_len, host_len, path_len;
	bool		 loopback;	/* the host is this machine, surely */
};

/*
 * Splits SCHEME://HOST[:PORT][/PATH].  Host: a name, an IPv4 address, or an
 * IPv6 address in brackets.  Path: letters, digits and ._~-/ only.  False: not
 * of that form (user, query, fragment, escapes, spaces).
 */
bool	url_parse(const char *s, struct url *u);

/* True if the scheme is that word. */
bool	url_is(const struct url *u, const char *scheme);

#endif
