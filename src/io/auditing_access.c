/*
 * auditing_access.c - may its user, and nobody else, read and write a file?
 *
 * Says with which command it is mended.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/auditing_parts.h"

#define NAME	64

static const char *
user_name(uid_t uid, char name[NAME])
{
	const struct passwd *pw = getpwuid(uid);

	if (pw != NULL)
		snprintf(name, NAME, "%s", pw->pw_name);
	else
		snprintf(name, NAME, "%lu", (unsigned long)uid);
	return name;
}

static bool
in_answers(const struct auditing_item *it)
{
	return strncmp(it->path, "answers", 7) == 0;
}

static bool
judge_owner(struct audit_work *w, const struct auditing_item *it)
{
	char	is[NAME], right[NAME];
	uid_t	uid = it->st->st_uid;

	if (uid == w->owner || (in_answers(it) && uid == w->answers))
		return true;
	uid = in_answers(it) ? w->answers : w->owner;
	user_name(uid, right);
	/* a colon stands for the group that the user logs in with */
	audit_fault(w, it->path, "belongs to user %s, not to %s: "
	    "'chown %s%s %s/%s'", user_name(it->st->st_uid, is), right, right,
	    getpwuid(uid) != NULL ? ":" : "", w->a->state_dir, it->path);
	return false;
}

static bool
judge_mode(struct audit_work *w, const struct auditing_item *it)
{
	unsigned int	is = it->st->st_mode & 07777u;
	unsigned int	most = it->place->file->mode, least = most & 0700;

	if ((is & ~most) == 0 && (is & least) == least)
		return true;
	audit_fault(w, it->path, "mode %04o, %s%04o is right: "
	    "'chmod %04o %s/%s'", is, (is & ~most) != 0 ? "at most " : "",
	    most, most, w->a->state_dir, it->path);
	return false;
}

/* Only who runs as the owner can tell; its groups count too. */
static bool
is_closed(const struct audit_work *w, const struct auditing_item *it)
{
	char	*full;
	bool	 closed;

	if (geteuid() != w->owner)
		return false;
	full = mem_fmt("%s/%s", w->a->state_dir, it->path);
	closed = access(full, R_OK | W_OK |
	    (it->place->file->dir ? X_OK : 0)) == -1 && errno == EACCES;
	free(full);
	return closed;
}

bool
audit_access(struct audit_work *w, const struct auditing_item *it)
{
	bool	told = !judge_mode(w, it);
	char	name[NAME];

	told |= !judge_owner(w, it);
	if (!is_closed(w, it))
		return true;
	w->out->closed++;
	if (!told)
		audit_fault(w, it->path, "user %s cannot read and write it: "
		    "its group must be that of answers, with %s in it",
		    user_name(w->owner, name), name);
	return false;
}
