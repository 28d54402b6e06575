/*
 * idn.h - domains as name servers and mail headers know them.
 *
 * STANDARDS M5.  An address is stored as it was written; only what leaves has
 * A-labels (RFC 5890), in the envelope and in the headers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_IDN_H
#define SENSED_IO_IDN_H

/*
 * A valid address with its domain in A-labels, for the caller to free; NULL:
 * no name server can know that domain, or the address gets too long.
 */
char	*idn_address(const char *address);

#endif
