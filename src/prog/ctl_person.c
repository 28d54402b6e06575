/*
 * ctl_person.c - sensectl show, forget and opt-in: one person's own matters.
 *
 * What show prints is made to be handed to the person.  Names and addresses go
 * to standard output, which the administrator asked for, and nowhere else: an
 * error names nobody, since errors may end up in a journal.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>

#include "io/forget.h"
#include "prog/ctl.h"
#include "prog/person.h"

/* What forget says of each, around the survey or the wave. */
static const struct {
	const char	*before, *after;
} fates[HELD__MAX] = {
	[HELD_PERSON] = { "removed: the person on the list of survey ",
	    ": id, name, address, unit, language" },
	[HELD_LEADER] = { "removed: a leader in survey ", "; that digest goes "
	    "to the unit's other leaders, if it has any" },
	[HELD_LAST] = { "removed: who was in the last wave of survey ",
	    ": id and unit" },
	[HELD_HEALTH] = { "removed: that mail did not reach the address, in "
	    "survey ", "" },
	[HELD_KNOWN] = { "removed: the keyed hash for the opt-out link; links "
	    "in mails that were sent stop working", "" },
	[HELD_OPTOUT] = { "kept: the opt-out, as a keyed hash of the address, "
	    "so that it holds if an import brings the address back", "" },
	[HELD_WAVE] = { "kept until wave ", " is published: id and unit on "
	    "its sealed list, which cannot be changed without breaking the "
	    "wave, and the link that was sent; no mail goes out any more" },
	[HELD_DIGEST] = { "kept for seven days at most: keyed hashes of who "
	    "has had the results of wave ", "" },
};

/* Is it the wave that is named, and not the survey? */
static bool
names_wave(const struct held *x)
{
	return x->kind == HELD_WAVE || x->kind == HELD_DIGEST;
}

enum err_code
ctl_show(const struct ctl *c, struct err *e)
{
	struct holdings	h;
	enum err_code	rc;
	size_t		i;

	rc = holdings_read(c->conf->state_dir, c->arg, &h, e);
	if (rc != ERR_OK)
		return rc;
	printf("What sensed stores under the address %s\n", c->arg);
	for (i = 0; i < h.n; i++)
		person_show(&h.of[i]);
	if (!holdings_has(&h, HELD_PERSON))
		printf("\nNobody on the lists of people has this address.  Of "
		    "a person who has left, the\nid and the last unit are kept "
		    "until the next wave opens; the address does not\nlead to "
		    "them.\n");
	if (!holdings_has(&h, HELD_OPTOUT))
		printf("\nOpted out: no.\n");
	person_show_rest();
	holdings_wipe(&h);
	return ERR_OK;
}

enum err_code
ctl_forget(const struct ctl *c, struct err *e)
{
	const struct held	*x;
	struct holdings		 h;
	enum err_code		 rc;
	size_t			 i;

	rc = forget_person(c->conf->state_dir, c->arg, &h, e);
	if (rc != ERR_OK)
		return rc;
	for (i = 0; i < h.n; i++) {
		x = &h.of[i];
		printf("%s%s%s\n", fates[x->kind].before,
		    names_wave(x) ? x->wave : x->survey, fates[x->kind].after);
	}
	printf("An answer already given cannot be found, and stays in the "
	    "figures.\nAn import that names the address brings the person "
	    "back: take the row out of the file.\n");
	holdings_wipe(&h);
	return ERR_OK;
}

enum err_code
ctl_opt_in(const struct ctl *c, struct err *e)
{
	enum err_code rc = forget_optout(c->conf->state_dir, c->arg, e);

	if (rc == ERR_OK)
		printf("the opt-out is taken back: surveys are mailed to this "
		    "address again\n");
	return rc;
}
