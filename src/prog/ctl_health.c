/*
 * ctl_health.c - sensectl unreachable and reachable: who gets no mail.
 *
 * For the administrator alone; no leader ever sees it.  Tells what health.h
 * may tell at this moment: of a wave that is not published, only what came
 * back before its first reminder.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "io/forget.h"
#include "io/health.h"
#include "io/healthlift.h"
#include "prog/ctl.h"

/* Why, for a person to read, and for a table. */
static const struct {
	const char	*words, *code;
} reasons[HEALTH__MAX] = {
	[HEALTH_SUSPENDED] = { "mail came back three waves in a row",
	    "suspended" },
	[HEALTH_HARD] = { "the address does not work", "hard" },
};

static enum err_code
print_one(struct roster *r, const struct ailing *a, bool csv, struct err *e)
{
	const struct health	*h = &a->health;
	struct person		 p;
	enum err_code		 rc;

	rc = roster_person(r, a->survey, a->id, &p, e);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	if (csv)
		printf("%s,%s,%s,%s,%s\n", a->survey, a->id, p.unit,
		    reasons[h->state].code, h->since);
	else
		printf("%s: person %s of unit %s: %s, since %s\n", a->survey,
		    a->id, p.unit, reasons[h->state].words, h->since);
	return ERR_OK;
}

static enum err_code
print_all(const struct ctl *c, const struct infirmary *h, bool csv,
    struct err *e)
{
	struct roster	*r;
	enum err_code	 rc;
	size_t		 i;

	if ((rc = roster_open(c->conf->state_dir, &r, e)) != ERR_OK)
		return rc;
	for (i = 0; i < h->n && rc == ERR_OK; i++)
		if (health_stops(&h->of[i].health))
			rc = print_one(r, &h->of[i], csv, e);
	roster_close(&r);
	return rc;
}

enum err_code
ctl_unreachable(const struct ctl *c, struct err *e)
{
	bool			csv = c->opt[CTL_CSV] != NULL;
	struct infirmary	h;
	enum err_code		rc;

	if ((rc = health_read(c->conf->state_dir, &h, e)) != ERR_OK)
		return rc;
	if (csv)
		puts("survey,person,unit,reason,since");
	if (health_stopped(&h) > 0)
		rc = print_all(c, &h, csv, e);
	else if (!csv)
		puts("mail reaches everybody, as far as is known");
	health_wipe(&h);
	return rc;
}

/* Marks that are not told yet are lifted and not counted: their number would
 * tell of those who have not answered. */
static enum err_code
lift_wave(const struct ctl *c, struct err *e)
{
	size_t		told;
	enum err_code	rc = healthlift_wave(c->conf->state_dir, c->arg, &told,
			    e);

	if (rc == ERR_OK)
		printf("%zu %s since %s %s off the list: mail goes there "
		    "again, from the next one on\n", told, told == 1 ?
		    "address" : "addresses", c->arg, told == 1 ? "is" : "are");
	return rc;
}

/* An address has an @, and the name of a wave never. */
enum err_code
ctl_reachable(const struct ctl *c, struct err *e)
{
	enum err_code rc;

	if (strchr(c->arg, '@') == NULL)
		return lift_wave(c, e);
	rc = forget_health(c->conf->state_dir, c->arg, e);
	if (rc == ERR_OK)
		printf("mail goes to this address again, from the next one "
		    "on\n");
	return rc;
}
