/*
 * doctor_policy.c - DKIM and DMARC of the domain that we mail as.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "core/mailrecord.h"
#include "io/doctor_parts.h"

#define PARENTS_MAX	8	/* of a domain that are asked for DMARC */

static const struct {
	enum doctor_level	 level;
	const char		*words;
} keys[] = {
	[DKIM_GOOD] = { DOCTOR_FINE, "a key is published" },
	[DKIM_TESTING] = { DOCTOR_WARNING, "the key says that it is a test "
	    "(t=y): receivers may ignore the signature; take t=y away" },
	[DKIM_SHORT] = { DOCTOR_WARNING, "the key is shorter than 2048 bits; "
	    "make a longer one" },
	[DKIM_WEAK] = { DOCTOR_PROBLEM, "the key is shorter than 1024 bits: "
	    "receivers ignore it; make one of 2048 bits" },
	[DKIM_REVOKED] = { DOCTOR_PROBLEM, "the key is revoked (p= is empty): "
	    "no signature holds; publish the relay's key" },
	[DKIM_MALFORMED] = { DOCTOR_PROBLEM, "the record is no DKIM key: no "
	    "signature holds; publish it as the relay's documentation says" },
};

void
strand_dkim(const struct strand *s, struct resolver *r, const char *from)
{
	const char		*selector =
				    s->doctor->conf->mail.dkim_selector;
	struct dns_answer	 a;
	enum dns_end		 end;
	enum dkim_end		 key;
	char			*name;

	if (*selector == '\0') {
		strand_say(s, DOCTOR_WARNING, "DKIM: not looked at: set "
		    "mail.dkim_selector to the name of the key that your "
		    "relay signs with");
		return;
	}
	name = mem_fmt("%s._domainkey.%s", selector, from);
	end = resolver_ask(r, DNS_TXT, name, &a);
	key = end == DNS_FOUND && a.n == 1 && a.of[0].text != NULL ?
	    dkim_read(a.of[0].text) : DKIM_MALFORMED;
	if (end == DNS_FAILED)
		strand_say(s, DOCTOR_WARNING, "DKIM at %s: the look-up "
		    "failed; run this again", name);
	else if (end == DNS_NONE)
		strand_say(s, DOCTOR_PROBLEM, "DKIM at %s: there is no key: "
		    "no signature holds; publish the relay's key, or correct "
		    "mail.dkim_selector", name);
	else
		strand_say(s, keys[key].level, "DKIM at %s: %s", name,
		    keys[key].words);
	dns_wipe(&a);
	free(name);
}

/* The one text that is DMARC; NULL: none, or (*several) more. */
static const char *
policy_in(const struct dns_answer *a, bool *several)
{
	const char	*found = NULL;
	size_t		 i;

	*several = false;
	for (i = 0; i < a->n; i++)
		if (dmarc_is(a->of[i].text)) {
			*several |= found != NULL;
			found = a->of[i].text;
		}
	return *several ? NULL : found;
}

static void
say_policy(const struct strand *s, const char *from, const char *path,
    const char *at, const struct dmarc *d)
{
	static const char *const names[] = { "none", "quarantine", "reject" };
	enum dmarc_policy	 p = strcasecmp(at, from) == 0 ? d->policy :
				     d->below;
	bool	signs = *s->doctor->conf->mail.dkim_selector != '\0';
	bool	same = strcasecmp(from, path) == 0;

	if (same || (!d->strict && dns_below(path, at)))
		strand_say(s, DOCTOR_FINE, "DMARC of %s: p=%s, and "
		    "mail.return_path is aligned with mail.from", from,
		    names[p]);
	else
		strand_say(s, p == DMARC_NONE || signs ? DOCTOR_WARNING :
		    DOCTOR_PROBLEM, "DMARC of %s: p=%s, and the domain of "
		    "mail.return_path (%s) is not aligned with it%s: only a "
		    "DKIM signature of %s lets the mail pass; use a return "
		    "path of the same domain", from, names[p], path,
		    d->strict ? " (aspf=s)" : "", from);
}

/*
 * The domain's own record or that of one above it; which of those is the
 * organisation's is told by where a record stands, not by a list of suffixes.
 */
void
strand_dmarc(const struct strand *s, struct resolver *r, const char *from,
    const char *path)
{
	const char		*at = from, *text = NULL;
	struct dns_answer	 a = { .n = 0 };
	enum dns_end		 end = DNS_NONE;
	struct dmarc		 d;
	char			*name;
	bool			 several = false;
	int			 i;

	for (i = 0; i < PARENTS_MAX && strchr(at, '.') != NULL; i++) {
		name = mem_fmt("_dmarc.%s", at);
		end = resolver_ask(r, DNS_TXT, name, &a);
		free(name);
		text = policy_in(&a, &several);
		if (text != NULL || several || end == DNS_FAILED)
			break;
		dns_wipe(&a);
		at = strchr(at, '.') + 1;
	}
	if (end == DNS_FAILED)
		strand_say(s, DOCTOR_WARNING, "DMARC of %s: the look-up "
		    "failed; run this again", from);
	else if (several || (text != NULL && !dmarc_read(text, &d)))
		strand_say(s, DOCTOR_PROBLEM, "DMARC at _dmarc.%s: %s: it "
		    "does not count; correct it", at, several ?
		    "there are several records" : "the record is malformed");
	else if (text != NULL)
		say_policy(s, from, path, at, &d);
	else
		strand_say(s, DOCTOR_WARNING, "DMARC of %s: there is no "
		    "record: large receivers want one; publish v=DMARC1; "
		    "p=none at _dmarc.%s", from, from);
	dns_wipe(&a);
}
