/*
 * leadermail.c - tells leaders, some days before, that a wave will open.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/headsup.h"
#include "core/token.h"
#include "io/calendar.h"
#include "io/clock.h"
#include "io/compose.h"
#include "io/file.h"
#include "io/leadermail.h"
#include "io/leadermail_parts.h"
#include "io/ledger.h"
#include "io/plan.h"
#include "io/pool.h"
#include "io/state.h"

#define SUFFIX		".heads-up"
#define REFUSED_SECONDS	3600	/* until the relay is asked again */

struct work {
	const struct mailing	*m;
	const struct conf_survey *survey;
	const struct site	*site;
	int64_t			 opens;
	struct plan		 plan;
	char			*name;		/* of the ledger */
	unsigned char		 key[CRYPT_KEY];	/* organisation's */
	struct headsup_to	*to;		/* in order of who */
	size_t			 n, at;
	struct standings	 people;	/* by place in `to` */
	struct ledger		*ledger;
	struct templates	*templates;
	struct compose		*desk;		/* one a thread */
};

/* "staff-20270112" */
static char *
name_of(const struct conf_survey *s, int64_t opens)
{
	struct civil c = clock_civil(opens);

	return mem_fmt("%s-%04d%02d%02d", s->name, c.year, c.month, c.day);
}

static size_t
place_of(const struct work *w, uint64_t who)
{
	struct headsup_to	 key = { .who = who };
	const struct headsup_to	*found = NULL;

	if (w->n > 0)
		found = bsearch(&key, w->to, w->n, sizeof(key),
		    leadermail_by_who);
	return found != NULL ? (size_t)(found - w->to) : w->n;
}

/* What is said of leaders who are gone is passed over. */
static enum err_code
on_record(void *arg, const struct mail_record *r, struct err *e)
{
	struct work *w = arg;

	(void)e;
	standings_apply(&w->people, place_of(w, r->who), r);
	return ERR_OK;
}

static bool
note(void *arg, const struct mail_record *r)
{
	struct work *w = arg;

	standings_apply(&w->people, place_of(w, r->who), r);
	return !standings_storm(&w->people);
}

/* M14: a mail that was put off has a time of its own. */
static bool
may_go(const struct work *w, const struct standing *s, int64_t now)
{
	int64_t time = s->retry > w->plan.heads_up ? s->retry :
	    w->plan.heads_up;

	return standing_owed(s, 0) == 0 && s->retry <= now &&
	    now < w->opens && !wave_mail_late(time, 0, now);
}

static enum err_code
next(void *arg, struct pool_job *job, struct err *e)
{
	struct work		*w = arg;
	const struct standing	*s;
	int64_t			 now = clock_now();

	(void)e;
	while (w->at < w->n) {
		s = &w->people.of[w->at++];
		if (!may_go(w, s, now))
			continue;
		memset(job, 0, sizeof(*job));
		job->who = w->to[w->at - 1].who;
		job->attempt = s->tries < UINT8_MAX ? s->tries + 1 : s->tries;
		return ERR_OK;
	}
	return ERR_ABSENT;
}

static struct view *
view(const void *arg, size_t lang)
{
	const struct headsup *h = arg;

	return headsup_view(h, h->site->langs.code[lang]);
}

/* In the leader's language; in all if that is both, not said or gone. */
static enum err_code
render(struct work *w, struct compose *c, const struct leader *l,
    struct err *e)
{
	const struct langs		*langs = &w->site->langs;
	const struct headsup		 h = {
		.site = w->site, .name = l->name,
		.opens = clock_civil(w->opens),
		.closes = clock_civil(w->plan.closes),
		.digest = clock_civil(clock_days_later(w->plan.closes, 1))
	};
	const struct compose_words	 words = { "heads_up", langs, view,
					    &h };

	return compose_render(c, w->templates, &words,
	    langs_find(langs, l->lang), e);
}

static enum err_code
make(void *arg, unsigned int desk, const struct pool_job *job,
    struct smtp_mail *mail, struct err *e)
{
	struct work		*w = arg;
	struct compose		*c = &w->desk[desk];
	const struct leader	*l = &w->to[place_of(w, job->who)].leader;
	unsigned char		 who[BOUNCE_WHO];
	char			 bounce[BOUNCE_LEN + 1], *what;
	struct envelope		 env = {
		.to_name = l->name, .to_address = l->address,
		.survey = w->survey->name, .bounce = bounce,
		.now = clock_now()
	};
	enum err_code		 rc;

	what = mem_fmt("heads-up %s %016llx", w->name,
	    (unsigned long long)job->who);
	compose_begin(c, w->site, w->key, what);
	bounce_who(who, w->key, w->survey->name, "", l->address);
	bounce_id(bounce, w->key, w->name, who);
	free(what);
	rc = render(w, c, l, e);
	return rc == ERR_OK ? compose_end(c, w->site, &env, mail, e) : rc;
}

static enum err_code
append(struct work *w, enum mail_event event, unsigned int code,
    struct err *e)
{
	struct mail_record r = { .when = clock_now(), .code = code,
	    .event = (unsigned char)event };

	return ledger_append(w->ledger, &r, true, e);
}

/* How many are owed a word; who gets none before the opening is missed. */
static size_t
count_owed(const struct work *w, struct leadermail_result *r)
{
	const struct standing	*s;
	int64_t			 now = clock_now();
	size_t			 i, n = 0;

	for (i = 0; i < w->n; i++) {
		s = &w->people.of[i];
		if (standing_owed(s, 0) == -1)
			continue;
		n++;
		r->missed += s->retry >= w->opens ||
		    (s->retry <= now && !may_go(w, s, now));
	}
	r->away = n > 0 ? w->people.away : 0;
	return n;
}

static enum err_code
mail_them(struct work *w, struct leadermail_result *r, struct err *e)
{
	struct pool		pool = {
		.mail = &w->m->conf->mail, .password = w->m->password,
		.stop = w->m->stop, .steps = w->m->steps,
		.until = w->m->until, .last = w->m->last,
		.ledger = w->ledger, .ahead = 1,
		.next = next, .make = make, .note = note,
		.arg = w
	};
	struct pool_result	res;
	enum err_code		rc;
	size_t			owed;

	rc = pool_run(&pool, &res, e);
	owed = count_owed(w, r);
	r->sent = res.sent;
	r->temporary = res.temporary;
	r->refused = res.refused;
	r->uncertain = res.uncertain;
	r->unreached = res.end == POOL_UNREACHED;
	r->more = res.end == POOL_TIME;
	memcpy(r->words, res.words, sizeof(res.words));
	if (rc == ERR_OK && (res.end == POOL_STORM || res.end == POOL_OURS)) {
		rc = append(w, MAIL_PAUSED, res.end == POOL_STORM ?
		    PAUSE_STORM : PAUSE_OURS, e);
		return rc != ERR_OK ? rc : err_set(e, ERR_REFUSED, "mails to "
		    "leaders of survey %s stay: the relay refuses them (%s); "
		    "nobody is blamed, and they are tried again in an hour",
		    w->survey->name, res.words);
	}
	if (rc == ERR_OK && res.end == POOL_DONE && owed == 0)
		rc = append(w, MAIL_FINISHED, 0, e);
	return rc;
}

static void
derive(unsigned char out[CRYPT_KEY], const struct work *w)
{
	char *purpose = mem_fmt("heads-up ledger of %s", w->name);

	crypt_derive(out, w->key, CRYPT_KEY, purpose);
	free(purpose);
}

/* The leaders are known. */
static enum err_code
work_through(struct work *w, struct leadermail_result *r, struct err *e)
{
	unsigned int	 threads = w->m->conf->mail.connections, i;
	unsigned char	 key[CRYPT_KEY];
	char		*path;
	enum err_code	 rc;

	path = state_path(w->m->conf->state_dir, STATE_HEADS_UP, w->name);
	derive(key, w);
	rc = ledger_open(path, key, on_record, w, &w->ledger, e);
	crypt_wipe(key, sizeof(key));
	free(path);
	if (rc != ERR_OK || w->people.finished >= 0 || (w->people.paused &&
	    clock_now() < w->people.newest + REFUSED_SECONDS))
		return rc;
	w->templates = templates_new(w->m->conf->templates);
	w->desk = mem_zero(threads, sizeof(*w->desk));
	for (i = 0; i < threads; i++)
		compose_init(&w->desk[i]);
	rc = mail_them(w, r, e);
	for (i = 0; i < threads; i++)
		compose_wipe(&w->desk[i]);
	free(w->desk);
	templates_free(w->templates);
	return rc;
}

static enum err_code
has_begun(const struct work *w, bool *begun, struct err *e)
{
	char		*path = state_path(w->m->conf->state_dir,
			    STATE_HEADS_UP, w->name);
	enum err_code	 rc = file_there(path, begun, e);

	free(path);
	return rc;
}

/* M14: it is too late if nothing was begun within the window. */
static enum err_code
run(struct work *w, struct leadermail_result *r, struct err *e)
{
	const char	*dir = w->m->conf->state_dir;
	bool		 begun;
	struct roster	*roster;
	enum err_code	 rc;

	if ((rc = roster_open(dir, &roster, e)) != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;	/* nobody leads yet */
	rc = state_organisation_key(dir, w->key, e);
	if (rc == ERR_OK)
		rc = leadermail_find(roster, w->survey->name, w->key, &w->to,
		    &w->n, e);
	roster_close(&roster);
	standings_init(&w->people, w->n);
	r->leaders = (unsigned int)w->n;
	if (rc == ERR_OK)
		rc = has_begun(w, &begun, e);
	if (rc != ERR_OK || w->n == 0)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	if (begun || !wave_mail_late(w->plan.heads_up, 0, clock_now()))
		return work_through(w, r, e);
	r->missed = r->leaders;
	return ERR_OK;
}

/* Is it time?  Only then has the ledger a name. */
static enum err_code
is_due(struct work *w, struct err *e)
{
	struct calendar_dates	 d;
	int64_t			 now = clock_now();
	enum err_code		 rc;

	rc = calendar_around(w->survey, now, &d, e);
	if (rc != ERR_OK || d.next == 0)
		return rc;
	w->opens = d.next;
	plan_make(w->survey, d.next, 0, &w->plan);
	if (w->plan.heads_up == 0 || now < w->plan.heads_up)
		return ERR_OK;
	w->name = name_of(w->survey, d.next);
	return ERR_OK;
}

enum err_code
leadermail_run(const struct mailing *m, const struct conf_survey *s,
    struct leadermail_result *r, struct err *e)
{
	struct work	*w = mem_zero(1, sizeof(*w));
	enum err_code	 rc;

	memset(r, 0, sizeof(*r));
	w->m = m;
	w->survey = s;
	w->site = conf_site(m->conf, s->name);
	rc = is_due(w, e);
	if (rc == ERR_OK && w->name != NULL) {
		r->opens = w->opens;
		rc = run(w, r, e);
	}
	ledger_close(&w->ledger);
	standings_wipe(&w->people);
	crypt_wipe(w->key, sizeof(w->key));
	free(w->to);
	free(w->name);
	free(w);
	return rc;
}

static enum err_code
clean_one(void *arg, const char *name, struct err *e)
{
	const struct conf	*c = arg;
	struct calendar_dates	 d;
	size_t			 len = strlen(name), tail = strlen(SUFFIX), i;
	enum err_code		 rc;
	char			*own, *path;
	bool			 keep = false;

	if (len <= tail || strcmp(name + len - tail, SUFFIX) != 0)
		return ERR_OK;
	for (i = 0; i < c->n_surveys && !keep; i++) {
		rc = calendar_around(&c->survey[i], clock_now(), &d, e);
		if (rc != ERR_OK)
			return rc;
		own = name_of(&c->survey[i], d.next);
		keep = d.next != 0 && strlen(own) == len - tail &&
		    strncmp(own, name, len - tail) == 0;
		free(own);
	}
	if (keep)
		return ERR_OK;
	path = mem_fmt("%s/ledgers/%s", c->state_dir, name);
	rc = file_remove(path, e);
	free(path);
	return rc;
}

enum err_code
leadermail_clean(const struct conf *c, struct err *e)
{
	char		*dir = state_path(c->state_dir, STATE_LEDGERS_DIR,
			    NULL);
	struct conf	 copy = *c;
	enum err_code	 rc = file_each(dir, clean_one, &copy, e);

	free(dir);
	return rc;
}
