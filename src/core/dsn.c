/*
 * dsn.c - whose fault an enhanced status code says it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stddef.h>

#include "core/dsn.h"

#define SUBJECT		1000
#define ADDRESSING	1
#define SECURITY	7

/* Details that their subject alone would put wrong. */
static const struct {
	int		code;
	enum dsn_blame	blame;
} details[] = {
	{ 1005, DSN_NOBODY },	/* X.1.5: the address is valid */
	{ 1007, DSN_SENDER },	/* X.1.7: syntax of the sender's address */
	{ 1008, DSN_SENDER },	/* X.1.8: its domain */
	{ 1009, DSN_NOBODY },	/* X.1.9, RFC 3886: it was relayed on */
	{ 2001, DSN_ADDRESS },	/* X.2.1: the mailbox is disabled */
	{ 2002, DSN_MAILBOX },	/* X.2.2: full */
	{ 2003, DSN_MAILBOX },	/* X.2.3: the mail is too large for it */
	{ 7027, DSN_SENDER },	/* X.7.27, RFC 7505: its domain takes no mail */
};

enum dsn_blame
dsn_blame(int code)
{
	size_t i;

	for (i = 0; i < sizeof(details) / sizeof(details[0]); i++)
		if (details[i].code == code)
			return details[i].blame;
	if (code / SUBJECT == ADDRESSING)
		return DSN_ADDRESS;
	return code / SUBJECT == SECURITY ? DSN_POLICY : DSN_NOBODY;
}
