/*
 * owner.h - a program that root starts works as the user of the store.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_PROG_OWNER_H
#define SENSED_PROG_OWNER_H

#include <stdbool.h>

#include "base/err.h"

#define OWNER_NAME	64

struct owner {
	bool	became;			/* false: all is as it was */
	char	name[OWNER_NAME];	/* of the user, or its number; if so */
};

/*
 * If this process is root's, and the state directory is there and another
 * user's, becomes that user, with its groups, for good: to be called when the
 * configuration has been read, and before anything else is opened.  So nothing
 * below that directory is ever root's, and root sees what the service would.
 * ERR_SYS: it cannot, or the folder is root's and what is in it another's;
 * nothing may be done then, since some of it may be.
 */
enum err_code	owner_become(const char *state_dir, struct owner *o,
		    struct err *e) MUST_USE;

#endif
