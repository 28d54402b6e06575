/*
 * alerts.h - the mailer's mail to whoever must act.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_ALERTS_H
#define SENSED_PROG_ALERTS_H

#include "io/mailing.h"

/* Mails what needs a person and was not told yet; logs what came of it. */
void	alerts_mail(const struct mailing *m);

#endif
