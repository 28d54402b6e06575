/*
 * ctl_order.c - sensectl pause, resume and resend: what the mailer is to do.
 *
 * No mail goes out from here.  An error names nobody, since errors may end up
 * in a journal.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "io/holdings.h"
#include "io/orders.h"
#include "prog/ctl.h"
#include "prog/progress.h"

static void
show(void *arg)
{
	progress_wait(arg, "mail is going out: waiting for the mails in hand");
}

static enum err_code
give_order(const struct ctl *c, enum mailing_order order, struct err *e)
{
	struct progress	progress = { 0 };
	struct orders	o = { c->conf->state_dir, show, &progress };
	enum err_code	rc;

	rc = mailing_order(&o, c->arg, order, e);
	progress_end(&progress);
	if (rc == ERR_OK)
		printf("wave %s: mailing %s\n", c->arg,
		    order == MAILING_PAUSE ?
		    "pauses; sensectl resume goes on with it" : "goes on");
	return rc;
}

enum err_code
ctl_pause(const struct ctl *c, struct err *e)
{
	return give_order(c, MAILING_PAUSE, e);
}

enum err_code
ctl_resume(const struct ctl *c, struct err *e)
{
	return give_order(c, c->opt[CTL_FORCE] != NULL ? MAILING_FORCE :
	    MAILING_RESUME, e);
}

/* Is no mail to go to the person, in that survey? */
static enum err_code
may_mail(const struct holdings *h, const char *survey, struct err *e)
{
	size_t i;

	if (holdings_has(h, HELD_OPTOUT))
		return err_set(e, ERR_REFUSED, "this person has opted out; "
		    "if they ask for mail again: sensectl opt-in EMAIL");
	for (i = 0; i < h->n; i++)
		if (h->of[i].kind == HELD_HEALTH && h->of[i].stopped &&
		    strcmp(h->of[i].survey, survey) == 0)
			return err_set(e, ERR_REFUSED, "mail does not reach "
			    "this address; if it does now: sensectl reachable "
			    "EMAIL");
	return ERR_OK;
}

static enum err_code
resend(const struct ctl *c, const struct holdings *h, const struct held *x,
    struct err *e)
{
	struct progress	progress = { 0 };
	struct orders	o = { c->conf->state_dir, show, &progress };
	enum err_code	rc;
	bool		paused;

	if ((rc = may_mail(h, x->survey, e)) != ERR_OK)
		return rc;
	rc = mailing_resend(&o, x->wave, x->person.id, &paused, e);
	progress_end(&progress);
	if (rc == ERR_OK && paused)
		printf("wave %s: mailing is paused; the mail goes once more "
		    "after sensectl resume %s\n", x->wave, x->wave);
	else if (rc == ERR_OK)
		printf("wave %s: the mail goes once more, with the same link, "
		    "when sensed mails next\n", x->wave);
	return rc;
}

/* What of two waves is told by the status. */
static int
rank(enum err_code rc)
{
	static const int ranks[ERR__MAX] = {
		[ERR_ABSENT] = 1, [ERR_USED] = 2, [ERR_OK] = 3
	};

	return ranks[rc] != 0 ? ranks[rc] : 4;
}

/*
 * In every open wave that asks the person.  Where it goes anyway is told, and
 * no fault if another wave took the order.
 */
static enum err_code
resend_all(const struct ctl *c, const struct holdings *h, struct err *e)
{
	enum err_code	rc = ERR_ABSENT, one, other;
	struct err	own, last;
	size_t		i;

	err_set(e, ERR_ABSENT, "no open wave asks a person of this address; "
	    "nothing was changed");
	for (i = 0; i < h->n; i++) {
		if (h->of[i].kind != HELD_WAVE || !h->of[i].open)
			continue;
		memset(&own, 0, sizeof(own));
		one = resend(c, h, &h->of[i], &own);
		if (rank(one) > rank(rc)) {
			other = rc;
			last = *e;
			rc = one;
			*e = own;
			one = other;
			own = last;
		}
		if (one == ERR_USED)
			printf("wave %s\n", own.msg);
	}
	return rc;
}

enum err_code
ctl_resend(const struct ctl *c, struct err *e)
{
	struct holdings	h;
	enum err_code	rc;

	rc = holdings_read(c->conf->state_dir, c->arg, &h, e);
	if (rc != ERR_OK)
		return rc;
	rc = resend_all(c, &h, e);
	holdings_wipe(&h);
	return rc;
}
