/*
 * address.c - mail addresses, and the names before them.
 *
 * What can be mailed and how an administrator writes a mailbox: RFC 5322 3.4
 * with RFC 6531's UTF-8, less quoted local parts, address literals, comments
 * and groups, which no roster needs.  Never turns a domain into A-labels; that
 * is the sending adapter's work.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "core/address.h"

#define LOCAL_MAX	64	/* RFC 5321 4.5.3.1.1 */
#define LABEL_MAX	63	/* RFC 1035 2.3.4 */

#define DIGITS	"0123456789"
#define LETTERS	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Spaces and marks without ink: first bytes, and the range of the last. */
static const struct {
	const char	*head;
	unsigned char	 min, max;
} unseen[] = {
	{ "\xc2", 0xa0, 0xa0 },		/* no-break space */
	{ "\xc2", 0xad, 0xad },		/* soft hyphen */
	{ "\xe1\x9a", 0x80, 0x80 },	/* Ogham space */
	{ "\xe2\x80", 0x80, 0x8f },	/* widths of space, joiners, marks */
	{ "\xe2\x80", 0xaa, 0xaf },	/* embeddings, narrow space */
	{ "\xe2\x81", 0x9f, 0xaf },	/* mathematical space, isolates */
	{ "\xe3\x80", 0x80, 0x80 },	/* ideographic space */
	{ "\xef\xbb", 0xbf, 0xbf },	/* byte order mark */
};

static bool
has_unseen(const char *s)
{
	size_t		i, n;
	unsigned char	last;

	for (; *s != '\0'; s++)
		for (i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++) {
			n = strlen(unseen[i].head);
			if (strncmp(s, unseen[i].head, n) != 0)
				continue;
			last = (unsigned char)s[n];
			if (last >= unseen[i].min && last <= unseen[i].max)
				return true;
		}
	return false;
}

/* RFC 5322 3.2.3 atext, with RFC 6531's UTF-8. */
static bool
atom_char(char c)
{
	return (unsigned char)c >= 0x80 || (c != '\0' &&
	    strchr(LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool
label_char(char c)
{
	return (unsigned char)c >= 0x80 || (c != '\0' &&
	    strchr(LETTERS DIGITS "-", c) != NULL);
}

/* Parts of 1 to max bytes that ok allows, with single dots between. */
static bool
dotted(const char *s, size_t len, bool (*ok)(char), size_t max)
{
	size_t i, part = 0;

	for (i = 0; i < len; i++)
		if (s[i] == '.') {
			if (part == 0)
				return false;
			part = 0;
		} else if (!ok(s[i]) || ++part > max)
			return false;
	return part != 0;
}

static bool
hyphen_outside(const char *domain)
{
	size_t len = strlen(domain);

	return domain[0] == '-' || domain[len - 1] == '-' ||
	    strstr(domain, ".-") != NULL || strstr(domain, "-.") != NULL;
}

bool
address_valid(const char *s)
{
	const char	*at = strchr(s, '@');
	size_t		 len = strlen(s), local;

	if (at == NULL || len > ADDRESS_MAX || !utf8_valid(s, len) ||
	    utf8_has_control(s, len) || has_unseen(s))
		return false;
	local = (size_t)(at - s);
	return local <= LOCAL_MAX &&
	    dotted(s, local, atom_char, LOCAL_MAX) &&
	    dotted(at + 1, len - local - 1, label_char, LABEL_MAX) &&
	    !hyphen_outside(at + 1);
}

char *
address_canonical(const char *s)
{
	char *copy = mem_str(s), *p;

	for (p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}

/* A quoted name from its opening quote on; NULL: it does not end. */
static const char *
quoted(const char *s, struct buf *name)
{
	for (s++; *s != '"'; s++) {
		if (*s == '\\')
			s++;
		if (*s == '\0')
			return NULL;
		buf_addc(name, *s);
	}
	return s + 1;
}

/* A bare name up to the `<`, without the spaces before that. */
static const char *
bare(const char *s, struct buf *name)
{
	size_t len = strcspn(s, "<>@,;:\"\\"), keep = len;

	while (keep > 0 && s[keep - 1] == ' ')
		keep--;
	buf_add(name, s, keep);
	return s + len;
}

/* What stands between < and > at the end of s; NULL: nothing does. */
static char *
angled(const char *s)
{
	size_t len = strlen(s);

	while (len > 0 && s[len - 1] == ' ')
		len--;
	if (len < 2 || s[0] != '<' || s[len - 1] != '>')
		return NULL;
	return mem_dup(s + 1, len - 2);
}

bool
mailbox_parse(const char *s, struct mailbox *m)
{
	struct buf	 name;
	char		*address = NULL;
	size_t		 len = strlen(s);
	bool		 ok = false;

	buf_init(&name, len);
	if (!utf8_valid(s, len) || utf8_has_control(s, len))
		goto out;
	if (address_valid(s))
		address = mem_str(s);
	else {
		s += strspn(s, " ");
		s = *s == '"' ? quoted(s, &name) : bare(s, &name);
		if (s != NULL)
			address = angled(s + strspn(s, " "));
	}
	if (address == NULL || !address_valid(address))
		goto out;

	m->name = buf_take(&name);
	m->address = address;
	address = NULL;
	ok = true;
out:
	free(address);
	buf_wipe(&name);
	return ok;
}

void
mailbox_wipe(struct mailbox *m)
{
	free(m->name);
	free(m->address);
	m->name = m->address = NULL;
}
