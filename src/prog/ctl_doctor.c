/*
 * ctl_doctor.c - what sensectl check looks at around the surveys: the disk, the
 * owners and modes of what is on it, the network.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/auditing.h"
#include "io/clock.h"
#include "io/doctor.h"
#include "io/itnote.h"
#include "io/machine.h"
#include "io/space.h"
#include "prog/ctl_doctor.h"
#include "prog/password.h"

#define MIB	((uint64_t)1 << 20)

static enum err_code
look_at_room(const struct conf *c, unsigned int *warnings, struct err *e)
{
	uint64_t	free_now, needed;
	enum err_code	rc = space_free(c->state_dir, &free_now, e);

	if (rc == ERR_OK)
		rc = space_needed(c->state_dir, &needed, e);
	if (rc == ERR_ABSENT)
		return ERR_OK;	/* nothing was imported yet */
	if (rc != ERR_OK)
		return rc;
	if (free_now >= needed) {
		printf("ok: disk: %" PRIu64 " MiB free\n", free_now / MIB);
		return ERR_OK;
	}
	printf("warning: disk: %" PRIu64 " MiB free below %s, where %" PRIu64
	    " MiB should be: answers may be lost to a full disk; make room\n",
	    free_now / MIB, c->state_dir, needed / MIB);
	++*warnings;
	return ERR_OK;
}

static void
tell_access(void *arg, const char *path, const char *why)
{
	(void)arg;
	printf("warning: %s: %s\n", *path != '\0' ? path :
	    "the state directory", why);
}

enum err_code
ctl_access(const struct conf *c, unsigned int *warnings, struct err *e)
{
	struct auditing_result	res;
	const struct auditing	a = {
		.state_dir = c->state_dir, .now = clock_now(),
		.fault = tell_access
	};
	enum err_code		rc = auditing_access(&a, &res, e);

	if (rc != ERR_OK)
		return rc;
	*warnings += (unsigned int)res.faults;
	if (res.closed > 0)
		return err_set(e, ERR_SYS, "%s: %zu files and folders that "
		    "their own user cannot read and write: see above",
		    c->state_dir, res.closed);
	if (res.faults == 0)
		printf("ok: owners and modes of %zu files and folders below "
		    "%s\n", res.looked, c->state_dir);
	return ERR_OK;
}

static void
tell(void *arg, enum doctor_level level, const char *words)
{
	static const char *const names[] = { "ok", "warning", "problem" };

	printf("%s: %s\n", names[level], words);
	*(unsigned int *)arg += level != DOCTOR_FINE;
}

/* Without the password all but the login is looked at. */
static enum err_code
find_password(const struct conf *c, char **out, unsigned int *found,
    struct err *e)
{
	*out = NULL;
	if (!password_hidden(c))
		return password_read(c, out, e);
	tell(found, DOCTOR_WARNING, "relay login not tried: the password is a "
	    "systemd credential, which this shell does not have; "
	    "'" PASSWORD_RUN " check' tries it");
	return ERR_OK;
}

enum err_code
ctl_machine(const struct conf *c, unsigned int *warnings, struct err *e)
{
	enum err_code rc = look_at_room(c, warnings, e);

	machine_dumps(tell, warnings);
	return rc == ERR_OK ? machine_clock(c, tell, warnings, e) : rc;
}

enum err_code
ctl_network(const struct ctl *c, unsigned int *warnings, struct err *e)
{
	struct doctor	 d = { .conf = c->conf,
			     .resolver = c->opt[CTL_RESOLVER] };
	unsigned int	 found = 0;
	char		*password = NULL;
	struct err	 late;
	enum err_code	 rc, without;

	doctor_alignment(&c->conf->site, tell, warnings);
	if (c->opt[CTL_OFFLINE] != NULL) {
		puts("ok: the network was not looked at (--offline)");
		return ERR_OK;
	}
	without = find_password(c->conf, &password, &found, e);
	d.password = password;
	fflush(stdout);		/* or its children say it again */
	rc = doctor_run(&d, tell, &found, &late);
	password_wipe(password);
	*warnings += found;
	if (without != ERR_OK)
		return without;
	if (rc != ERR_OK)
		*e = late;
	if (rc == ERR_OK && found > 0 && c->opt[CTL_STRICT] != NULL)
		return err_set(e, ERR_REFUSED, "%u of these concern the "
		    "network (--strict)", found);
	return rc;
}

enum err_code
ctl_it_note(const struct ctl *c, struct err *e)
{
	const struct langs	*l = &c->conf->site.langs;
	const char		*lang = c->opt[CTL_LANG];
	struct buf		 note;
	enum err_code		 rc;
	size_t			 i = 0;

	if (lang != NULL && (i = langs_find(l, lang)) >= l->n)
		return err_set(e, ERR_INPUT, "--lang %s: expected one of "
		    "`languages'", lang);
	buf_init(&note, ITNOTE_MAX);
	rc = itnote_render(c->conf, i, &note, e);
	if (rc == ERR_OK)
		fputs(buf_str(&note), stdout);
	buf_wipe(&note);
	return rc;
}
