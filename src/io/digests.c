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
#include "core/token.h"
#include "io/clock.h"
#include "io/digests_parts.h"
#include "io/published.h"
#include "io/state.h"

static enum err_code
read_comments(struct digests *d, const char *wave, struct err *e)
{
	char		*path = state_path(d->conf->state_dir,
			    STATE_PUBLISHED, wave);
	enum err_code	 rc;

	rc = published_comments(path, &d->own.pub, &d->comments, e);
	free(path);
	return rc;
}

static enum err_code
read_all(struct digests *d, const struct digests_what *what, struct err *e)
{
	enum err_code rc = side_open(&d->own, d->conf, what->wave, e);

	if (rc == ERR_OK && what->other[0] != '\0')
		rc = side_open(&d->other, d->conf, what->other, e);
	if (rc == ERR_OK && d->kind != DIGESTS_FIGURES)
		rc = read_comments(d, what->wave, e);
	if (rc == ERR_OK)
		rc = roster_open(d->conf->state_dir, &d->roster, e);
	if (rc == ERR_OK)
		rc = addressees_open(d->conf, d->key, OPTOUTS_SEEN,
		    &d->staff, e);
	return rc == ERR_OK ? digests_find_leaders(d, e) : rc;
}

enum err_code
digests_open(const struct conf *conf, const struct digests_what *what,
    const unsigned char organisation_key[CRYPT_KEY], unsigned int threads,
    struct digests **out, struct err *e)
{
	struct digests	*d = mem_zero(1, sizeof(*d));
	enum err_code	 rc;
	unsigned int	 i;

	d->conf = conf;
	d->kind = what->kind;
	d->part = what->part;
	memcpy(d->key, organisation_key, CRYPT_KEY);
	crypt_derive(d->leader_key, d->key, CRYPT_KEY, "digest recipient");
	crypt_derive(d->staff_key, d->key, CRYPT_KEY, "staff copy recipient");
	d->templates = templates_new(conf->templates);
	pthread_mutex_init(&d->mutex, NULL);
	d->desk = mem_zero(threads, sizeof(*d->desk));
	d->threads = threads;
	for (i = 0; i < threads; i++)
		compose_init(&d->desk[i].compose);
	if ((rc = read_all(d, what, e)) != ERR_OK)
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
	side_wipe(&d->own);
	side_wipe(&d->other);
	comments_wipe(&d->comments);
	roster_close(&d->roster);
	addressees_close(&d->staff);
	templates_free(d->templates);
	pthread_mutex_destroy(&d->mutex);
	crypt_wipe(d->key, CRYPT_KEY);
	crypt_wipe(d->leader_key, CRYPT_KEY);
	crypt_wipe(d->staff_key, CRYPT_KEY);
	free(d->to);
	free(d);
	*dp = NULL;
}

enum err_code
digests_find_leader(struct digests *d, const struct side *s,
    const struct post *at, struct leader *out, struct err *e)
{
	struct leader	all[LEADERS_MAX];
	size_t		n = 0;
	enum err_code	rc;

	pthread_mutex_lock(&d->mutex);
	rc = roster_leaders(d->roster, s->pub.survey, s->pub.unit[at->unit].id,
	    all, &n, e);
	pthread_mutex_unlock(&d->mutex);
	if (rc == ERR_OK && at->leader >= n)
		rc = ERR_ABSENT;
	if (rc == ERR_OK)
		*out = all[at->leader];
	return rc;
}

static struct view *
view(const void *digest, size_t lang)
{
	return digest_view(digest, lang);
}

/* In the reader's language; in all if that is both, not said or gone. */
static enum err_code
render(struct digests *d, struct compose *c, const struct digest *g,
    const char *lang, struct err *e)
{
	const struct langs		*langs = &g->site->langs;
	const struct compose_words	 words = { "digest", langs, view, g };

	return compose_render(c, d->templates, &words, langs_find(langs, lang),
	    e);
}

static enum err_code
write_digest(struct digests *d, struct compose *c, const struct recipient *to,
    const struct reader *r, const struct digest *g, struct smtp_mail *mail,
    struct err *e)
{
	unsigned char	 who[BOUNCE_WHO];
	char		 bounce[BOUNCE_LEN + 1], *what;
	struct envelope	 env = {
		.to_name = r->name, .to_address = r->address,
		.survey = g->pub->survey, .unsubscribe = r->optout,
		.bounce = bounce, .now = clock_now()
	};
	enum err_code	 rc;

	what = mem_fmt("digest %s %016llx", d->own.pub.wave,
	    (unsigned long long)to->who);
	compose_begin(c, g->site, d->key, what);
	free(what);
	bounce_who(who, d->key, g->pub->survey, r->id, r->address);
	bounce_id(bounce, d->key, g->pub->wave, who);
	if ((rc = render(d, c, g, r->lang, e)) != ERR_OK)
		return rc;
	rc = compose_end(c, g->site, &env, mail, e);
	return rc == ERR_OK ? rc : err_prefix(e, "digest of unit %s: ",
	    g->pub->unit[g->unit].id);
}

/* The side that a leader leads in comes first; or the only one. */
static enum err_code
make_leader(struct digests *d, struct desk *desk, const struct recipient *to,
    int64_t begun, struct smtp_mail *mail, struct err *e)
{
	const bool		 own = to->own.unit != UNIT_NONE;
	const struct leader	*l = &desk->leader;
	struct digest		 g, other;
	struct reader		 r;
	enum err_code		 rc;

	rc = digests_find_leader(d, own ? &d->own : &d->other,
	    own ? &to->own : &to->other, &desk->leader, e);
	if (rc != ERR_OK)
		return rc;
	r = (struct reader){ l->name, l->address, l->lang, NULL, "" };
	if (to->other.unit != UNIT_NONE)
		g = other = side_digest(&d->other, to->other.unit, &r, begun);
	if (own)
		g = side_digest(&d->own, to->own.unit, &r, begun);
	if (own && to->other.unit != UNIT_NONE)
		g.other = &other;
	return write_digest(d, &desk->compose, to, &r, &g, mail, e);
}

static enum err_code
make_copy(struct digests *d, struct desk *desk, const struct recipient *to,
    int64_t begun, struct smtp_mail *mail, struct err *e)
{
	const struct person	*p = &desk->to.person;
	struct digest		 g;
	struct reader		 r;
	enum err_code		 rc;
	bool			 out;

	rc = addressees_find(d->staff, d->own.pub.survey, to->id,
	    ADDRESSEES_DUE, &desk->to, &out, e);
	if (rc != ERR_OK)
		return rc;
	r = (struct reader){ p->name, p->address, p->lang, desk->to.optout,
	    p->id };
	g = side_digest(&d->own, to->own.unit, &r, begun);
	return write_digest(d, &desk->compose, to, &r, &g, mail, e);
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
