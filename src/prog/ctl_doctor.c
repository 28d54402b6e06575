/*
 * ctl_doctor.c - the part of sensectl check that looks outside.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "io/doctor.h"
#include "io/itnote.h"
#include "io/space.h"
#include "prog/ctl_doctor.h"
#include "prog/prog.h"

#define MIB	((uint64_t)1 << 20)

enum err_code
ctl_room(const struct conf *c, unsigned int *warnings, struct err *e)
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
tell(void *arg, enum doctor_level level, const char *words)
{
	static const char *const names[] = { "ok", "warning", "problem" };

	printf("%s: %s\n", names[level], words);
	*(unsigned int *)arg += level != DOCTOR_FINE;
}

enum err_code
ctl_network(const struct ctl *c, unsigned int *warnings, struct err *e)
{
	struct doctor	 d = { .conf = c->conf,
			     .resolver = c->opt[CTL_RESOLVER] };
	unsigned int	 found = 0;
	char		*password = NULL;
	enum err_code	 rc;

	doctor_alignment(&c->conf->site, tell, warnings);
	if (c->opt[CTL_OFFLINE] != NULL) {
		puts("ok: the network was not looked at (--offline)");
		return ERR_OK;
	}
	if ((rc = prog_password(c->conf, &password, e)) != ERR_OK)
		return rc;
	d.password = password;
	fflush(stdout);		/* or its children say it again */
	rc = doctor_run(&d, tell, &found, e);
	if (password != NULL)
		crypt_wipe(password, strlen(password));
	free(password);
	*warnings += found;
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
