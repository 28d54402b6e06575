/*
 * doctor_net.c - the relays, the web address and the clock.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/dns.h"
#include "io/clock.h"
#include "io/doctor_parts.h"
#include "io/probe.h"
#include "io/url.h"

#define CLOCK_SECONDS	300
#define CERT_DAYS	14
#define DAY		86400

static void
say_good_relay(const struct strand *s, const char *relay,
    const struct probe *p)
{
	strand_say(s, DOCTOR_FINE, "relay %s: takes a session, %s%s%s%s%s",
	    relay, p->tls ? "with TLS and a good certificate" :
	    "without TLS, on this machine", p->login ? ", and our login" : "",
	    p->size ? "; SIZE" : "", p->eight ? "; 8BITMIME" : "",
	    p->utf8 ? "; SMTPUTF8" : "; no SMTPUTF8: addresses with letters "
	    "outside ASCII before the @ cannot be mailed");
}

void
strand_relay(const struct strand *s)
{
	const struct conf_mail	*m = &s->doctor->conf->mail;
	const char		*relay = m->relay[s->number];
	struct probe		 p;
	struct err		 e;

	if (probe_relay(m, relay, s->doctor->password, &p, &e) != ERR_OK) {
		strand_say(s, DOCTOR_PROBLEM, "relay %s: %s", relay, e.msg);
		return;
	}
	switch (p.end) {
	case PROBE_GOOD:
		say_good_relay(s, relay, &p);
		break;
	case PROBE_UNREACHED:
		strand_say(s, DOCTOR_WARNING, "relay %s: cannot be reached "
		    "(%s): no mail goes out until it can; look at mail.relay, "
		    "the firewall and the network", relay, p.words);
		break;
	case PROBE_TLS:
		strand_say(s, DOCTOR_PROBLEM, "relay %s: no TLS that can be "
		    "trusted (%s): no mail goes out; the relay needs a "
		    "certificate for this name, from an authority that this "
		    "machine knows", relay, p.words);
		break;
	case PROBE_LOGIN:
		strand_say(s, DOCTOR_PROBLEM, "relay %s: refuses our login "
		    "(%d): no mail goes out; look at mail.user and the "
		    "password", relay, p.code);
		break;
	case PROBE_ODD:
		strand_say(s, DOCTOR_PROBLEM, "relay %s: takes no session "
		    "(%d %s): no mail goes out; ask who runs it whether this "
		    "machine may send", relay, p.code, p.words);
		break;
	}
}

static void
say_clock(const struct strand *s, int64_t theirs)
{
	int64_t apart = clock_now() - theirs;

	if (theirs == 0)
		return;
	if (apart < -CLOCK_SECONDS || apart > CLOCK_SECONDS)
		strand_say(s, DOCTOR_WARNING, "clock: %" PRId64 " seconds %s "
		    "the web server's: waves would open and close at the "
		    "wrong time; set the clock by NTP", apart < 0 ? -apart :
		    apart, apart < 0 ? "behind" : "ahead of");
	else
		strand_say(s, DOCTOR_FINE, "clock: as the web server's");
}

static void
say_page(const struct strand *s, const char *url, const struct probe *p)
{
	int64_t days = (p->expires - clock_now()) / DAY;

	if (!p->ours)
		strand_say(s, DOCTOR_PROBLEM, "web.base_url: %s answers %d, "
		    "and not with our page: links in mails would not work; "
		    "look at the web server's configuration and the answer "
		    "service", url, p->code);
	else if (p->expires != 0 && days < CERT_DAYS)
		strand_say(s, DOCTOR_WARNING, "web.base_url: the certificate "
		    "of %s ends in %" PRId64 " days: browsers will refuse the "
		    "page; renew it", url, days);
	else
		strand_say(s, DOCTOR_FINE, "web.base_url: %s answers with our "
		    "page%s", url, p->expires != 0 ?
		    ", and has a good certificate" : "");
}

static void
look_at_page(const struct strand *s, const char *url)
{
	struct probe	p;
	struct err	e;

	if (probe_web(url, &p, &e) != ERR_OK) {
		strand_say(s, DOCTOR_WARNING, "web.base_url: %s", e.msg);
		return;
	}
	switch (p.end) {
	case PROBE_TLS:
		strand_say(s, DOCTOR_PROBLEM, "web.base_url: %s has no TLS "
		    "that can be trusted (%s): browsers will refuse the page; "
		    "the web server needs a certificate for this name", url,
		    p.words);
		break;
	case PROBE_UNREACHED:
		strand_say(s, DOCTOR_WARNING, "web.base_url: %s cannot be "
		    "reached from here (%s): if that is so for staff too, no "
		    "link in any mail works; look at the web server", url,
		    p.words);
		break;
	default:
		say_page(s, url, &p);
		say_clock(s, p.date);
	}
}

void
strand_web(const struct strand *s)
{
	const char	*base = s->doctor->conf->site.base_url;
	char		*url, *host;
	struct url	 u;

	if (!url_parse(base, &u))
		return;		/* the configuration has refused it */
	host = mem_dup(u.host, u.host_len);
	url = mem_fmt("%shealth", base);
	if (!u.loopback && dns_is_example(host))
		strand_say(s, DOCTOR_WARNING, "web.base_url: %s is a name for "
		    "examples, which nobody has: no link in any mail works; "
		    "set it to your own", host);
	else
		look_at_page(s, url);
	free(url);
	free(host);
}
