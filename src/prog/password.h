/*
 * password.h - the password that the relay wants.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_PASSWORD_H
#define SENSED_PROG_PASSWORD_H

#include <stdbool.h>

#include "base/err.h"
#include "io/conf.h"

/*
 * How an administrator runs a command with what the units get by
 * LoadCredential=, and as the user that they run as.
 */
#define PASSWORD_RUN	"systemd-run -P --wait --description=sensectl " \
			"-p User=sensed " \
			"-p LoadCredential=smtp-password:" \
			"/etc/sensed/smtp-password sensectl"

/*
 * True if the password can only be the systemd credential smtp-password, and
 * this process was started without it: by hand, and not by a unit.
 */
bool		password_hidden(const struct conf *c);

/*
 * The relay's password: mail.password_file, else the systemd credential
 * smtp-password; *out is NULL if mail.user is empty.  The caller ends it by
 * password_wipe.  ERR_INPUT: a user without a password; ERR_SYS: the file
 * cannot be read.
 */
enum err_code	password_read(const struct conf *c, char **out, struct err *e)
		    MUST_USE;

/* Overwrites and frees; NULL is allowed. */
void		password_wipe(char *password);

#endif
