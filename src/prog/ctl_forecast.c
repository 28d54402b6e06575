/*
 * ctl_forecast.c - sensectl forecast: what a wave would show, before it.
 *
 * Reads the roster, or the two files of an import, and nothing about any wave.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "core/forecast_show.h"
#include "io/headcount.h"
#include "prog/ctl.h"

#define DRAWS	100
#define SEED	1

/* "60" and "60%". */
static enum err_code
parse_rate(const char *s, unsigned int *out, struct err *e)
{
	size_t		len = strlen(s);
	uint64_t	value;

	if (len > 0 && s[len - 1] == '%')
		len--;
	if (!num_parse(s, len, 1, 100, &value))
		return err_set(e, ERR_INPUT, "--rate %s: expected 1%% to "
		    "100%%", s);
	*out = (unsigned int)value;
	return ERR_OK;
}

static enum err_code
parse_number(const char *s, const char *name, uint64_t least, uint64_t most,
    uint64_t *out, struct err *e)
{
	if (s != NULL && !num_parse(s, strlen(s), least, most, out))
		return err_set(e, ERR_INPUT, "--%s %s: expected a number, %ju "
		    "to %ju", name, s, (uintmax_t)least, (uintmax_t)most);
	return ERR_OK;
}

static enum err_code
parse(const struct ctl *c, struct forecast_input *in,
    enum export_format *format, struct err *e)
{
	const char	*const *o = c->opt;
	uint64_t	 draws = DRAWS;
	enum err_code	 rc;

	*in = (struct forecast_input){ .k = c->conf->min_group,
	    .protect = c->conf->protect, .seed = SEED };
	*format = EXPORT_TEXT;
	if (o[CTL_FORMAT] != NULL && !export_format_find(o[CTL_FORMAT], format))
		return err_set(e, ERR_INPUT, "--format %s: expected text, csv "
		    "or json", o[CTL_FORMAT]);
	if ((o[CTL_UNITS] == NULL) != (o[CTL_PEOPLE] == NULL))
		return err_set(e, ERR_INPUT, "expected both --units and "
		    "--people, or neither for the roster");
	if ((rc = parse_rate(o[CTL_RATE], &in->rate, e)) == ERR_OK)
		rc = parse_number(o[CTL_DRAWS], "draws", 1,
		    FORECAST_DRAWS_MAX, &draws, e);
	if (rc == ERR_OK)
		rc = parse_number(o[CTL_SEED], "seed", 0, INT64_MAX,
		    &in->seed, e);
	in->draws = (unsigned int)draws;
	return rc;
}

static enum err_code
read_tree(const struct ctl *c, struct tree *t, struct err *e)
{
	enum err_code rc;

	tree_init(t);
	if (conf_survey(c->conf, c->arg) == NULL)
		return err_set(e, ERR_ABSENT, "%s: no such survey in the "
		    "configuration", c->arg);
	if (c->opt[CTL_UNITS] != NULL)
		return headcount_files(c->opt[CTL_UNITS], c->opt[CTL_PEOPLE],
		    t, e);
	rc = headcount_roster(c->conf->state_dir, c->arg, t, e);
	if (rc == ERR_ABSENT)
		err_set(e, rc, "survey %s has no roster yet: import one, or "
		    "name files with --units and --people", c->arg);
	return rc;
}

static enum err_code
print(const struct forecast_page *p, struct err *e)
{
	struct buf	b;
	uint32_t	i;
	bool		good;

	buf_init(&b, SIZE_MAX);
	forecast_show_begin(&b, p);
	for (i = 0; i < p->f->n; i++) {
		forecast_show_unit(&b, p, i);
		fputs(buf_str(&b), stdout);
		buf_reset(&b);
	}
	forecast_show_end(&b, p);
	fputs(buf_str(&b), stdout);
	good = fflush(stdout) == 0 && ferror(stdout) == 0;
	buf_wipe(&b);
	return good ? ERR_OK : err_sys(e, "standard output");
}

/* How it would be after joining; the tree is as before on return. */
static enum err_code
run_joined(struct forecast_page *p, struct tree *t, struct err *e)
{
	uint32_t	*kept = mem_zero(t->n, sizeof(*kept)), i;
	struct forecast	 joined;
	enum err_code	 rc;

	for (i = 0; i < t->n; i++)
		kept[i] = t->unit[i].invited;
	joining_apply(p->joining, t);
	rc = forecast_run(&joined, p->in, e);
	p->own_joined = joined.own;
	forecast_wipe(&joined);
	for (i = 0; i < t->n; i++)
		t->unit[i].invited = kept[i];
	free(kept);
	return rc;
}

enum err_code
ctl_forecast(const struct ctl *c, struct err *e)
{
	struct forecast_input	in;
	struct forecast		f = { 0 };
	struct joining		j = { 0 };
	struct tree		t;
	struct forecast_page	p = { .survey = c->arg, .in = &in, .f = &f,
				    .joining = &j };
	enum err_code		rc;

	if ((rc = parse(c, &in, &p.format, e)) != ERR_OK)
		return rc;
	in.tree = &t;
	if ((rc = read_tree(c, &t, e)) == ERR_OK)
		rc = forecast_run(&f, &in, e);
	if (rc == ERR_OK) {
		joining_advise(&j, &f, &in);
		if (j.n > 0)
			rc = run_joined(&p, &t, e);
		else
			p.own_joined = f.own;
	}
	if (rc == ERR_OK)
		rc = print(&p, e);
	joining_wipe(&j);
	forecast_wipe(&f);
	tree_wipe(&t);
	return rc;
}
