/*
 * alert.c - from a matter that needs a person to one mail about it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "core/token.h"
#include "core/view.h"
#include "core/words.h"
#include "io/alert.h"
#include "io/attention.h"
#include "io/clock.h"
#include "io/compose.h"
#include "io/conf.h"
#include "io/file.h"
#include "io/pool.h"
#include "io/state.h"
#include "io/template.h"

#define WHO		"operator"	/* in place of a survey and a wave */

struct matter {
	char		*name;		/* of its file: NAME.TOPIC */
	char		*words;
	char		*id;		/* name, time and words: this matter */
	uint64_t	 who;
};

struct desk {
	const struct conf	*conf;
	struct alert_result	*r;
	struct matter		*of;
	size_t			 n, at;
	unsigned char		 own[CRYPT_KEY];	/* organisation's key */
	unsigned char		 key[CRYPT_KEY];	/* of the ledger */
	char			*path;
	struct ledger		*ledger;
	struct standings	 people;
	struct compose		 compose;
	struct templates	*templates;
};

static void
add_matter(void *arg, const char *name, const char *words)
{
	struct desk	*d = arg;
	char		*dir = state_path(d->conf->state_dir,
			    STATE_ATTENTION_DIR, NULL);
	char		*path = mem_fmt("%s/%s", dir, name);
	unsigned char	 hash[sizeof(uint64_t)];
	struct stat	 st;
	struct matter	*m;

	if (stat(path, &st) == 0) {
		d->of = mem_resize(d->of, d->n + 1, sizeof(*d->of));
		m = &d->of[d->n++];
		m->name = mem_str(name);
		m->words = mem_str(words);
		m->id = mem_fmt("%s %jd.%09ld %s", name,
		    (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, words);
		crypt_hash(hash, sizeof(hash), d->key, m->id, strlen(m->id));
		memcpy(&m->who, hash, sizeof(hash));
	}
	free(path);
	free(dir);
}

/*
 * What is in the ledger of matters that are settled does not count.  A refusal
 * is not for good: in a storm the relay refuses this mail as well.
 */
static bool
apply(struct desk *d, const struct mail_record *r)
{
	struct mail_record	as = *r;
	size_t			i;

	if (as.event == MAIL_REFUSED_PERSON || as.event == MAIL_REFUSED_SOFT ||
	    as.event == MAIL_REFUSED_UNCLEAR)
		as.event = MAIL_TEMPORARY;
	for (i = 0; i < d->n; i++)
		if (d->of[i].who == as.who)
			return standings_apply(&d->people, i, &as);
	return true;
}

static enum err_code
on_record(void *arg, const struct mail_record *r, struct err *e)
{
	(void)e;
	(void)apply(arg, r);
	return ERR_OK;
}

static bool
is_due(const struct desk *d, size_t i)
{
	const struct standing *s = &d->people.of[i];

	return standing_owed(s, 0) == 0 && s->retry <= clock_now();
}

static enum err_code
next(void *arg, struct pool_job *job, struct err *e)
{
	struct desk *d = arg;

	(void)e;
	while (d->at < d->n && !is_due(d, d->at))
		d->at++;
	if (d->at == d->n)
		return ERR_ABSENT;
	*job = (struct pool_job){ .who = d->of[d->at].who,
	    .attempt = (unsigned char)(d->people.of[d->at].tries + 1) };
	d->at++;
	return ERR_OK;
}

struct told {
	const struct site	*site;
	const struct matter	*m;
};

/* The name is all before the last dot, the flag about_TOPIC what is behind. */
static struct view *
view(const void *arg, size_t lang)
{
	const struct told	*told = arg;
	const struct matter	*m = told->m;
	struct view		*v = view_new();
	const char		*dot = strrchr(m->name, '.');
	char			*flag = mem_fmt("about_%s", dot + 1);

	words_site(v, told->site, told->site->langs.code[lang]);
	view_textf(v, "name", "%.*s", (int)(dot - m->name), m->name);
	view_text(v, "noted", m->words);
	view_flag(v, flag, true);
	free(flag);
	return v;
}

static enum err_code
write_mail(struct desk *d, const struct matter *m, struct smtp_mail *mail,
    struct err *e)
{
	const struct site	*site = &d->conf->site;
	const char		*to = d->conf->operator_address;
	const struct told	 told = { site, m };
	struct compose_words	 words = { WHO, &site->langs, view, &told };
	unsigned char		 who[BOUNCE_WHO];
	char			 bounce[BOUNCE_LEN + 1];
	struct envelope		 env = {
		.to_name = "", .to_address = to, .survey = WHO,
		.bounce = bounce, .now = clock_now()
	};
	enum err_code		 rc;

	compose_begin(&d->compose, site, d->key, m->id);
	rc = compose_render(&d->compose, d->templates, &words, 0, e);
	if (rc != ERR_OK)
		return rc;
	bounce_who(who, d->own, WHO, "", to);
	bounce_id(bounce, d->own, WHO, who);
	return compose_end(&d->compose, site, &env, mail, e);
}

static enum err_code
make(void *arg, unsigned int desk, const struct pool_job *job,
    struct smtp_mail *mail, struct err *e)
{
	struct desk	*d = arg;
	size_t		 i = 0;

	(void)desk;
	while (d->of[i].who != job->who)
		i++;
	return write_mail(d, &d->of[i], mail, e);
}

static bool
note(void *arg, const struct mail_record *r)
{
	return apply(arg, r);
}

/* A relay that refuses us is not asked again each minute (M12). */
static enum err_code
put_off(struct desk *d, struct err *e)
{
	struct mail_record	r = { .when = clock_now() };
	enum err_code		rc = ERR_OK;
	size_t			i;

	for (i = 0; i < d->n && rc == ERR_OK; i++) {
		if (!is_due(d, i))
			continue;
		r.who = d->of[i].who;
		r.event = MAIL_ATTEMPT;
		rc = ledger_append(d->ledger, &r, false, e);
		apply(d, &r);
		r.event = MAIL_TEMPORARY;
		if (rc == ERR_OK)
			rc = ledger_append(d->ledger, &r, true, e);
		apply(d, &r);
	}
	return rc;
}

static enum err_code
mail_them(struct desk *d, const struct mailing *m, struct err *e)
{
	struct conf_mail	one = m->conf->mail;
	struct pool		pool = {
		.mail = &one, .password = m->password, .stop = m->stop,
		.steps = m->steps, .until = m->until, .last = m->last,
		.ledger = d->ledger, .ahead = 1,
		.next = next, .make = make, .note = note, .arg = d
	};
	struct pool_result	res;
	enum err_code		rc;

	one.connections = 1;
	rc = pool_run(&pool, &res, e);
	d->r->sent = res.sent;
	memcpy(d->r->words, res.words, sizeof(res.words));
	return rc == ERR_OK && res.end == POOL_OURS ? put_off(d, e) : rc;
}

static enum err_code
open_ledger(struct desk *d, struct err *e)
{
	enum err_code rc;

	rc = state_organisation_key(d->conf->state_dir, d->own, e);
	if (rc != ERR_OK)
		return rc;
	crypt_derive(d->key, d->own, CRYPT_KEY, "ledger of what was told");
	rc = attention_each(d->conf->state_dir, add_matter, d, e);
	if (rc != ERR_OK)
		return rc;
	if (d->n == 0)
		return file_remove(d->path, e);
	standings_init(&d->people, d->n);
	return ledger_open(d->path, d->key, on_record, d, &d->ledger, e);
}

/* Nothing is connected to if all has been told. */
static enum err_code
run(struct desk *d, const struct mailing *m, struct err *e)
{
	enum err_code	rc = open_ledger(d, e);
	size_t		i = 0;

	if (rc != ERR_OK)
		return rc;
	while (i < d->n && !is_due(d, i))
		i++;
	return i < d->n ? mail_them(d, m, e) : ERR_OK;
}

enum err_code
alert_run(const struct mailing *m, struct alert_result *r, struct err *e)
{
	struct desk	*d;
	enum err_code	 rc;

	memset(r, 0, sizeof(*r));
	if (*m->conf->operator_address == '\0')
		return ERR_OK;
	d = mem_zero(1, sizeof(*d));
	d->conf = m->conf;
	d->r = r;
	d->path = state_path(d->conf->state_dir, STATE_TOLD, NULL);
	d->templates = templates_new(d->conf->templates);
	compose_init(&d->compose);
	rc = run(d, m, e);
	ledger_close(&d->ledger);
	standings_wipe(&d->people);
	compose_wipe(&d->compose);
	templates_free(d->templates);
	while (d->n-- > 0) {
		free(d->of[d->n].name);
		free(d->of[d->n].words);
		free(d->of[d->n].id);
	}
	free(d->of);
	free(d->path);
	crypt_wipe(d, sizeof(*d));
	free(d);
	return rc;
}
