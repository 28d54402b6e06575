/*
 * digests.c - renders a leader's digest.
 *
 * Owns the publication in memory and a roster handle, which is one thread's
 * at a time.  Whether a digest was sent already is delivery.c's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/address.h"
#include "core/digest.h"
#include "core/token.h"
#include "io/clock.h"
#include "io/compose.h"
#include "io/digests.h"
#include "io/history.h"
#include "io/published.h"
#include "io/roster.h"
#include "io/state.h"

#define TELL_DAYS	14
#define WHO_BYTES	16	/* the shortest keyed hash; 8 of it are used */

struct digests {
	const struct conf	*conf;
	const struct conf_survey *survey;	/* NULL: no longer there */
	unsigned char		 key[CRYPT_KEY];
	struct publication	 pub, last;
	bool			 has_pub, has_last;
	struct templates	*templates;
	pthread_mutex_t		 mutex;		/* of the roster */
	struct roster		*roster;
	struct recipient	*to;
	size_t			 n, cap;
	struct compose		*compose;	/* one a thread */
	unsigned int		 threads;
};

static uint64_t
who_of(const struct digests *d, const char *unit, const char *address)
{
	unsigned char	 hash[WHO_BYTES], key[CRYPT_KEY];
	char		*canonical = address_canonical(address), *what;
	uint64_t	 who = 0;
	int		 i;

	crypt_derive(key, d->key, CRYPT_KEY, "digest recipient");
	what = mem_fmt("%s %s", unit, canonical);
	crypt_hash(hash, sizeof(hash), key, what, strlen(what));
	for (i = 0; i < 8; i++)
		who = who << 8 | hash[i];
	free(what);
	free(canonical);
	crypt_wipe(key, sizeof(key));
	return who;
}

static int
by_who(const void *a, const void *b)
{
	const struct recipient *x = a, *y = b;

	return (x->who > y->who) - (x->who < y->who);
}

static enum err_code
add_unit(struct digests *d, uint32_t unit, struct err *e)
{
	struct leader	 leader[LEADERS_MAX];
	const char	*id = d->pub.unit[unit].id;
	size_t		 n, i;
	enum err_code	 rc;

	rc = roster_leaders(d->roster, d->pub.survey, id, leader, &n, e);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	for (i = 0; i < n; i++) {
		if (leader[i].address[0] == '\0')
			continue;
		if (d->n == d->cap) {
			d->cap = d->cap * 2 + 64;
			d->to = mem_resize(d->to, d->cap, sizeof(*d->to));
		}
		d->to[d->n].who = who_of(d, id, leader[i].address);
		d->to[d->n].unit = unit;
		d->to[d->n].leader = (unsigned int)i;
		d->n++;
	}
	return ERR_OK;
}

/* Everyone to whom a digest is owed, in order, without doubles. */
static enum err_code
find_recipients(struct digests *d, struct err *e)
{
	enum err_code	rc = ERR_OK;
	uint32_t	u;
	size_t		i, kept = 0;

	for (u = 0; u < d->pub.n && rc == ERR_OK; u++)
		rc = add_unit(d, u, e);
	if (d->n > 1)
		qsort(d->to, d->n, sizeof(*d->to), by_who);
	for (i = 0; i < d->n; i++) {
		if (i == 0 || d->to[i].who != d->to[kept - 1].who)
			d->to[kept++] = d->to[i];
	}
	d->n = kept;
	return rc;
}

static enum err_code
read_all(struct digests *d, const char *wave, struct err *e)
{
	const char	*dir = d->conf->state_dir;
	char		*path = state_path(dir, STATE_PUBLISHED, wave);
	enum err_code	 rc;

	rc = published_read(path, &d->pub, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	d->has_pub = true;
	d->survey = conf_survey(d->conf, d->pub.survey);
	rc = history_latest(dir, d->pub.survey, d->pub.opened, &d->last,
	    &d->has_last, e);
	if (rc == ERR_OK)
		rc = roster_open(dir, &d->roster, e);
	return rc == ERR_OK ? find_recipients(d, e) : rc;
}

enum err_code
digests_open(const struct conf *conf, const char *wave,
    const unsigned char organisation_key[CRYPT_KEY], unsigned int threads,
    struct digests **out, struct err *e)
{
	struct digests	*d = mem_zero(1, sizeof(*d));
	enum err_code	 rc;
	unsigned int	 i;

	d->conf = conf;
	memcpy(d->key, organisation_key, CRYPT_KEY);
	d->templates = templates_new(conf->templates);
	pthread_mutex_init(&d->mutex, NULL);
	d->compose = mem_zero(threads, sizeof(*d->compose));
	d->threads = threads;
	for (i = 0; i < threads; i++)
		compose_init(&d->compose[i]);
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
	for (i = 0; i < d->threads; i++)
		compose_wipe(&d->compose[i]);
	free(d->compose);
	if (d->has_pub)
		publication_wipe(&d->pub);
	if (d->has_last)
		publication_wipe(&d->last);
	roster_close(&d->roster);
	templates_free(d->templates);
	pthread_mutex_destroy(&d->mutex);
	crypt_wipe(d->key, CRYPT_KEY);
	free(d->to);
	free(d);
	*dp = NULL;
}

const struct recipient *
digests_recipients(const struct digests *d, size_t *n)
{
	*n = d->n;
	return d->to;
}

/* The leader behind a recipient; ERR_ABSENT if the roster's are others. */
static enum err_code
find_leader(struct digests *d, const struct recipient *to, struct leader *out,
    struct err *e)
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

/* In the leader's language; in all if that is both, not said or gone. */
static enum err_code
render(struct digests *d, struct compose *c, const struct digest *g,
    const char *lang, struct err *e)
{
	const struct langs	*langs = &d->conf->site.langs;
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

static enum err_code
write_digest(struct digests *d, struct compose *c, const struct recipient *to,
    const struct leader *leader, struct smtp_mail *mail, struct err *e)
{
	int64_t		 now = clock_now();
	char		 bounce[BOUNCE_LEN + 1], *what;
	struct digest	 g = {
		.site = &d->conf->site, .pub = &d->pub, .unit = to->unit,
		.prompts = d->survey != NULL ? &d->survey->prompts : NULL,
		.reader_name = leader->name,
		.opened = clock_civil(d->pub.opened),
		.tell_by = clock_civil(now + TELL_DAYS * 86400)
	};
	struct envelope	 env = {
		.to_name = leader->name, .to_address = leader->address,
		.survey = d->pub.survey, .bounce = bounce, .now = now
	};
	enum err_code	 rc;

	if (d->has_last) {
		g.last = &d->last;
		g.last_opened = clock_civil(d->last.opened);
		g.last_closed = clock_civil(d->last.closed);
	}
	what = mem_fmt("digest %s %016llx", d->pub.wave,
	    (unsigned long long)to->who);
	compose_begin(c, &d->conf->site, d->key, what);
	bounce_id(bounce, d->key, what);
	free(what);
	if ((rc = render(d, c, &g, leader->lang, e)) != ERR_OK)
		return rc;
	rc = compose_end(c, &d->conf->site, &env, mail, e);
	return rc == ERR_OK ? rc : err_prefix(e, "digest of unit %s: ",
	    d->pub.unit[to->unit].id);
}

enum err_code
digests_make(struct digests *d, unsigned int thread,
    const struct recipient *to, struct smtp_mail *mail, struct err *e)
{
	struct compose	*c = &d->compose[thread];
	struct leader	 leader;
	enum err_code	 rc;

	if ((rc = find_leader(d, to, &leader, e)) != ERR_OK)
		return rc;
	return write_digest(d, c, to, &leader, mail, e);
}
