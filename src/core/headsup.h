/*
 * headsup.h - the values behind the mail that tells leaders of a wave to come.
 *
 * CONTENT 9.  Templates "heads_up.subject", "heads_up.text", "heads_up.html".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_HEADSUP_H
#define SENSED_CORE_HEADSUP_H

#include "core/civil.h"
#include "core/mustache.h"
#include "core/site.h"

struct headsup {
	const struct site	*site;
	const char		*name;	/* of the leader; "": not known */
	struct civil		 opens, closes;	/* of the wave, local */
	struct civil		 digest;	/* about when it comes */
};

/* The view in one language; the caller frees it. */
struct view	*headsup_view(const struct headsup *h, const char *lang);

#endif
