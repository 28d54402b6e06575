/*
 * test_spf.c - SPF as RFC 7208 has it, with records worked by hand.
 *
 * The zone is a table; a name that starts with "fails" cannot be looked up.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "core/spf.h"

static const struct {
	const char	*name;
	enum dns_type	 type;
	const char	*data;
} zone[] = {
	{ "plain.test", DNS_TXT, "v=spf1 ip4:192.0.2.0/24 -all" },
	{ "plain.test", DNS_TXT, "site-verification=abc" },
	{ "twice.test", DNS_TXT, "v=spf1 -all" },
	{ "twice.test", DNS_TXT, "v=spf1 ip4:192.0.2.25 -all" },
	{ "open.test", DNS_TXT, "v=spf1 mx +all" },
	{ "opener.test", DNS_TXT, "v=spf1 include:open.test -all" },
	{ "soft.test", DNS_TXT, "V=SPF1 a:relay.test/24//64 ~all" },
	{ "relay.test", DNS_A, "192.0.2.200" },
	{ "relay.test", DNS_AAAA, "2001:db8::25" },
	{ "mx.test", DNS_TXT, "v=spf1 mx -all" },
	{ "mx.test", DNS_MX, "relay.test" },
	{ "null.test", DNS_TXT, "v=spf1 mx -all" },
	{ "null.test", DNS_MX, "" },
	{ "three.test", DNS_TXT, "v=spf1 mx -all" },
	{ "three.test", DNS_MX, "old1.test" },
	{ "three.test", DNS_MX, "old2.test" },
	{ "three.test", DNS_MX, "old3.test" },
	{ "three.test", DNS_MX, "relay.test" },
	{ "old1.test", DNS_A, "192.0.2.1" },
	{ "old2.test", DNS_A, "192.0.2.2" },
	{ "old3.test", DNS_A, "192.0.2.3" },
	{ "mxs.test", DNS_TXT, "v=spf1 mx:three.test mx:x1.test -all" },
	{ "mxss.test", DNS_TXT,
	    "v=spf1 mx:three.test mx:x1.test mx:x2.test -all" },
	{ "six.test", DNS_TXT, "v=spf1 ip6:2001:db8::/33 -all" },
	{ "nothing.test", DNS_TXT, "v=spf10 -all" },
	{ "empty.test", DNS_TXT, "v=spf1" },
	{ "odd.test", DNS_TXT, "v=spf1 ipv4:192.0.2.25 -all" },
	{ "long.test", DNS_TXT, "v=spf1 ip4:192.0.2.0/33 -all" },
	{ "bare.test", DNS_TXT, "v=spf1 ip4 -all" },
	{ "loop.test", DNS_TXT, "v=spf1 include:loop.test -all" },
	{ "gone.test", DNS_TXT, "v=spf1 include:nowhere.test -all" },
	{ "to.test", DNS_TXT, "v=spf1 redirect=plain.test" },
	{ "away.test", DNS_TXT, "v=spf1 redirect=nowhere.test" },
	{ "macro.test", DNS_TXT, "v=spf1 exists:%{i}.list.test -all" },
	{ "ptr.test", DNS_TXT, "v=spf1 ptr ip4:192.0.2.25 -all" },
	{ "later.test", DNS_TXT, "v=spf1 include:fails.test -all" },
	{ "other.test", DNS_TXT, "v=spf1 exp=why.test x-y=z ?all" },
	{ "ten.test", DNS_TXT, "v=spf1 a a a a a a a a a a -all" },
	{ "ten.test", DNS_A, "198.51.100.1" },
	{ "eleven.test", DNS_TXT, "v=spf1 a a a a a a a a a a a -all" },
	{ "eleven.test", DNS_A, "198.51.100.1" },
	{ "void.test", DNS_TXT, "v=spf1 a:x1.test a:x2.test a:x3.test -all" },
};

static enum dns_end
ask(void *arg, enum dns_type type, const char *name, struct dns_answer *out)
{
	struct dns_record	*r;
	size_t			 i;

	(void)arg;
	assert_true(*name != '\0');
	out->n = 0;
	if (strncmp(name, "fails", 5) == 0)
		return DNS_FAILED;
	for (i = 0; i < sizeof(zone) / sizeof(zone[0]); i++) {
		if (zone[i].type != type ||
		    strcasecmp(zone[i].name, name) != 0)
			continue;
		r = &out->of[out->n++];
		memset(r, 0, sizeof(*r));
		if (type == DNS_TXT || type == DNS_MX) {
			r->text = mem_str(zone[i].data);
			continue;
		}
		r->address.len = type == DNS_A ? 4 : 16;
		assert_int_equal(inet_pton(type == DNS_A ? AF_INET : AF_INET6,
		    zone[i].data, r->address.byte), 1);
	}
	return out->n > 0 ? DNS_FOUND : DNS_NONE;
}

static const struct {
	const char	*name, *domain, *address;	/* "": of nobody */
	enum spf_end	 end;
} cases[] = {
	{ "an address in the range passes", "plain.test", "192.0.2.25",
	    SPF_PASS },
	{ "one outside fails", "plain.test", "192.0.3.25", SPF_FAIL },
	{ "a stranger fails", "plain.test", "", SPF_FAIL },
	{ "two records are an error", "twice.test", "192.0.2.25",
	    SPF_PERMERROR },
	{ "+all passes strangers", "open.test", "", SPF_PASS },
	{ "+all of an included record too", "opener.test", "", SPF_PASS },
	{ "a host with a length, IPv4", "soft.test", "192.0.2.25",
	    SPF_PASS },
	{ "a host with a length, IPv6", "soft.test", "2001:db8::1:25",
	    SPF_PASS },
	{ "beyond the length", "soft.test", "2001:db8:0:1::25",
	    SPF_SOFTFAIL },
	{ "an MX without a length", "mx.test", "192.0.2.200", SPF_PASS },
	{ "its neighbour is not it", "mx.test", "192.0.2.201", SPF_FAIL },
	{ "a domain without mail", "null.test", "192.0.2.200", SPF_FAIL },
	{ "MX hosts without IPv6, then one with it", "three.test",
	    "2001:db8::25", SPF_PASS },
	{ "and none that matches", "three.test", "2001:db8::26", SPF_FAIL },
	{ "two terms that find nothing", "mxs.test", "2001:db8::26",
	    SPF_FAIL },
	{ "three of them", "mxss.test", "2001:db8::26", SPF_PERMERROR },
	{ "33 bits of IPv6, inside", "six.test", "2001:db8:7fff::1",
	    SPF_PASS },
	{ "33 bits of IPv6, outside", "six.test", "2001:db8:8000::1",
	    SPF_FAIL },
	{ "another version is no record", "nothing.test", "192.0.2.25",
	    SPF_NONE },
	{ "no such name", "nowhere.test", "192.0.2.25", SPF_NONE },
	{ "no terms: neutral", "empty.test", "192.0.2.25", SPF_NEUTRAL },
	{ "an unknown mechanism", "odd.test", "192.0.2.25", SPF_PERMERROR },
	{ "a length that cannot be", "long.test", "192.0.2.25",
	    SPF_PERMERROR },
	{ "ip4 without an address", "bare.test", "192.0.2.25",
	    SPF_PERMERROR },
	{ "a record that includes itself", "loop.test", "192.0.2.25",
	    SPF_PERMERROR },
	{ "an include of nothing", "gone.test", "192.0.2.25",
	    SPF_PERMERROR },
	{ "a redirect", "to.test", "192.0.2.25", SPF_PASS },
	{ "a redirect to nothing", "away.test", "192.0.2.25",
	    SPF_PERMERROR },
	{ "a macro cannot be known", "macro.test", "192.0.2.25",
	    SPF_UNKNOWN },
	{ "but what passes passes", "ptr.test", "192.0.2.25", SPF_PASS },
	{ "a look-up that fails", "later.test", "192.0.2.25",
	    SPF_TEMPERROR },
	{ "unknown modifiers are ignored", "other.test", "192.0.2.25",
	    SPF_NEUTRAL },
	{ "ten look-ups", "ten.test", "192.0.2.25", SPF_FAIL },
	{ "eleven are too many", "eleven.test", "192.0.2.25",
	    SPF_PERMERROR },
	{ "eleven also for strangers", "eleven.test", "", SPF_PERMERROR },
	{ "three that find nothing", "void.test", "192.0.2.25",
	    SPF_PERMERROR },
};

static void
records_mean_what_the_rfc_says(void **state)
{
	struct spf	spf;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		spf = (struct spf){ .ask = ask };
		if (inet_pton(AF_INET, cases[i].address, spf.address.byte))
			spf.address.len = 4;
		else if (inet_pton(AF_INET6, cases[i].address,
		    spf.address.byte))
			spf.address.len = 16;
		assert_int_equal(spf_check(&spf, cases[i].domain),
		    cases[i].end);
		assert_true(spf.lookups <= SPF_LOOKUPS + 1);
		assert_true((spf.why != NULL) ==
		    (cases[i].end == SPF_PERMERROR));
	}
}

static void
texts_are_joined_and_made_printable(void **state)
{
	char *text;

	(void)state;
	text = dns_text((const unsigned char *)"\2ab\0\3c\x1b""d", 8);
	assert_string_equal(text, "abc?d");
	free(text);
}

static void
a_string_longer_than_its_record_is_none(void **state)
{
	(void)state;
	assert_null(dns_text((const unsigned char *)"\3ab", 3));
	assert_null(dns_text((const unsigned char *)"\377", 1));
}

static void
addresses_are_written_backwards(void **state)
{
	struct dns_address	a = { { 192, 0, 2, 25 }, 4 };
	struct dns_address	b = { { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0,
				    0, 0, 0, 0, 0, 0x25 }, 16 };
	char			out[DNS_REVERSE];

	(void)state;
	dns_reverse(out, &a);
	assert_string_equal(out, "25.2.0.192.in-addr.arpa");
	dns_reverse(out, &b);
	assert_string_equal(out, "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	    "0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

static void
names_below_a_domain(void **state)
{
	(void)state;
	assert_true(dns_below("mail.taf.example", "TAF.example"));
	assert_true(dns_below("taf.example", "taf.example"));
	assert_false(dns_below("staf.example", "taf.example"));
	assert_false(dns_below("example", "taf.example"));
	assert_true(dns_is_example("pulse.taf.example"));
	assert_false(dns_is_example("taf.wales"));
	assert_false(dns_is_example("myexample.com"));
}

static void
names_that_two_domains_share(void **state)
{
	static const char *const shared[][3] = {
		{ "taf.example", "taf.example", "taf.example" },
		{ "pulse.taf.example", "TAF.example", "taf.example" },
		{ "taf.example", "b.c.taf.example", "taf.example" },
		{ "a.taf.example", "b.taf.example", "taf.example" },
		{ "a.taf.example", "a.staf.example", "" },
		{ "taf.example", "other.example", "" },
		{ "localhost", "localhost", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		assert_string_equal(dns_shared(shared[i][0], shared[i][1]),
		    shared[i][2]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_mean_what_the_rfc_says),
		cmocka_unit_test(texts_are_joined_and_made_printable),
		cmocka_unit_test(a_string_longer_than_its_record_is_none),
		cmocka_unit_test(addresses_are_written_backwards),
		cmocka_unit_test(names_below_a_domain),
		cmocka_unit_test(names_that_two_domains_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
