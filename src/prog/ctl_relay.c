/*
 * ctl_relay.c - may the units reach the relay that is configured?
 *
 * The units that mail reach this machine alone, unless a drop-in of the
 * administrator's allows more.  sensectl runs outside of them and reaches the
 * relay all the same, so that nothing else would tell before the first wave.
 * Looks for a drop-in that allows anything; whether it is the right address
 * only the mailing shows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "prog/ctl_relay.h"

#define DROP_IN_MAX	65536

static const struct {
	const char	*name, *drop_ins;
} units[] = {
	{ "sensed.service", "/etc/systemd/system/sensed.service.d/*.conf" },
	{ "sensed-digest.service",
	    "/etc/systemd/system/sensed-digest.service.d/*.conf" },
};

static bool
allows(const char *path)
{
	struct err	 ignored;
	char		*text;
	size_t		 len;
	bool		 yes;

	if (file_read(path, DROP_IN_MAX, &text, &len, &ignored) != ERR_OK)
		return false;
	yes = strncmp(text, "IPAddressAllow=", 15) == 0 ||
	    strstr(text, "\nIPAddressAllow=") != NULL;
	free(text);
	return yes;
}

static bool
any_allows(const char *pattern)
{
	glob_t	found;
	bool	yes = false;
	size_t	i;

	if (glob(pattern, 0, NULL, &found) != 0)
		return false;
	for (i = 0; i < found.gl_pathc && !yes; i++)
		yes = allows(found.gl_pathv[i]);
	globfree(&found);
	return yes;
}

void
ctl_relay(const struct conf *c, unsigned int *warnings)
{
	size_t i = 0, u;

	while (i < c->mail.n_relays && conf_relay_loopback(c->mail.relay[i]))
		i++;
	if (i == c->mail.n_relays)
		return;
	for (u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		if (any_allows(units[u].drop_ins)) {
			printf("ok: %s: a drop-in lets it reach more than "
			    "this machine\n", units[u].name);
			continue;
		}
		printf("warning: %s: cannot reach %s, which is not on this "
		    "machine, without a drop-in: see mail.relay in "
		    "sensed.conf(5)\n", units[u].name, c->mail.relay[i]);
		++*warnings;
	}
}
