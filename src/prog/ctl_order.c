/*
 * ctl_order.c - sensectl pause and resume: orders of a wave's mailing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>

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
	struct orders	o = { .state_dir = c->conf->state_dir, .waiting = show,
			    .arg = &progress };
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
