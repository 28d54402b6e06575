/*
 * doctor_names.c - SPF and reverse DNS of what we mail as.
 *
 * Which address our mail finally comes from is known only if a relay has a
 * public one and hands on nothing: where it cannot be known, that is said.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/spf.h"
#include "io/doctor_parts.h"
#include "io/resolver.h"
#include "io/url.h"

#define ADDRESSES_MAX	8

struct names {
	const struct strand	*s;
	struct resolver		*resolver;
	const char		*from, *path;	/* domains */
	struct dns_address	 relay[ADDRESSES_MAX];	/* public ones */
	size_t			 n;
	bool			 hidden;	/* some relay has none */
};

/* An address that nobody outside can see. */
static bool
is_private(const struct dns_address *a)
{
	const unsigned char *b = a->byte;

	if (a->len == 4)
		return b[0] == 10 || b[0] == 127 || b[0] == 0 ||
		    (b[0] == 172 && b[1] >= 16 && b[1] < 32) ||
		    (b[0] == 192 && b[1] == 168) ||
		    (b[0] == 100 && b[1] >= 64 && b[1] < 128) ||
		    (b[0] == 169 && b[1] == 254);
	return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && b[1] >= 0x80) ||
	    (b[0] == 0 && b[1] == 0);
}

static void
add_address(struct names *n, const struct dns_address *a)
{
	if (is_private(a))
		n->hidden = true;
	else if (n->n < ADDRESSES_MAX)
		n->relay[n->n++] = *a;
}

static void
resolve(struct names *n, const char *host)
{
	static const enum dns_type	types[] = { DNS_A, DNS_AAAA };
	struct dns_answer		a;
	size_t				i, k, before = n->n;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		(void)resolver_ask(n->resolver, types[i], host, &a);
		for (k = 0; k < a.n; k++)
			add_address(n, &a.of[k].address);
		dns_wipe(&a);
	}
	n->hidden |= n->n == before;
}

/* The addresses of all relays, as far as they can be known. */
static void
find_relays(struct names *n)
{
	const struct conf_mail	*m = &n->s->doctor->conf->mail;
	struct dns_address	 a;
	struct url		 u;
	char			*host;
	size_t			 i;

	for (i = 0; i < m->n_relays; i++) {
		if (!url_parse(m->relay[i], &u) || u.loopback) {
			n->hidden = true;
			continue;
		}
		host = *u.host == '[' ? mem_dup(u.host + 1, u.host_len - 2) :
		    mem_dup(u.host, u.host_len);
		memset(&a, 0, sizeof(a));
		if (inet_pton(AF_INET, host, a.byte) == 1)
			a.len = 4;
		else if (inet_pton(AF_INET6, host, a.byte) == 1)
			a.len = 16;
		if (a.len > 0)
			add_address(n, &a);
		else
			resolve(n, host);
		free(host);
	}
}

static const char *
show(const struct dns_address *a, char out[INET6_ADDRSTRLEN])
{
	return inet_ntop(a->len == 4 ? AF_INET : AF_INET6, a->byte, out,
	    INET6_ADDRSTRLEN);
}

/* ------------------------------------------------------------------- SPF */

static void
spf_of_relay(struct names *n, const struct dns_address *a)
{
	struct spf	spf = { .ask = resolver_ask, .arg = n->resolver,
			    .address = *a };
	enum spf_end	end = spf_check(&spf, n->path);
	char		text[INET6_ADDRSTRLEN];

	show(a, text);
	if (end == SPF_PASS)
		strand_say(n->s, DOCTOR_FINE, "SPF of %s: allows the relay's "
		    "address %s", n->path, text);
	else if (end == SPF_UNKNOWN || end == SPF_TEMPERROR)
		strand_say(n->s, DOCTOR_WARNING, "SPF of %s: whether it allows "
		    "the relay's address %s cannot be known from here; ask who "
		    "runs the domain", n->path, text);
	else if (end == SPF_PERMERROR)
		strand_say(n->s, DOCTOR_PROBLEM, "SPF of %s: is wrong (%s): "
		    "receivers may refuse the mail; correct the record",
		    n->path, spf.why);
	else
		strand_say(n->s, end == SPF_FAIL ? DOCTOR_PROBLEM :
		    DOCTOR_WARNING, "SPF of %s: does not allow the relay's "
		    "address %s: receivers may refuse the mail; add it to the "
		    "record, unless the relay hands the mail on to a server "
		    "that is in it", n->path, text);
}

/* What the record says of strangers; false: no relay can be held against it. */
static bool
spf_of_strangers(struct names *n)
{
	struct spf	spf = { .ask = resolver_ask, .arg = n->resolver };
	enum spf_end	end = spf_check(&spf, n->path);

	switch (end) {
	case SPF_NONE:
		strand_say(n->s, DOCTOR_WARNING, "SPF of %s: there is no "
		    "record: receivers cannot tell your mail from a forger's; "
		    "publish one that names what sends your mail, in the form "
		    "v=spf1 ip4:ADDRESS -all", n->path);
		return false;
	case SPF_PERMERROR:
		strand_say(n->s, DOCTOR_PROBLEM, "SPF of %s: is wrong (%s): "
		    "receivers may refuse the mail; correct the record",
		    n->path, spf.why);
		return false;
	case SPF_TEMPERROR:
		strand_say(n->s, DOCTOR_WARNING, "SPF of %s: the look-up "
		    "failed; run this again, and ask who runs the domain if "
		    "it stays so", n->path);
		return false;
	case SPF_PASS:
		strand_say(n->s, DOCTOR_PROBLEM, "SPF of %s: allows everybody "
		    "(+all): a forger's mail passes like yours; end the "
		    "record with -all", n->path);
		return false;
	default:
		strand_say(n->s, DOCTOR_FINE, "SPF of %s: one record, %u "
		    "look-ups of 10", n->path, spf.lookups);
		return true;
	}
}

static void
look_at_spf(struct names *n)
{
	size_t i;

	if (!spf_of_strangers(n))
		return;
	for (i = 0; i < n->n; i++)
		spf_of_relay(n, &n->relay[i]);
	if (n->hidden)
		strand_say(n->s, DOCTOR_WARNING, "SPF of %s: a relay has no "
		    "public address: from which one its mail leaves cannot be "
		    "known from here; ask who runs it whether the record "
		    "allows it", n->path);
}

/* ----------------------------------------------------------- reverse DNS */

static bool
leads_back(struct names *n, const char *host, const struct dns_address *to)
{
	struct dns_answer	a;
	bool			found = false;
	size_t			i;

	(void)resolver_ask(n->resolver, to->len == 4 ? DNS_A : DNS_AAAA, host,
	    &a);
	for (i = 0; i < a.n; i++)
		found |= a.of[i].address.len == to->len &&
		    memcmp(a.of[i].address.byte, to->byte, to->len) == 0;
	dns_wipe(&a);
	return found;
}

static void
look_at_reverse(struct names *n, const struct dns_address *a)
{
	struct dns_answer	 back;
	enum dns_end		 end;
	char			 name[DNS_REVERSE], text[INET6_ADDRSTRLEN];
	const char		*host;

	show(a, text);
	dns_reverse(name, a);
	end = resolver_ask(n->resolver, DNS_PTR, name, &back);
	host = back.n > 0 ? back.of[0].text : "";
	if (end == DNS_FAILED)
		strand_say(n->s, DOCTOR_WARNING, "reverse DNS of %s: the "
		    "look-up failed; run this again", text);
	else if (end == DNS_NONE)
		strand_say(n->s, DOCTOR_WARNING, "reverse DNS of %s: the "
		    "relay's address has no name: receivers outside may refuse "
		    "its mail; ask who runs the address for a PTR record",
		    text);
	else if (!leads_back(n, host, a))
		strand_say(n->s, DOCTOR_WARNING, "reverse DNS of %s: its name "
		    "%s does not lead back to it: receivers outside may refuse "
		    "its mail; make both agree", text, host);
	else
		strand_say(n->s, DOCTOR_FINE, "reverse DNS of %s: %s, and "
		    "back", text, host);
	dns_wipe(&back);
}

static void
look(struct names *n)
{
	struct dns_answer	a;
	size_t			i;

	(void)resolver_ask(n->resolver, DNS_TXT, n->path, &a);
	dns_wipe(&a);
	if (resolver_silent(n->resolver)) {
		strand_say(n->s, DOCTOR_WARNING, "no resolver answers: SPF, "
		    "DKIM, DMARC and reverse DNS are not known; run this again "
		    "with a network");
		return;
	}
	find_relays(n);
	look_at_spf(n);
	strand_dkim(n->s, n->resolver, n->from);
	strand_dmarc(n->s, n->resolver, n->from, n->path);
	for (i = 0; i < n->n; i++)
		look_at_reverse(n, &n->relay[i]);
}

void
strand_names(const struct strand *s)
{
	const struct site	*site = &s->doctor->conf->site;
	struct names		 n = { .s = s,
				     .from = strand_domain(site->from.address),
				     .path = strand_domain(site->return_path) };
	struct err		 e;

	if (s->doctor->resolver == NULL && (dns_is_example(n.from) ||
	    dns_is_example(n.path))) {
		strand_say(s, DOCTOR_WARNING, "mail.from: %s is a name for "
		    "examples, which nobody has: SPF, DKIM, DMARC and reverse "
		    "DNS are not looked at; set it to your own", n.from);
		return;
	}
	if (resolver_open(s->doctor->resolver, &n.resolver, &e) != ERR_OK) {
		strand_say(s, DOCTOR_WARNING, "%s", e.msg);
		return;
	}
	look(&n);
	resolver_close(&n.resolver);
}
