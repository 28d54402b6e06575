/*
 * digests.c - renders the digests of leaders, and the staff copies.
 *
 * Owns the publication in memory and a roster handle, which is one thread's
 * at a time.  Whether a digest was sent already is delivery.c's.  A staff copy
 * is made from the same view as the leader's digest, so that no figure can
 * differ.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/digest.h"
#include "core/pubfind.h"
#include "core/token.h"
#include "io/clock.h"
#include "io/digests_parts.h"
#include "io/history.h"
#include "io/published.h"
#include "io/state.h"

#define TELL_DAYS	14

/* Who reads a digest. */
struct reader {
	const char	*name, *address, *lang;
	const char	*optout;	/* URL: a staff copy; NULL: a leader */
	const char	*id;		/* of a person; "": a leader */
};

/* Finds every unit in the wave before. */
static void
map_units(struct digests *d)
{
	uint32_t *last = pubfind_sort(&d->last), i;

	d->was = mem_zero(d->pub.n, sizeof(*d->was));
	for (i = 0; i < d->pub.n; i++)
		d->was[i] = pubfind(&d->last, last, d->pub.unit[i].id);
	free(last);
}

/* The wave before is kept whole; of all, what the trend needs. */
static enum err_code
look_back(void *arg, struct publication *p, struct err *e)
{
	struct digests *d = arg;

	(void)e;
	trend_add(&d->trend, p);
	if (!d->has_last) {
		d->last = *p;
		d->has_last = true;
		memset(p, 0, sizeof(*p));
		map_units(d);
	}
	return ERR_OK;
}

static enum err_code
read_all(struct digests *d, const char *wave, struct err *e)
{
	const char	*dir = d->conf->state_dir;
	char		*path = state_path(dir, STATE_PUBLISHED, wave);
	enum err_code	 rc;

	rc = published_read(path, &d->pub, e);
	d->has_pub = rc == ERR_OK;
	if (rc == ERR_OK && d->kind != DIGESTS_FIGURES)
		rc = published_comments(path, &d->pub, &d->comments, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	d->by_id = pubfind_sort(&d->pub);
	d->survey = conf_survey(d->conf, d->pub.survey);
	d->site = conf_site(d->conf, d->pub.survey);
	trend_init(&d->trend, &d->pub);
	rc = history_back(dir, d->pub.survey, d->pub.opened, TREND_MAX - 1,
	    look_back, d, e);
	if (rc == ERR_OK)
		rc = roster_open(dir, &d->roster, e);
	if (rc == ERR_OK)
		rc = addressees_open(d->conf, d->key, OPTOUTS_SEEN,
		    &d->staff, e);
	return rc == ERR_OK ? digests_find_leaders(d, e) : rc;
}

enum err_code
digests_open(const struct conf *conf, const char *wave,
    enum digests_kind kind, const unsigned char organisation_key[CRYPT_KEY],
    unsigned int threads, struct digests **out, struct err *e)
{
	struct digests	*d = mem_zero(1, sizeof(*d));
	enum err_code	 rc;
	unsigned int	 i;

	d->conf = conf;
	d->kind = kind;
	memcpy(d->key, organisation_key, CRYPT_KEY);
	crypt_derive(d->leader_key, d->key, CRYPT_KEY, "digest recipient");
	crypt_derive(d->staff_key, d->key, CRYPT_KEY, "staff copy recipient");
	d->templates = templates_new(conf->templates);
	pthread_mutex_init(&d->mutex, NULL);
	d->desk = mem_zero(threads, sizeof(*d->desk));
	d->threads = threads;
	for (i = 0; i < threads; i++)
		compose_init(&d->desk[i].compose);
	if ((rc = read_all(d, wave, e)) != ERR_OK)
		digests_close(&d);
	else
		*out = d;
	return rc;
}

void
digests_close(struct digests **dp)
{
	struct digests	*d = *dp;
	unsigned int	 i;

	if (d == NULL)
		return;
	for (i = 0; i < d->threads; i++) {
		compose_wipe(&d->desk[i].compose);
		addressee_wipe(&d->desk[i].to);
	}
	free(d->desk);
	trend_wipe(&d->trend);
	if (d->has_pub)
		publication_wipe(&d->pub);
	if (d->has_last)
		publication_wipe(&d->last);
	comments_wipe(&d->comments);
	roster_close(&d->roster);
	addressees_close(&d->staff);
	templates_free(d->templates);
	pthread_mutex_destroy(&d->mutex);
	crypt_wipe(d->key, CRYPT_KEY);
	crypt_wipe(d->leader_key, CRYPT_KEY);
	crypt_wipe(d->staff_key, CRYPT_KEY);
	free(d->by_id);
	free(d->was);
	free(d->to);
	free(d);
	*dp = NULL;
}

/* The leader behind a recipient; ERR_ABSENT if the roster's are others. */
enum err_code
digests_find_leader(struct digests *d, const struct recipient *to,
    struct leader *out, struct err *e)
{
	struct leader	all[LEADERS_MAX];
	size_t		n = 0;
	enum err_code	rc;

	pthread_mutex_lock(&d->mutex);
	rc = roster_leaders(d->roster, d->pub.survey, d->pub.unit[to->unit].id,
	    all, &n, e);
	pthread_mutex_unlock(&d->mutex);
	if (rc == ERR_OK && to->leader >= n)
		rc = ERR_ABSENT;
	if (rc == ERR_OK)
		*out = all[to->leader];
	return rc;
}

/* In the reader's language; in all if that is both, not said or gone. */
static enum err_code
render(struct digests *d, struct compose *c, const struct digest *g,
    const char *lang, struct err *e)
{
	const struct langs	*langs = &d->site->langs;
	struct passage		 p[LANGS_MAX];
	size_t			 from = langs_find(langs, lang), n = 1, i;
	enum err_code		 rc;

	if (from >= langs->n) {
		n = langs->n;
		from = 0;
	}
	for (i = 0; i < n; i++) {
		p[i].lang = langs->code[from + i];
		p[i].view = digest_view(g, from + i);
	}
	rc = compose_render(c, d->templates, "digest", p, n, e);
	for (i = 0; i < n; i++)
		view_free(p[i].view);
	return rc;
}

static struct digest
figures_for(const struct digests *d, uint32_t unit, const struct reader *r,
    int64_t begun)
{
	struct digest g = {
		.site = d->site, .pub = &d->pub, .unit = unit,
		.prompts = d->survey != NULL ? &d->survey->prompts : NULL,
		.reader_name = r->name, .opened = clock_civil(d->pub.opened),
		.tell_by = clock_civil(begun + TELL_DAYS * 86400),
		.member = r->optout != NULL, .optout = r->optout
	};
	size_t i;

	g.trend = &d->trend;
	for (i = 0; i < d->trend.n; i++)
		g.trend_opened[i] = clock_civil(d->trend.wave[i].opened);
	if (d->has_last) {
		g.last = &d->last;
		g.was = d->was;
		g.last_opened = clock_civil(d->last.opened);
		g.last_closed = clock_civil(d->last.closed);
	}
	return g;
}

static enum err_code
write_digest(struct digests *d, struct compose *c, const struct recipient *to,
    const struct reader *r, int64_t begun, struct smtp_mail *mail,
    struct err *e)
{
	struct digest	 g = figures_for(d, to->unit, r, begun);
	unsigned char	 who[BOUNCE_WHO];
	char		 bounce[BOUNCE_LEN + 1], *what;
	struct envelope	 env = {
		.to_name = r->name, .to_address = r->address,
		.survey = d->pub.survey, .unsubscribe = r->optout,
		.bounce = bounce, .now = clock_now()
	};
	enum err_code	 rc;

	what = mem_fmt("digest %s %016llx", d->pub.wave,
	    (unsigned long long)to->who);
	compose_begin(c, d->site, d->key, what);
	free(what);
	bounce_who(who, d->key, d->pub.survey, r->id, r->address);
	bounce_id(bounce, d->key, d->pub.wave, who);
	if ((rc = render(d, c, &g, r->lang, e)) != ERR_OK)
		return rc;
	rc = compose_end(c, d->site, &env, mail, e);
	return rc == ERR_OK ? rc : err_prefix(e, "digest of unit %s: ",
	    d->pub.unit[to->unit].id);
}

static enum err_code
make_leader(struct digests *d, struct desk *desk, const struct recipient *to,
    int64_t begun, struct smtp_mail *mail, struct err *e)
{
	const struct leader	*l = &desk->leader;
	struct reader		 r;
	enum err_code		 rc;

	if ((rc = digests_find_leader(d, to, &desk->leader, e)) != ERR_OK)
		return rc;
	r = (struct reader){ l->name, l->address, l->lang, NULL, "" };
	return write_digest(d, &desk->compose, to, &r, begun, mail, e);
}

static enum err_code
make_copy(struct digests *d, struct desk *desk, const struct recipient *to,
    int64_t begun, struct smtp_mail *mail, struct err *e)
{
	const struct person	*p = &desk->to.person;
	struct reader		 r;
	enum err_code		 rc;
	bool			 out;

	rc = addressees_find(d->staff, d->pub.survey, to->id, &desk->to, &out,
	    e);
	if (rc != ERR_OK)
		return rc;
	r = (struct reader){ p->name, p->address, p->lang, desk->to.optout,
	    p->id };
	return write_digest(d, &desk->compose, to, &r, begun, mail, e);
}

enum err_code
digests_make(struct digests *d, unsigned int thread,
    const struct recipient *to, int64_t begun, struct smtp_mail *mail,
    struct err *e)
{
	struct desk *desk = &d->desk[thread];

	if (d->kind != DIGESTS_FIGURES)
		return digests_make_comments(d, desk, to, mail, e);
	return (to->id[0] == '\0' ? make_leader : make_copy)(d, desk, to,
	    begun, mail, e);
}

bool
digests_ready(const struct digests *d)
{
	return d->kind != DIGESTS_COMMENTS || d->comments.released;
}
