/*
 * test_mailrecord.c - DKIM keys (RFC 6376 3.6.1) and DMARC policies (RFC 7489).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/mailrecord.h"

/* Base64 of a public key is so long: 4 letters for 3 bytes of DER. */
#define RSA_2048	392	/* 294 bytes */
#define RSA_1024	216	/* 162 bytes */
#define RSA_512		128	/* 94 bytes, and a rest */

static char *
key(const char *before, size_t letters, const char *after)
{
	char *a = mem_zero(letters + 1, 1), *text;

	memset(a, 'A', letters);
	text = mem_fmt("%s%s%s", before, a, after);
	free(a);
	return text;
}

static const struct {
	const char	*name, *before;
	size_t		 letters;
	const char	*after;
	enum dkim_end	 end;
} keys[] = {
	{ "RSA of 2048 bits", "v=DKIM1; k=rsa; p=", RSA_2048, "", DKIM_GOOD },
	{ "only the key is needed", "p=", RSA_2048, "", DKIM_GOOD },
	{ "spaces in and about it", " v = DKIM1 ; p = AAAA ", RSA_2048, " ;",
	    DKIM_GOOD },
	{ "RSA of 1024 bits", "v=DKIM1; p=", RSA_1024, "", DKIM_SHORT },
	{ "RSA of 512 bits", "v=DKIM1; p=", RSA_512, "", DKIM_WEAK },
	{ "Ed25519", "v=DKIM1; k=ed25519; p=", 43, "=", DKIM_GOOD },
	{ "Ed25519 of another length", "k=ed25519; p=", 44, "",
	    DKIM_MALFORMED },
	{ "revoked", "v=DKIM1; k=rsa; p=", 0, "", DKIM_REVOKED },
	{ "revoked, and more behind", "v=DKIM1; p=", 0, "; t=s",
	    DKIM_REVOKED },
	{ "a test", "v=DKIM1; t=s:y; p=", RSA_2048, "", DKIM_TESTING },
	{ "no test", "v=DKIM1; t=s; p=", RSA_2048, "", DKIM_GOOD },
	{ "no key at all", "v=DKIM1; k=rsa", 0, "", DKIM_MALFORMED },
	{ "an SPF record", "v=spf1 -all", 0, "", DKIM_MALFORMED },
	{ "another version", "v=DKIM2; p=", RSA_2048, "", DKIM_MALFORMED },
	{ "an unknown kind", "k=dsa; p=", RSA_2048, "", DKIM_MALFORMED },
	{ "no base64", "p=", RSA_2048, "!", DKIM_MALFORMED },
	{ "for other services", "s=tlsrpt; p=", RSA_2048, "",
	    DKIM_MALFORMED },
	{ "for mail among others", "s=tlsrpt:email; p=", RSA_2048, "",
	    DKIM_GOOD },
	{ "for all", "s=*; p=", RSA_2048, "", DKIM_GOOD },
	{ "only for a hash of old", "h=sha1; p=", RSA_2048, "",
	    DKIM_MALFORMED },
	{ "for both hashes", "h=sha1:sha256; p=", RSA_2048, "", DKIM_GOOD },
};

static void
keys_are_judged(void **state)
{
	char	*text;
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		print_message("  %s\n", keys[i].name);
		text = key(keys[i].before, keys[i].letters, keys[i].after);
		assert_int_equal(dkim_read(text), keys[i].end);
		free(text);
	}
}

static const struct {
	const char	*text;
	bool		 good;
	struct dmarc	 d;
} policies[] = {
	{ "v=DMARC1; p=none", true, { DMARC_NONE, DMARC_NONE, false } },
	{ "v=DMARC1;p=reject;aspf=s", true,
	    { DMARC_REJECT, DMARC_REJECT, true } },
	{ "v=DMARC1; p=quarantine; sp=none; adkim=s; aspf=r", true,
	    { DMARC_QUARANTINE, DMARC_NONE, false } },
	{ "v=DMARC1; rua=mailto:a@taf.example", false, { 0, 0, false } },
	{ "v=DMARC1; p=maybe", false, { 0, 0, false } },
	{ "v=DMARC1; p=none; sp=maybe", false, { 0, 0, false } },
	{ "p=none; v=DMARC1", false, { 0, 0, false } },
	{ "v=DMARC2; p=none", false, { 0, 0, false } },
	{ "", false, { 0, 0, false } },
};

static void
policies_are_read(void **state)
{
	struct dmarc	d;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		print_message("  \"%s\"\n", policies[i].text);
		assert_int_equal(dmarc_read(policies[i].text, &d),
		    policies[i].good);
		if (!policies[i].good)
			continue;
		assert_int_equal(d.policy, policies[i].d.policy);
		assert_int_equal(d.below, policies[i].d.below);
		assert_int_equal(d.strict, policies[i].d.strict);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_judged),
		cmocka_unit_test(policies_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
