/*
 * dsn.h - whose fault an enhanced status code says it is.
 *
 * RFC 3463 and its registry: what a relay answers and what a bounce reports
 * are read alike.  STANDARDS 7.1 and B3.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_DSN_H
#define SENSED_CORE_DSN_H

enum dsn_blame {
	DSN_NOBODY,		/* or nobody can tell */
	DSN_ADDRESS,		/* the person's address does not work */
	DSN_MAILBOX,		/* it does, and is full or takes no such mail */
	DSN_SENDER,		/* our own address is not liked */
	DSN_POLICY		/* a rule, not the person */
};

/* Of a permanent failure: subject * 1000 + detail, 5.1.1 is 1001; -1: none. */
enum dsn_blame	dsn_blame(int code);

#endif
