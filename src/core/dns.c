/*
 * dns.c - names, and texts of records.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "core/dns.h"

#define TEXT_MAX	65535

void
dns_wipe(struct dns_answer *a)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		free(a->of[i].text);
	a->n = 0;
}

char *
dns_text(const unsigned char *data, size_t len)
{
	struct buf	b;
	size_t		at = 0, end;

	buf_init(&b, TEXT_MAX);
	while (at < len) {
		end = at + 1 + data[at];
		if (end > len) {
			buf_wipe(&b);
			return NULL;
		}
		while (++at < end)
			buf_addc(&b, data[at] >= ' ' && data[at] <= '~' ?
			    (char)data[at] : '?');
	}
	buf_adds(&b, "");
	return buf_take(&b);
}

void
dns_reverse(char out[DNS_REVERSE], const struct dns_address *a)
{
	static const char	hex[] = "0123456789abcdef";
	struct buf		b;
	size_t			i = a->len;

	buf_init(&b, DNS_REVERSE - 1);
	while (i-- > 0)
		if (a->len == 4)
			buf_addf(&b, "%u.", a->byte[i]);
		else
			buf_addf(&b, "%c.%c.", hex[a->byte[i] & 15],
			    hex[a->byte[i] >> 4]);
	buf_adds(&b, a->len == 4 ? "in-addr.arpa" : "ip6.arpa");
	memcpy(out, buf_str(&b), b.len + 1);
	buf_wipe(&b);
}

bool
dns_below(const char *domain, const char *above)
{
	size_t n = strlen(domain), m = strlen(above);

	return m > 0 && n >= m && strcasecmp(domain + n - m, above) == 0 &&
	    (n == m || domain[n - m - 1] == '.');
}

const char *
dns_shared(const char *a, const char *b)
{
	const char *dot;

	for (; (dot = strchr(a, '.')) != NULL; a = dot + 1)
		if (dns_below(b, a))
			return a;
	return "";
}

bool
dns_is_example(const char *domain)
{
	static const char *const reserved[] = {
		"example", "example.com", "example.net", "example.org",
		"invalid", "localhost", "test"
	};
	size_t i;

	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (dns_below(domain, reserved[i]))
			return true;
	return false;
}
