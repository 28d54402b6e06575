/*
 * fuzz_names.c - what a name server may answer about a sending domain.
 *
 * Each line is the data of a record.  They are given out in turn, whatever is
 * asked for, so that a record may include any other and itself.  It must end,
 * within the look-ups that RFC 7208 allows, and every text must be printable.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "core/mailrecord.h"
#include "core/spf.h"
#include "fuzz.h"

#define ASKED_MAX	1000	/* 10 look-ups, of 10 hosts each, and less */

struct zone {
	const uint8_t	*p;
	size_t		 len, at;
	unsigned int	 asked;
};

static enum dns_end
ask(void *arg, enum dns_type type, const char *name, struct dns_answer *out)
{
	struct zone		*z = arg;
	struct dns_record	*r = &out->of[0];
	size_t			 n = 0;

	must(strlen(name) > 0 && ++z->asked < ASKED_MAX);
	out->n = 0;
	if (z->at >= z->len)
		z->at = 0;
	while (z->at + n < z->len && z->p[z->at + n] != '\n')
		n++;
	if (n == 0) {
		z->at++;
		return z->len % 7 == 0 ? DNS_FAILED : DNS_NONE;
	}
	memset(r, 0, sizeof(*r));
	if (type == DNS_A || type == DNS_AAAA) {
		r->address.len = type == DNS_A ? 4 : 16;
		memcpy(r->address.byte, z->p + z->at, n < 4 ? n : 4);
	} else
		r->text = mem_dup(z->p + z->at, n);
	z->at += n + 1;
	out->n = 1;
	return DNS_FOUND;
}

static void
judge_text(const uint8_t *data, size_t len)
{
	char		*text = dns_text(data, len), *p;
	struct dmarc	 d;

	if (text == NULL)
		return;
	for (p = text; *p != '\0'; p++)
		must(*p >= ' ' && *p <= '~');
	must(dkim_read(text) <= DKIM_MALFORMED);
	must(!dmarc_read(text, &d) || dmarc_is(text));
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct zone	z = { data, len, 0, 0 };
	struct spf	spf = { .ask = ask, .arg = &z };
	char		*text;

	judge_text(data, len);
	text = mem_dup(data, len);
	must(dkim_read(text) <= DKIM_MALFORMED);
	(void)dmarc_is(text);
	free(text);
	must(spf_check(&spf, "taf.example") <= SPF_TEMPERROR);
	must(spf.lookups <= SPF_LOOKUPS + 1);
	z.at = z.asked = 0;
	spf = (struct spf){ .ask = ask, .arg = &z,
	    .address = { { 192, 0, 2, 25 }, 4 } };
	must(spf_check(&spf, "taf.example") <= SPF_TEMPERROR);
	return 0;
}
