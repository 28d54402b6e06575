/*
 * spf.c - reads SPF records and those that they include.
 *
 * Ends for every record, however hostile: each level costs one of ten
 * look-ups.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "core/spf.h"

#define SPF_TAG		"v=spf1"
#define TERM_MAX	512	/* a term with a name as long as may be fits */
#define MX_MAX		10

/* One term of a record, taken apart. */
struct term {
	char		 qualifier;	/* + - ~ ? */
	char		 name[16];
	char		 arg[TERM_MAX];	/* behind ":", without lengths */
	unsigned int	 bits4, bits6;	/* of "/24//64" */
};

enum match { NO, YES, STOP };	/* STOP: *end holds an error */

static enum spf_end	check(struct spf *s, const char *domain);

static enum spf_end
wrong(struct spf *s, const char *why)
{
	s->why = why;
	return SPF_PERMERROR;
}

/* Counts a look-up; false: that was one too many. */
static bool
count(struct spf *s)
{
	return ++s->lookups <= SPF_LOOKUPS;
}

static enum dns_end
ask(struct spf *s, enum dns_type type, const char *name,
    struct dns_answer *out)
{
	enum dns_end end = DNS_NONE;

	/* a host without a name: "there is no mail here", RFC 7505 */
	if (*name != '\0')
		end = s->ask(s->arg, type, name, out);

	if (end == DNS_NONE && type != DNS_TXT)
		s->voids++;
	return end;
}

static bool
same_bits(const struct dns_address *a, const struct dns_address *b,
    unsigned int bits)
{
	unsigned int whole = bits / 8, rest = bits % 8;

	if (a->len != b->len || memcmp(a->byte, b->byte, whole) != 0)
		return false;
	return rest == 0 || (a->byte[whole] ^ b->byte[whole]) >>
	    (8 - rest) == 0;
}

static unsigned int
bits_for(const struct term *t, const struct dns_address *a)
{
	return a->len == 4 ? t->bits4 : t->bits6;
}

/* Is the address one of a host's? */
static enum match
match_host(struct spf *s, const struct term *t, const char *host,
    enum spf_end *end)
{
	struct dns_answer	a = { .n = 0 };
	enum dns_end		found;
	enum match		m = NO;
	size_t			i;

	if (s->address.len == 0)
		return NO;
	found = ask(s, s->address.len == 4 ? DNS_A : DNS_AAAA, host, &a);
	for (i = 0; i < a.n && m == NO; i++)
		if (same_bits(&a.of[i].address, &s->address,
		    bits_for(t, &s->address)))
			m = YES;
	dns_wipe(&a);
	if (found == DNS_FAILED) {
		*end = SPF_TEMPERROR;
		return STOP;
	}
	return m;
}

static enum match
match_mx(struct spf *s, const struct term *t, const char *domain,
    enum spf_end *end)
{
	struct dns_answer	a = { .n = 0 };
	enum dns_end		found;
	enum match		m = NO;
	unsigned int		voids = s->voids;
	size_t			i;

	if (s->address.len == 0)
		return NO;
	found = ask(s, DNS_MX, domain, &a);
	if (found == DNS_FAILED || a.n > MX_MAX) {
		*end = found == DNS_FAILED ? SPF_TEMPERROR :
		    wrong(s, "an `mx' term has more than 10 hosts");
		m = STOP;
	}
	for (i = 0; i < a.n && m == NO; i++)
		if (a.of[i].text != NULL)
			m = match_host(s, t, a.of[i].text, end);
	/* 4.6.4 counts terms, however many hosts without IPv6 one leads to */
	if (s->voids > voids)
		s->voids = voids + 1;
	dns_wipe(&a);
	return m;
}

static enum match
match_address(struct spf *s, const struct term *t, int family,
    enum spf_end *end)
{
	struct dns_address a = { .len = family == AF_INET ? 4 : 16 };

	if (inet_pton(family, t->arg, a.byte) != 1) {
		*end = wrong(s, "an `ip4' or `ip6' term has no address");
		return STOP;
	}
	return same_bits(&a, &s->address, bits_for(t, &a)) ? YES : NO;
}

static enum match
match_include(struct spf *s, const struct term *t, enum spf_end *end)
{
	bool		unsure = s->unsure;
	enum spf_end	got = check(s, t->arg);

	switch (got) {
	case SPF_PASS:
		/* what comes before a match inside it does not matter */
		s->unsure = unsure;
		return YES;
	case SPF_PERMERROR:
	case SPF_TEMPERROR:
		*end = got;
		return STOP;
	case SPF_NONE:
		*end = wrong(s, "it includes a domain that has no record");
		return STOP;
	default:
		return NO;
	}
}

enum mechanism { ALL, INCLUDE, A, MX, IP4, IP6, PTR, EXISTS };

static const struct {
	const char	*name;
	enum mechanism	 what;
	bool		 lookup, needs;		/* an argument */
} mechanisms[] = {
	{ "all", ALL, false, false }, { "include", INCLUDE, true, true },
	{ "a", A, true, false }, { "mx", MX, true, false },
	{ "ip4", IP4, false, true }, { "ip6", IP6, false, true },
	{ "ptr", PTR, true, false }, { "exists", EXISTS, true, true },
};

static enum match
match_it(struct spf *s, enum mechanism what, const struct term *t,
    const char *domain, enum spf_end *end)
{
	const char *name = t->arg[0] != '\0' ? t->arg : domain;

	if (what == ALL)
		return YES;
	if (what == PTR || what == EXISTS || strchr(t->arg, '%') != NULL) {
		s->unsure = true;
		return NO;
	}
	switch (what) {
	case INCLUDE:
		return match_include(s, t, end);
	case A:
		return match_host(s, t, name, end);
	case MX:
		return match_mx(s, t, name, end);
	default:
		return match_address(s, t, what == IP4 ? AF_INET : AF_INET6,
		    end);
	}
}

static enum match
match_term(struct spf *s, const struct term *t, const char *domain,
    enum spf_end *end)
{
	size_t i, n = sizeof(mechanisms) / sizeof(mechanisms[0]);

	for (i = 0; i < n; i++)
		if (strcasecmp(t->name, mechanisms[i].name) == 0)
			break;
	if (i == n || (mechanisms[i].needs && t->arg[0] == '\0')) {
		*end = wrong(s, "a term is malformed or unknown");
		return STOP;
	}
	if (mechanisms[i].lookup && !count(s)) {
		*end = wrong(s, "it needs more than 10 look-ups");
		return STOP;
	}
	return match_it(s, mechanisms[i].what, t, domain, end);
}

/* "/24", "//64" or "/24//64" at the end of a term is cut off and read. */
static bool
cut_lengths(struct term *t)
{
	char		*slash = strchr(t->arg, '/'), *six;
	uint64_t	 n;

	t->bits4 = 32;
	t->bits6 = 128;
	if (slash == NULL)
		return true;
	if ((six = strstr(slash, "//")) != NULL) {
		if (!num_parse(six + 2, strlen(six + 2), 0, 128, &n))
			return false;
		t->bits6 = (unsigned int)n;
		*six = '\0';
	}
	if (slash != six) {
		if (!num_parse(slash + 1, strlen(slash + 1), 0, 128, &n) ||
		    (strcasecmp(t->name, "ip6") != 0 && n > 32))
			return false;
		if (strcasecmp(t->name, "ip6") == 0)
			t->bits6 = (unsigned int)n;
		else
			t->bits4 = (unsigned int)n;
	}
	*slash = '\0';
	return true;
}

static bool
take_apart(const char *s, size_t len, struct term *t)
{
	size_t n;

	t->qualifier = '+';
	if (len > 0 && strchr("+-~?", *s) != NULL) {
		t->qualifier = *s++;
		len--;
	}
	n = strcspn(s, ":/ ");
	if (n > len)
		n = len;
	if (n == 0 || n >= sizeof(t->name) || len - n >= sizeof(t->arg))
		return false;
	memcpy(t->name, s, n);
	t->name[n] = '\0';
	if (n < len && s[n] == ':')
		n++;
	memcpy(t->arg, s + n, len - n);
	t->arg[len - n] = '\0';
	return cut_lengths(t);
}

static enum spf_end
verdict(char qualifier)
{
	switch (qualifier) {
	case '-':
		return SPF_FAIL;
	case '~':
		return SPF_SOFTFAIL;
	case '?':
		return SPF_NEUTRAL;
	default:
		return SPF_PASS;
	}
}

/* Where nothing matched: another record in place of this one, or nothing. */
static enum spf_end
redirect(struct spf *s, const char *name, size_t len)
{
	char		other[TERM_MAX];
	enum spf_end	end;

	if (len == 0 || len >= sizeof(other))
		return wrong(s, "a `redirect' is malformed");
	memcpy(other, name, len);
	other[len] = '\0';
	if (!count(s))
		return wrong(s, "it needs more than 10 look-ups");
	if (strchr(other, '%') != NULL) {
		s->unsure = true;
		return SPF_UNKNOWN;
	}
	end = check(s, other);
	return end == SPF_NONE ?
	    wrong(s, "it redirects to a domain that has no record") : end;
}

static enum spf_end
read_record(struct spf *s, const char *p, const char *domain)
{
	const char	*to = NULL;
	size_t		 to_len = 0, n;
	struct term	 t;
	enum spf_end	 end;
	enum match	 m;

	for (; p += strspn(p, " "), (n = strcspn(p, " ")) > 0; p += n) {
		if (strncasecmp(p, "redirect=", 9) == 0) {
			to = p + 9;
			to_len = n - 9;
		}
		if (memchr(p, '=', n) != NULL &&
		    strcspn(p, "=") < strcspn(p, ":/ "))
			continue;	/* a modifier, if only unknown */
		if (!take_apart(p, n, &t))
			return wrong(s, "a term is malformed");
		m = match_term(s, &t, domain, &end);
		if (s->voids > SPF_VOIDS)
			return wrong(s, "more than 2 look-ups find nothing");
		if (m != NO)
			return m == STOP ? end : verdict(t.qualifier);
	}
	return to != NULL ? redirect(s, to, to_len) : SPF_NEUTRAL;
}

static bool
is_spf(const char *text)
{
	size_t n = strlen(SPF_TAG);

	return text != NULL && strncasecmp(text, SPF_TAG, n) == 0 &&
	    (text[n] == ' ' || text[n] == '\0');
}

static enum spf_end
check(struct spf *s, const char *domain)
{
	struct dns_answer	 a = { .n = 0 };
	const char		*record = NULL;
	enum dns_end		 found = ask(s, DNS_TXT, domain, &a);
	enum spf_end		 end = SPF_NONE;
	size_t			 i, n = 0;

	for (i = 0; i < a.n; i++)
		if (is_spf(a.of[i].text)) {
			record = a.of[i].text;
			n++;
		}
	if (found == DNS_FAILED)
		end = SPF_TEMPERROR;
	else if (n > 1)
		end = wrong(s, "there are several SPF records, where one may "
		    "be");
	else if (n == 1)
		end = read_record(s, record + strlen(SPF_TAG), domain);
	dns_wipe(&a);
	return end;
}

enum spf_end
spf_check(struct spf *s, const char *domain)
{
	enum spf_end end = check(s, domain);

	return s->unsure && (end == SPF_FAIL || end == SPF_SOFTFAIL ||
	    end == SPF_NEUTRAL) ? SPF_UNKNOWN : end;
}
