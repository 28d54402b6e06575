/*
 * ctl_check.c - sensectl check: is everything as it should be?
 *
 * The configuration was read before; here come the templates, the roster, the
 * waves and what a person has to supply.  Sends nothing and writes nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "io/publishing.h"
#include "io/roster.h"
#include "io/waves.h"
#include "io/wording.h"
#include "prog/ctl.h"
#include "prog/ctl_calendar.h"
#include "prog/ctl_doctor.h"
#include "prog/ctl_relay.h"

#define SUPPORT_SECONDS	(180 * 86400)

static void
warn(unsigned int *n, const char *what, const char *todo)
{
	printf("warning: %s: %s\n", what, todo);
	++*n;
}

static enum err_code
count_person(void *arg, const struct person *p, struct err *e)
{
	(void)p, (void)e;
	++*(uint32_t *)arg;
	return ERR_OK;
}

static enum err_code
check_survey(const struct conf *c, const struct conf_survey *s,
    unsigned int *warnings, struct err *e)
{
	struct roster	*r = NULL;
	struct tree	 t;
	uint32_t	 people = 0;
	enum err_code	 rc;

	tree_init(&t);
	rc = roster_open(c->state_dir, &r, e);
	if (rc == ERR_OK)
		rc = roster_tree(r, s->name, &t, e);
	if (rc == ERR_OK)
		rc = roster_each(r, s->name, count_person, &people, e);
	if (rc == ERR_OK)
		printf("ok: survey %s: %" PRIu32 " people in %" PRIu32
		    " units, %zu questions\n", s->name, people, t.n,
		    s->questions.n);
	else if (rc == ERR_ABSENT) {
		warn(warnings, s->name, "no roster yet; run sensectl import");
		rc = ERR_OK;
	}
	roster_close(&r);
	tree_wipe(&t);
	return rc == ERR_OK ? ctl_calendar(s, clock_now(), e) : rc;
}

/* Waves that are open or closed: can each still be published? */
static enum err_code
check_waves(const struct conf *c, unsigned int *warnings, struct err *e)
{
	struct wave_ref	*ref;
	struct err	 fault;
	enum err_code	 rc;
	size_t		 n, i;

	if ((rc = waves_list(c->state_dir, &ref, &n, e)) != ERR_OK)
		return rc;
	for (i = 0; i < n; i++)
		if (publishing_possible(c->state_dir, ref[i].name, &fault) !=
		    ERR_OK)
			warn(warnings, ref[i].name, fault.msg);
		else
			printf("ok: wave %s\n", ref[i].name);
	free(ref);
	return ERR_OK;
}

static void
check_contacts(const struct support *s, size_t n_support, unsigned int *n)
{
	int64_t	checked, now = clock_now();
	size_t	i;

	for (i = 0; i < n_support; i++)
		if (!clock_parse(s[i].checked, &checked) ||
		    now - checked > SUPPORT_SECONDS)
			warn(n, s[i].name, "not checked in the last 180 days; "
			    "call it, then set `checked'");
}

/* Contacts of the organisation, then those that a survey has of its own. */
static void
check_support(const struct conf *c, unsigned int *n)
{
	const struct conf_survey	*s = c->survey;
	size_t				 i;

	check_contacts(c->site.support, c->site.n_support, n);
	for (i = 0; i < c->n_surveys; i++, s++) {
		if (s->site.n_support == 0)
			warn(n, s->name, "no contact for a person in distress "
			    "is configured; pages and mails should name one");
		check_contacts(s->support, s->n_support, n);
	}
}

static void
check_texts(const struct conf *c, unsigned int *n)
{
	static const char	todo[] = "missing; the privacy page needs it";
	size_t			i;

	for (i = 0; i < c->n_surveys; i++)
		if (c->survey[i].site.lawful_basis[0] == '\0')
			warn(n, c->survey[i].name, "privacy.lawful_basis is "
			    "missing; the privacy page needs it");
	if (c->site.contact[0] == '\0')
		warn(n, "privacy.contact", todo);
	if (c->site.server_control[0] == '\0')
		warn(n, "privacy.server_control", todo);
	if (c->site.scale_links)
		warn(n, "mail.answer_links", "\"scale\" shows a mail "
		    "gateway's click log which answer was pressed first");
}

static void
warn_unreviewed(void *arg, const char *path, size_t n)
{
	char todo[80];

	snprintf(todo, sizeof(todo), "marked as in need of review (%zu); not "
	    "for use before that", n);
	warn(arg, path, todo);
}

static enum err_code
check_words(const struct conf *c, unsigned int *warnings, struct err *e)
{
	enum err_code	rc = wording_check(c, e);
	size_t		i;

	for (i = 0; i < c->site.langs.n && rc == ERR_OK; i++) {
		printf("ok: templates in %s/%s\n", c->templates,
		    c->site.langs.code[i]);
		rc = wording_unreviewed(c, i, warn_unreviewed, warnings, e);
	}
	return rc;
}

static enum err_code
check_store(const struct conf *c, unsigned int *warnings, struct err *e)
{
	enum err_code	rc = ctl_access(c, warnings, e);
	size_t		i;

	for (i = 0; i < c->n_surveys && rc == ERR_OK; i++)
		rc = check_survey(c, &c->survey[i], warnings, e);
	if (rc == ERR_OK)
		rc = check_waves(c, warnings, e);
	return rc == ERR_OK ? ctl_machine(c, warnings, e) : rc;
}

/* A fault of the store is no reason not to look outside. */
enum err_code
ctl_check(const struct ctl *c, struct err *e)
{
	unsigned int	warnings = 0;
	enum err_code	rc, outside;
	struct err	late;

	if (c->opt[CTL_IT_NOTE] != NULL)
		return ctl_it_note(c, e);
	printf("ok: configuration %s\n", c->conf_path);
	if ((rc = check_words(c->conf, &warnings, e)) != ERR_OK)
		return rc;
	rc = check_store(c->conf, &warnings, e);
	check_support(c->conf, &warnings);
	check_texts(c->conf, &warnings);
	ctl_relay(c->conf, &warnings);
	outside = ctl_network(c, &warnings, &late);
	printf("%u warning%s\n", warnings, warnings == 1 ? "" : "s");
	if (rc == ERR_OK && outside != ERR_OK)
		*e = late;
	return rc != ERR_OK ? rc : outside;
}
