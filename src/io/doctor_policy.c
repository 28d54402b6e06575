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

const char *
strand_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL ? at + 1 : "";
}

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

/* RFC 7489 3.1: do two domains belong to one organisation?  There is no list
 * of suffixes here, so what only a suffix tells is not known. */
enum aligned { ALIGNED_NOT, ALIGNED_PERHAPS, ALIGNED_RELAXED, ALIGNED_SAME };

static enum aligned
aligned(const char *from, const char *path)
{
	const char *shared = dns_shared(from, path);

	if (strcasecmp(from, path) == 0)
		return ALIGNED_SAME;
	if (*shared == '\0')
		return ALIGNED_NOT;
	return shared == from || strcasecmp(shared, path) == 0 ?
	    ALIGNED_RELAXED : ALIGNED_PERHAPS;
}

void
doctor_alignment(const struct site *site, doctor_tell *tell, void *arg)
{
	static const struct {
		enum doctor_level	 level;
		const char		*words;
	} says[] = {
	[ALIGNED_SAME] = { DOCTOR_FINE, "is of its domain: SPF counts for "
	    "DMARC" },
	[ALIGNED_RELAXED] = { DOCTOR_FINE, "is aligned with it: SPF counts "
	    "for DMARC, unless the record says aspf=s" },
	[ALIGNED_PERHAPS] = { DOCTOR_WARNING, "is aligned with it only if "
	    "what both end with is your organisation's own; use a return path "
	    "of the same domain" },
	[ALIGNED_NOT] = { DOCTOR_WARNING, "is not aligned with it: SPF does "
	    "not count for DMARC, only DKIM does; use a return path of the "
	    "same domain" },
	};
	const char	*from = strand_domain(site->from.address);
	const char	*path = strand_domain(site->return_path);
	enum aligned	 how = aligned(from, path);
	char		*words = mem_fmt("mail.from is of %s, and "
			    "mail.return_path (%s) %s", from, path,
			    says[how].words);

	tell(arg, says[how].level, words);
	free(words);
}

/* Now with the record that stands at `at`, the domain or one above. */
static enum aligned
aligned_by(struct resolver *r, const char *from, const char *path,
    const char *at, const struct dmarc *d)
{
	enum aligned		 how = aligned(from, path);
	struct dns_answer	 a;
	char			*name;
	size_t			 i;

	if (how != ALIGNED_SAME && d->strict)
		return ALIGNED_NOT;
	if (how == ALIGNED_PERHAPS && dns_below(path, at))
		return ALIGNED_RELAXED;
	if (how != ALIGNED_PERHAPS)
		return how;
	name = mem_fmt("_dmarc.%s", dns_shared(from, path));
	(void)resolver_ask(r, DNS_TXT, name, &a);
	for (i = 0; i < a.n; i++)
		if (dmarc_is(a.of[i].text))
			how = ALIGNED_RELAXED;
	dns_wipe(&a);
	free(name);
	return how;
}

static void
say_policy(const struct strand *s, const char *from, const char *path,
    enum dmarc_policy p, enum aligned how, bool strict)
{
	static const char *const names[] = { "none", "quarantine", "reject" };
	bool	signs = *s->doctor->conf->mail.dkim_selector != '\0';

	if (how == ALIGNED_SAME || how == ALIGNED_RELAXED)
		strand_say(s, DOCTOR_FINE, "DMARC of %s: p=%s, and "
		    "mail.return_path is aligned with mail.from", from,
		    names[p]);
	else if (how == ALIGNED_PERHAPS)
		strand_say(s, DOCTOR_WARNING, "DMARC of %s: p=%s, and "
		    "mail.return_path is aligned with mail.from only if %s is "
		    "your organisation's own", from, names[p],
		    dns_shared(from, path));
	else
		strand_say(s, p == DMARC_NONE || signs ? DOCTOR_WARNING :
		    DOCTOR_PROBLEM, "DMARC of %s: p=%s, and the domain of "
		    "mail.return_path (%s) is not aligned with it%s: only a "
		    "DKIM signature of %s lets the mail pass; use a return "
		    "path of the same domain", from, names[p], path,
		    strict ? " (aspf=s)" : "", from);
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
		say_policy(s, from, path, strcasecmp(at, from) == 0 ?
		    d.policy : d.below, aligned_by(r, from, path, at, &d),
		    d.strict);
	else
		strand_say(s, DOCTOR_WARNING, "DMARC of %s: there is no "
		    "record: large receivers want one; publish v=DMARC1; "
		    "p=none at _dmarc.%s", from, from);
	dns_wipe(&a);
}
