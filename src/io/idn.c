/*
 * idn.c - libidn2's adapter.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <idn2.h>

#include "base/mem.h"
#include "core/address.h"
#include "io/idn.h"

/* NFC first, since a roster may come from anywhere. */
#define FLAGS	(IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL)

char *
idn_address(const char *address)
{
	const char	*domain = strchr(address, '@') + 1, *p;
	uint8_t		*ascii = NULL;
	char		*out;

	for (p = domain; *p != '\0' && (unsigned char)*p < 0x80; p++)
		;
	if (*p == '\0')
		return mem_str(address);
	if (idn2_lookup_u8((const uint8_t *)domain, &ascii, FLAGS) != IDN2_OK)
		return NULL;
	out = mem_fmt("%.*s%s", (int)(domain - address), address,
	    (const char *)ascii);
	idn2_free(ascii);
	if (address_valid(out))
		return out;
	free(out);
	return NULL;
}
