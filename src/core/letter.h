/*
 * letter.h - the values behind an invitation or a reminder.
 *
 * CONTENT 9.  Templates "invitation.subject", "invitation.text",
 * "invitation.html", and the same for "reminder".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_LETTER_H
#define SENSED_CORE_LETTER_H

#include "core/civil.h"
#include "core/mustache.h"
#include "core/site.h"
#include "core/wave.h"

struct letter {
	const struct site	*site;
	const struct wave	*wave;
	struct civil		 closes;	/* of the wave, local */
	const char		*person_name;	/* "" if not known */
	const char		*link;		/* URL of the form */
	const char		*optout;	/* URL of the opt-out page */
};

/*
 * The view of a letter in one language, an index into wave->langs; the caller
 * frees it.  It holds the link: it is a secret.
 */
struct view	*letter_view(const struct letter *l, size_t lang);

#endif
