/*
 * url.c - takes configured URLs apart.
 *
 * Loopback is decided by spelling alone ("localhost", 127.x.x.x, [::1]): a
 * name that a resolver may send elsewhere does not count.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/num.h"
#include "io/url.h"

#define DIGITS	"0123456789"
#define LETTERS	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define PORT_MAX	65535

static bool
is_loopback(const char *host, size_t len)
{
	if (len == 9 && memcmp(host, "localhost", len) == 0)
		return true;
	if (len == 5 && memcmp(host, "[::1]", len) == 0)
		return true;
	return len > 4 && memcmp(host, "127.", 4) == 0 &&
	    strspn(host, DIGITS ".") >= len;
}

/* Length of the host at s, 0 if it is none. */
static size_t
host_span(const char *s)
{
	size_t n;

	if (s[0] != '[')
		return strspn(s, LETTERS DIGITS ".-");
	n = strspn(s + 1, DIGITS "abcdefABCDEF:.");
	return n > 0 && s[n + 1] == ']' ? n + 2 : 0;
}

bool
url_parse(const char *s, struct url *u)
{
	uint64_t	 port;
	size_t		 n;

	u->scheme = s;
	u->scheme_len = strspn(s, LETTERS);
	s += u->scheme_len;
	if (u->scheme_len == 0 || strncmp(s, "://", 3) != 0)
		return false;
	u->host = s + 3;
	u->host_len = host_span(u->host);
	if (u->host_len == 0)
		return false;
	s = u->host + u->host_len;
	if (*s == ':') {
		n = strspn(++s, DIGITS);
		if (!num_parse(s, n, 1, PORT_MAX, &port))
			return false;
		s += n;
	}
	u->path = s;
	u->path_len = strspn(s, LETTERS DIGITS "._~-/");
	u->loopback = is_loopback(u->host, u->host_len);
	return s[u->path_len] == '\0' && (*s == '/' || *s == '\0');
}

bool
url_is(const struct url *u, const char *scheme)
{
	return u->scheme_len == strlen(scheme) &&
	    memcmp(u->scheme, scheme, u->scheme_len) == 0;
}
