/*
 * mailrecord.c - reads lists of tags.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "core/mailrecord.h"

#define SPACE		" \t"
#define BASE64		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
			"0123456789+/"
/* Bytes of a public key of so many bits: a bare one is the shortest form. */
#define RSA_1024	138
#define RSA_2048	268
#define ED25519		32

struct value {
	const char	*p;	/* NULL: no such tag */
	size_t		 len;
};

static struct value
value_of(const char *text, const char *tag)
{
	struct value	v = { NULL, 0 };
	size_t		n, name;

	for (; *text != '\0'; text += n + (text[n] == ';')) {
		n = strcspn(text, ";");
		name = strspn(text, SPACE);
		if (strncmp(text + name, tag, strlen(tag)) != 0)
			continue;
		name += strlen(tag);
		name += strspn(text + name, SPACE);
		if (text[name] != '=')
			continue;
		name++;
		name += strspn(text + name, SPACE);
		v.p = text + name;
		v.len = n - name;
		while (v.len > 0 && strchr(SPACE, v.p[v.len - 1]) != NULL)
			v.len--;
		return v;
	}
	return v;
}

static bool
is(struct value v, const char *word)
{
	return v.len == strlen(word) && strncasecmp(v.p, word, v.len) == 0;
}

/* Does a list with : between its words hold this one? */
static bool
lists(struct value v, const char *word)
{
	size_t n, at = 0;

	while (at < v.len) {
		n = strcspn(v.p + at, ":; ");
		if (n > v.len - at)
			n = v.len - at;
		if (is((struct value){ v.p + at, n }, word))
			return true;
		at += n + 1;
	}
	return false;
}

/* How many bytes base64 holds; 0: it is none. */
static size_t
bytes_of(struct value v)
{
	size_t i, letters = 0, pads = 0;

	for (i = 0; i < v.len; i++) {
		if (strchr(SPACE, v.p[i]) != NULL)
			continue;
		if (v.p[i] == '=')
			pads++;
		else if (pads > 0 || strchr(BASE64, v.p[i]) == NULL)
			return 0;
		else
			letters++;
	}
	return pads > 2 || (letters + pads) % 4 != 0 ? 0 : letters * 3 / 4;
}

static bool
misses(struct value v, const char *word)
{
	return v.p != NULL && !lists(v, word);
}

enum dkim_end
dkim_read(const char *text)
{
	struct value	version = value_of(text, "v");
	struct value	key = value_of(text, "p"), kind = value_of(text, "k");
	struct value	use = value_of(text, "s");
	size_t		n = key.p != NULL ? bytes_of(key) : 0;

	if (key.p == NULL || (version.p != NULL && !is(version, "DKIM1")) ||
	    (misses(use, "*") && misses(use, "email")) ||
	    misses(value_of(text, "h"), "sha256"))
		return DKIM_MALFORMED;
	if (key.len == 0)
		return DKIM_REVOKED;
	if (n == 0)
		return DKIM_MALFORMED;
	if (kind.p != NULL && is(kind, "ed25519")) {
		if (n != ED25519)
			return DKIM_MALFORMED;
	} else if (kind.p != NULL && !is(kind, "rsa"))
		return DKIM_MALFORMED;
	else if (n < RSA_1024)
		return DKIM_WEAK;
	if (lists(value_of(text, "t"), "y"))
		return DKIM_TESTING;
	return n < RSA_2048 && n != ED25519 ? DKIM_SHORT : DKIM_GOOD;
}

static bool
read_policy(struct value v, enum dmarc_policy *out)
{
	static const char *const names[] = { "none", "quarantine", "reject" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (is(v, names[i])) {
			*out = (enum dmarc_policy)i;
			return true;
		}
	return false;
}

bool
dmarc_is(const char *text)
{
	return text != NULL && is(value_of(text, "v"), "DMARC1") &&
	    text[strspn(text, SPACE)] == 'v';
}

bool
dmarc_read(const char *text, struct dmarc *out)
{
	struct dmarc	d;
	struct value	below = value_of(text, "sp");
	struct value	align = value_of(text, "aspf");

	if (!dmarc_is(text) || !read_policy(value_of(text, "p"), &d.policy))
		return false;
	d.below = d.policy;
	if (below.p != NULL && !read_policy(below, &d.below))
		return false;
	d.strict = align.p != NULL && is(align, "s");
	*out = d;
	return true;
}
