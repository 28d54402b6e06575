/*
 * ctl_status.c - sensectl status: what is open, what was mailed, what is due.
 *
 * Gathers; status.c says it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "io/history.h"
#include "io/published.h"
#include "io/publishing.h"
#include "io/state.h"
#include "io/wavefile.h"
#include "prog/ctl.h"
#include "prog/ctl_calendar.h"
#include "prog/metrics.h"
#include "prog/status.h"

struct report {
	const struct ctl	*ctl;
	bool			 json;
	struct metrics		*metrics;	/* NULL: not asked for */
	unsigned int		 n;	/* waves told so far */
};

static void
print_fault(const struct report *r, const char *wave, const struct err *e)
{
	if (r->metrics != NULL) {
		metrics_damaged(r->metrics, wave);
		return;
	}
	if (r->json) {
		printf("    { \"wave\": \"%s\", \"state\": \"damaged\" }",
		    wave);
		return;
	}
	printf("%s: cannot be read: %s\n  if it can never be published, "
	    "sensectl discard %s destroys it\n", wave, e->msg, wave);
}

static enum err_code
report_good(struct report *r, const struct wave *w, struct err *e)
{
	const char		*dir = r->ctl->conf->state_dir;
	struct mailing_totals	 totals;
	uint64_t		 used;
	enum err_code		 rc;

	if ((rc = publishing_used(dir, w->name, &used, e)) != ERR_OK ||
	    (rc = status_totals(dir, w, &totals, e)) != ERR_OK)
		return rc;
	if (r->metrics != NULL)
		metrics_wave(r->metrics, w, &totals, used);
	else
		(r->json ? status_json : status_text)(w, &totals, used);
	return ERR_OK;
}

/* A wave that is damaged is told, and does not keep the others from it. */
static enum err_code
report_wave(struct report *r, const struct wave_ref *ref, struct err *e)
{
	char		*path = state_wave(r->ctl->conf->state_dir, ref->tag,
			    ref->name);
	struct wave	 w;
	enum err_code	 rc = wavefile_read(path, WAVE_BRIEF, &w, e);

	free(path);
	if (rc == ERR_ABSENT)
		return ERR_OK;	/* published meanwhile */
	if (r->json && r->n++ > 0)
		puts(",");
	if (rc == ERR_OK) {
		rc = report_good(r, &w, e);
		wave_wipe(&w);
	}
	if (rc != ERR_OK)
		print_fault(r, ref->name, e);
	return rc;
}

static enum err_code
report_waves(struct report *r, struct err *e)
{
	struct wave_ref	*ref;
	struct err	 other;
	enum err_code	 rc;
	size_t		 n, i;

	rc = waves_list(r->ctl->conf->state_dir, &ref, &n, e);
	if (rc != ERR_OK)
		return rc;
	for (i = 0; i < n; i++)
		if (rc == ERR_OK)
			rc = report_wave(r, &ref[i], e);
		else
			(void)!report_wave(r, &ref[i], &other);
	r->n = (unsigned int)n;
	free(ref);
	return rc;
}

static void
print_published(const struct report *r, const char *name, size_t i)
{
	if (r->metrics != NULL)
		r->metrics->published++;
	else if (r->json)
		printf("%s\"%s\"", i > 0 ? ", " : "", name);
	else
		printf("%s: published\n", name);
}

static enum err_code
report_published(struct report *r, struct err *e)
{
	enum err_code	  rc;
	size_t		  n, i;
	char		**names;

	rc = history_list(r->ctl->conf->state_dir, &names, &n, e);
	if (rc == ERR_OK && n == 0 && r->n == 0 && !r->json &&
	    r->metrics == NULL)
		puts("no wave yet: sensectl open SURVEY opens one");
	for (i = 0; i < n; i++) {
		if (rc == ERR_OK)
			print_published(r, names[i], i);
		free(names[i]);
	}
	free(names);
	return rc;
}

/* A wave that is damaged is a number too, and no reason to print none. */
static enum err_code
status_metrics(const struct ctl *c, struct err *e)
{
	const char	*dir = c->conf->state_dir;
	struct metrics	 m;
	struct report	 r = { .ctl = c, .metrics = &m };
	enum err_code	 rc, published, attention;
	struct err	 other;

	metrics_init(&m);
	rc = report_waves(&r, e);
	published = report_published(&r, rc == ERR_OK ? e : &other);
	rc = rc == ERR_OK ? published : rc;
	attention = metrics_attention(&m, dir, rc == ERR_OK ? e : &other);
	rc = rc == ERR_OK ? attention : rc;
	if (rc == ERR_OK)
		rc = status_unreachable(dir, &m.unreachable, e);
	metrics_print(&m);
	metrics_wipe(&m);
	return rc;
}

enum err_code
ctl_status(const struct ctl *c, struct err *e)
{
	struct report	r = { .ctl = c, .json = c->opt[CTL_JSON] != NULL };
	struct err	other;
	size_t		n = 0;
	enum err_code	rc, published, ahead, unreached, needs = ERR_OK;

	if (c->opt[CTL_PROMETHEUS] != NULL)
		return status_metrics(c, e);
	if (!r.json)
		needs = ctl_needs(c->conf, &other);
	if (needs != ERR_OK)
		printf("what needs a person cannot be read: %s\n", other.msg);
	unreached = status_unreachable(c->conf->state_dir, &n, e);
	if (r.json)
		printf("{\n  \"format\": 1,\n  \"unreachable\": %zu,\n"
		    "  \"waves\": [\n", n);
	rc = report_waves(&r, unreached == ERR_OK ? e : &other);
	if (unreached != ERR_OK)
		rc = unreached;
	if (r.json)
		printf("%s  ],\n  \"published\": [", r.n > 0 ? "\n" : "");
	published = report_published(&r, rc == ERR_OK ? e : &other);
	rc = rc == ERR_OK ? published : rc;
	if (!r.json && n > 0)
		printf("no mail reaches %zu %s: sensectl unreachable\n", n,
		    n == 1 ? "person" : "people");
	ahead = ctl_ahead(c->conf, r.json, rc == ERR_OK ? e : &other);
	return rc == ERR_OK ? ahead : rc;
}
