/*
 * address.h - mail addresses, and the names before them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_ADDRESS_H
#define SENSED_CORE_ADDRESS_H

#include <stdbool.h>

#define ADDRESS_MAX	254	/* bytes, RFC 5321 4.5.3.1.3 less <> */

/* A display name (may be empty) and an address. */
struct mailbox {
	char	*name;
	char	*address;
};

/*
 * True if s can be mailed: one @, local part of RFC 5322 dot-atoms (UTF-8
 * allowed, quoted strings not) of at most 64 bytes, a domain of labels, at
 * most ADDRESS_MAX bytes, no control character, no space of any script, and
 * nothing that is there but cannot be seen.
 */
bool		address_valid(const char *s);

/* The address in the form that decides whether two are the same: ASCII
 * letters of the whole address in lower case.  The caller frees. */
char		*address_canonical(const char *s);

/*
 * Splits "Name <a@b>", "\"Name\" <a@b>", "<a@b>" or "a@b".  A name with one of
 * < > @ , ; : " or \ in it must be quoted.  False, with *m untouched: not a
 * mailbox.  The caller frees both strings.
 */
bool		mailbox_parse(const char *s, struct mailbox *m);
void		mailbox_wipe(struct mailbox *m);

#endif
