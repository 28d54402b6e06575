/*
 * roster_health.h - which addresses of the roster mail does not reach.
 *
 * h/SURVEY/ID: who (of bounce_who, in base32), state (enum health_state as a
 * number), since (a wave or empty), marks (waves, a space between).  There is
 * no record of an address that is well.  An import that gives the person
 * another address drops it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_ROSTER_HEALTH_H
#define SENSED_IO_ROSTER_HEALTH_H

#include "base/err.h"
#include "core/health.h"
#include "io/roster.h"
#include "io/store.h"

/* A person whose address is not well. */
struct ailing {
	char		survey[SURVEY_NAME_MAX + 1];
	char		id[PERSON_ID_MAX + 1];
	unsigned char	who[BOUNCE_WHO];
	struct health	health;
};

/* One person's.  ERR_ABSENT: the address is well; e not filled. */
enum err_code	roster_ailing(struct roster *r, const char *survey,
		    const char *id, struct ailing *a, struct err *e) MUST_USE;

/* Calls each with all of them, in hash order. */
typedef enum err_code roster_ailing_visit(void *arg, const struct ailing *a,
		    struct err *e);
enum err_code	roster_each_ailing(struct roster *r,
		    roster_ailing_visit *each, void *arg, struct err *e)
		    MUST_USE;

/* Calls each with every survey that has been imported, in hash order. */
typedef enum err_code roster_survey_visit(void *arg, const char *survey,
		    struct err *e);
enum err_code	roster_each_survey(struct roster *r,
		    roster_survey_visit *each, void *arg, struct err *e)
		    MUST_USE;

/* Writes one; of good health, nothing. */
enum err_code	roster_put_ailing(struct store *to, const struct ailing *a,
		    struct err *e) MUST_USE;

/* Copies every record but those of health and of survey (NULL: of none). */
enum err_code	roster_copy_but_health(struct roster *from,
		    const char *survey, struct store *to, struct err *e)
		    MUST_USE;

#endif
