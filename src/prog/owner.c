/*
 * owner.c - a program that root starts works as the user of the store.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "prog/owner.h"

/* Groups first: once the user is another, they cannot be set. */
static bool
change(const struct passwd *pw, uid_t uid, gid_t gid)
{
	if (pw != NULL)
		gid = pw->pw_gid;
	if ((pw != NULL ? initgroups(pw->pw_name, gid) :
	    setgroups(1, &gid)) == -1)
		return false;
	return setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0;
}

/* True if there is no way back. */
static bool
for_good(uid_t uid)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) == 0 && real == uid &&
	    effective == uid && saved == uid && setuid(0) == -1;
}

/* The folder of a store is root's: so must be what is in it. */
static enum err_code
check_inside(const char *state_dir, struct err *e)
{
	const struct passwd	*pw;
	struct stat		 st;
	char			*path = mem_fmt("%s/roster", state_dir);
	bool			 other = stat(path, &st) == 0 &&
				    st.st_uid != 0;

	free(path);
	if (!other)
		return ERR_OK;
	pw = getpwuid(st.st_uid);
	return err_set(e, ERR_SYS, "%s belongs to root, what is in it does "
	    "not: 'chown %lu %s', which is user %s", state_dir,
	    (unsigned long)st.st_uid, state_dir,
	    pw != NULL ? pw->pw_name : "without a name");
}

enum err_code
owner_become(const char *state_dir, struct owner *o, struct err *e)
{
	const struct passwd	*pw;
	struct stat		 st;
	bool			 done;

	memset(o, 0, sizeof(*o));
	if (geteuid() != 0)
		return ERR_OK;
	if (stat(state_dir, &st) == -1)
		return errno == ENOENT ? ERR_OK : err_sys(e, "%s", state_dir);
	if (st.st_uid == 0)
		return check_inside(state_dir, e);
	if ((pw = getpwuid(st.st_uid)) != NULL)
		snprintf(o->name, sizeof(o->name), "%s", pw->pw_name);
	else
		snprintf(o->name, sizeof(o->name), "%lu",
		    (unsigned long)st.st_uid);
	if (!(done = change(pw, st.st_uid, st.st_gid)))
		(void)err_sys(e, "%s belongs to user %s, whom root cannot "
		    "become here; start this as that user", state_dir,
		    o->name);
	else if (!(done = for_good(st.st_uid)))
		(void)err_set(e, ERR_SYS, "%s belongs to user %s, and root's "
		    "rights cannot be given up here; start this as that user",
		    state_dir, o->name);
	prctl(PR_SET_DUMPABLE, 0);	/* the change may have set it again */
	o->became = done;
	return done ? ERR_OK : ERR_SYS;
}
