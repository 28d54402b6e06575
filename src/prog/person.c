/*
 * person.c - what is stored about one person, in words for that person.
 *
 * Says for each thing how long it is kept; doc/privacy.md says the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>

#include "prog/person.h"

static const char *
or_none(const char *s)
{
	return s[0] != '\0' ? s : "none";
}

static void
print_unit(const struct held *h)
{
	printf("  unit        %s%s%s%s\n", h->person.unit,
	    h->unit_name[0] != '\0' ? " (" : "", h->unit_name,
	    h->unit_name[0] != '\0' ? ")" : "");
}

static void
show_person(const struct held *h)
{
	printf("\nOn the list of people of survey %s:\n", h->survey);
	printf("  id          %s\n", h->person.id);
	printf("  name        %s\n", or_none(h->person.name));
	printf("  address     %s\n", h->person.address);
	print_unit(h);
	printf("  language    %s\n", or_none(h->person.lang));
	printf("  Kept until an import does not name the person any more.\n");
}

static void
show_leader(const struct held *h)
{
	printf("\nAs a leader, who gets the digest, in survey %s:\n",
	    h->survey);
	printf("  name        %s\n", or_none(h->person.name));
	printf("  address     %s\n", h->person.address);
	print_unit(h);
	printf("  language    %s\n", or_none(h->person.lang));
	printf("  Kept until an import does not name the leader any more.\n");
}

static void
show_last(const struct held *h)
{
	printf("\nWho was asked in the last wave of survey %s:\n", h->survey);
	printf("  id          %s\n", h->person.id);
	printf("  wave        %s\n", h->wave);
	print_unit(h);
	printf("  Kept until the next wave opens, to tell how many of a unit "
	    "stayed.\n");
}

static void
show_health(const struct held *h)
{
	printf("\nMail and this address, in survey %s:\n", h->survey);
	printf("  id          %s\n", h->person.id);
	if (h->stopped)
		printf("  mailed      no: %s, since wave %s\n",
		    h->hard ? "the address does not work" :
		    "mail came back three waves in a row", h->wave);
	else
		printf("  mailed      yes; mail came back in %u wave%s, the "
		    "first of them %s\n", h->marks, h->marks == 1 ? "" : "s",
		    h->wave);
	printf("  Kept until the address is another one, or mail arrives "
	    "again.\n");
}

static void
show_known(const struct held *h)
{
	(void)h;
	printf("\nA keyed hash of the address, by which the opt-out link in "
	    "the mails works.\n"
	    "  Kept until the second import that does not name the address "
	    "any more.\n");
}

static void
show_optout(const struct held *h)
{
	(void)h;
	printf("\nOpted out of all surveys: yes.  Kept as a keyed hash of the "
	    "address, without a\n"
	    "time or a reason, until the opt-out is taken back; no import and "
	    "no forgetting\n"
	    "ends it.\n");
}

static void
show_wave(const struct held *h)
{
	printf("\nIn wave %s of survey %s, which is %s:\n", h->wave, h->survey,
	    h->open ? "open" : "closed and not published yet");
	printf("  id          %s\n", h->person.id);
	print_unit(h);
	printf("  These are on the sealed list of the wave.  Sealed too: which "
	    "mails were sent,\n"
	    "  or asked for again; and beside the hash of the link, unit and "
	    "language, with a\n"
	    "  mark that tells whether the link was used.  An answer, if there "
	    "is one, is\n"
	    "  sealed and holds the unit, no name, no address and no time.\n"
	    "  All of it is destroyed when the results are published.\n");
}

static void
show_digest(const struct held *h)
{
	printf("\nResults of wave %s are being mailed.  Keyed hashes tell who "
	    "has had theirs.\n"
	    "  Kept until all are sent, seven days at most.\n", h->wave);
}

void
person_show_rest(void)
{
	printf("\nNot told: whether the person has answered, and which "
	    "reminders were sent, since\n"
	    "they go to links that were not used.  Whoever runs this command "
	    "is not to learn\n"
	    "it; the person has the mails.  Answers cannot be looked up: "
	    "after publication\n"
	    "nothing leads from a person to an answer, and before it no "
	    "command does.\n");
}

static void (*const shows[HELD__MAX])(const struct held *h) = {
	[HELD_PERSON] = show_person,
	[HELD_LEADER] = show_leader,
	[HELD_LAST] = show_last,
	[HELD_HEALTH] = show_health,
	[HELD_KNOWN] = show_known,
	[HELD_OPTOUT] = show_optout,
	[HELD_WAVE] = show_wave,
	[HELD_DIGEST] = show_digest,
};

void
person_show(const struct held *h)
{
	shows[h->kind](h);
}
