/*
 * roster.h - people, units and leaders of every survey, as imported.
 *
 * roster/roster.gdbm, replaced whole by an import, under the roster's lock.
 * Surveys never share a record but the opt-outs, which stop all of them.
 *
 * Records (SURVEY is the survey's name; fields as in record.h):
 *   u/SURVEY/NUMBER   id parent name              units, in the tree's order
 *   l/SURVEY/UNIT/N   name address language       leaders of a unit
 *   p/SURVEY/ID       address name unit language  a person
 *   a/SURVEY/ADDRESS  id                          canonical address -> person
 *   o/HASH            (empty)                     an opt-out, as its hash
 *   h/SURVEY/ID       who state since marks       see roster_health.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_ROSTER_H
#define SENSED_IO_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/tree.h"

#define PERSON_ID_MAX	64	/* [A-Za-z0-9._-] */
#define PERSON_NAME_MAX	200	/* bytes */
#define LEADERS_MAX	8	/* of one unit */
#define PERSON_LANG_MAX	4	/* "en", "cy", "both" or empty */

struct person {
	char	id[PERSON_ID_MAX + 1];
	char	address[255];
	char	name[PERSON_NAME_MAX + 1];
	char	unit[UNIT_ID_MAX + 1];
	char	lang[PERSON_LANG_MAX + 1];
};

struct leader {
	char	unit[UNIT_ID_MAX + 1];
	char	address[255];
	char	name[PERSON_NAME_MAX + 1];
	char	lang[PERSON_LANG_MAX + 1];
};

struct roster;

/* Opens the roster of a state directory for reading.  ERR_ABSENT: none yet. */
enum err_code	roster_open(const char *state_dir, struct roster **out,
		    struct err *e) MUST_USE;
void		roster_close(struct roster **r);

/* The tree of a survey; the caller wipes it.  ERR_ABSENT: not imported. */
enum err_code	roster_tree(struct roster *r, const char *survey,
		    struct tree *t, struct err *e) MUST_USE;

/* One person.  ERR_ABSENT, e not filled. */
enum err_code	roster_person(struct roster *r, const char *survey,
		    const char *id, struct person *p, struct err *e) MUST_USE;

/* The id of the person with this address.  ERR_ABSENT, e not filled. */
enum err_code	roster_find(struct roster *r, const char *survey,
		    const char *address, char id[PERSON_ID_MAX + 1],
		    struct err *e) MUST_USE;

/* Calls each with every person of a survey (NULL: of all), in hash order. */
typedef enum err_code roster_visit(void *arg, const struct person *p,
		    struct err *e);
enum err_code	roster_each(struct roster *r, const char *survey,
		    roster_visit *each, void *arg, struct err *e) MUST_USE;

/* Up to LEADERS_MAX leaders of a unit. */
enum err_code	roster_leaders(struct roster *r, const char *survey,
		    const char *unit, struct leader out[LEADERS_MAX],
		    size_t *n, struct err *e) MUST_USE;

/* True if the opt-out with this hash (token.h) has been applied, or if a fault
 * hides whether it has: rather no mail than an unwanted one. */
bool		roster_opted_out(struct roster *r, const char *hash);

/*
 * Copies answers/optout/HASH into the roster (whole replacement, under the
 * roster's lock) and removes those files; complaints in the health log become
 * opt-outs too.  Harmless when there are none.
 */
enum err_code	roster_apply_optouts(const char *state_dir, struct err *e)
		    MUST_USE;

#endif
