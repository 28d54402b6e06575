/*
 * health.c - the health log and the roster, held against each other.
 *
 * Costs one walk over the people, and only if there is something to fold; what
 * is kept in memory grows with bounces, not with people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/health.h"
#include "io/healthlog.h"
#include "io/roster_write.h"
#include "io/state.h"
#include "io/waveorder.h"
#include "io/waves.h"

#define ROSTER_MODE	0600
#define GROW		64

struct health_fold {
	const char		*dir;
	struct roster		*roster;
	unsigned char		 key[CRYPT_KEY];	/* organisation's */
	struct health_record	*log;		/* in order of who */
	size_t			 n_log;
	struct wave_ref		*live;		/* not published yet */
	size_t			 n_live;
	struct infirmary	 ill;
	size_t			 known;		/* of those, in the roster */
	char			(*optout)[OPTOUT_HASH_LEN + 1];
	size_t			 n_optouts;
	const char		*survey;	/* whose people are walked */
};

/* Room for one more, where there are n. */
static void *
grow(void *of, size_t n, size_t size)
{
	return n % GROW == 0 ? mem_resize(of, n + GROW, size) : of;
}

static enum err_code
take_record(void *arg, const struct health_record *r, struct err *e)
{
	struct health_fold *f = arg;

	(void)e;
	f->log = grow(f->log, f->n_log, sizeof(*f->log));
	f->log[f->n_log++] = *r;
	return ERR_OK;
}

static int
by_who(const void *a, const void *b)
{
	return memcmp(((const struct health_record *)a)->who,
	    ((const struct health_record *)b)->who, BOUNCE_WHO);
}

static struct ailing *
add(struct health_fold *f, const struct ailing *a)
{
	f->ill.of = grow(f->ill.of, f->ill.n, sizeof(*f->ill.of));
	f->ill.of[f->ill.n] = *a;
	return &f->ill.of[f->ill.n++];
}

static enum err_code
take_ailing(void *arg, const struct ailing *a, struct err *e)
{
	(void)e;
	add(arg, a);
	return ERR_OK;
}

static int
by_name(const void *a, const void *b)
{
	const struct ailing	*x = a, *y = b;
	int			 c = strcmp(x->survey, y->survey);

	return c != 0 ? c : strcmp(x->id, y->id);
}

static const struct ailing *
find(const struct infirmary *h, const char *survey, const char *id)
{
	struct ailing a;

	snprintf(a.survey, sizeof(a.survey), "%s", survey);
	snprintf(a.id, sizeof(a.id), "%s", id);
	return h->n == 0 ? NULL :
	    bsearch(&a, h->of, h->n, sizeof(a), by_name);
}

static void
sort(void *of, size_t n, size_t size, int (*order)(const void *, const void *))
{
	if (n > 1)
		qsort(of, n, size, order);
}

static bool
is_live(const struct health_fold *f, const char *wave)
{
	size_t i;

	for (i = 0; i < f->n_live; i++)
		if (strcmp(f->live[i].name, wave) == 0)
			return true;
	return false;
}

/* Their health as the roster has it, or a new one. */
static struct ailing *
ailing_of(struct health_fold *f, const struct person *p,
    const unsigned char who[BOUNCE_WHO])
{
	struct ailing	 a = { .id = "" }, *found;

	snprintf(a.survey, sizeof(a.survey), "%s", f->survey);
	memcpy(a.id, p->id, sizeof(a.id));
	memcpy(a.who, who, BOUNCE_WHO);
	found = f->known == 0 ? NULL :
	    bsearch(&a, f->ill.of, f->known, sizeof(a), by_name);
	return found != NULL ? found : add(f, &a);
}

static void
opt_out(struct health_fold *f, const char *address)
{
	char token[OPTOUT_LEN + 1];

	f->optout = grow(f->optout, f->n_optouts, sizeof(*f->optout));
	optout_of(token, f->optout[f->n_optouts++], f->key, address);
	crypt_wipe(token, sizeof(token));
}

/* What the log has of one person; nothing that would tell who answered. */
static enum err_code
take_person(void *arg, const struct person *p, struct err *e)
{
	struct health_fold			*f = arg;
	struct health_record		 key, *r, *end = f->log + f->n_log;
	struct ailing			*a = NULL;

	(void)e;
	bounce_who(key.who, f->key, f->survey, p->id, p->address);
	r = bsearch(&key, f->log, f->n_log, sizeof(key), by_who);
	if (r == NULL)
		return ERR_OK;
	while (r > f->log && by_who(r - 1, &key) == 0)
		r--;
	for (; r < end && by_who(r, &key) == 0; r++) {
		if (r->event == BOUNCE_COMPLAINT)
			opt_out(f, p->address);
		else if ((r->event != BOUNCE_HARD &&
		    r->event != BOUNCE_SOFT) || r->lifted)
			continue;
		else if (r->early || !is_live(f, r->wave)) {
			if (a == NULL)
				a = ailing_of(f, p, key.who);
			health_take(&a->health, r->event, r->wave);
		}
	}
	return ERR_OK;
}

static enum err_code
take_survey(void *arg, const char *survey, struct err *e)
{
	struct health_fold *f = arg;

	f->survey = survey;
	return roster_each(f->roster, survey, take_person, f, e);
}

/* Settles the marks of one survey's people, who stand together. */
static enum err_code
settle_survey(struct health_fold *f, size_t from, size_t to, struct err *e)
{
	struct waveorder	o;
	enum err_code		rc;

	rc = waveorder_read(f->dir, f->ill.of[from].survey, &o, e);
	for (; from < to && rc == ERR_OK; from++)
		health_settle(&f->ill.of[from].health,
		    (const char (*)[WAVE_NAME_MAX + 1])o.wave, o.n, o.live);
	return rc;
}

static enum err_code
settle(struct health_fold *f, struct err *e)
{
	enum err_code	rc = ERR_OK;
	size_t		i, j;
	bool		marked;

	sort(f->ill.of, f->ill.n, sizeof(*f->ill.of), by_name);
	for (i = 0; i < f->ill.n && rc == ERR_OK; i = j) {
		marked = false;
		for (j = i; j < f->ill.n && strcmp(f->ill.of[j].survey,
		    f->ill.of[i].survey) == 0; j++)
			marked |= f->ill.of[j].health.state == HEALTH_MARKED;
		if (marked)
			rc = settle_survey(f, i, j, e);
	}
	return rc;
}

/* Everything that is read; f->ill is then what is known. */
static enum err_code
read_all(struct health_fold *f, struct err *e)
{
	char		*path = state_path(f->dir, STATE_ORGANISATION_KEY,
			    NULL);
	enum err_code	 rc;

	if ((rc = state_key_read(path, f->key, e)) == ERR_OK &&
	    (rc = waves_list(f->dir, &f->live, &f->n_live, e)) == ERR_OK &&
	    (rc = healthlog_each(f->dir, take_record, f, e)) == ERR_OK)
		rc = roster_each_ailing(f->roster, take_ailing, f, e);
	free(path);
	if (rc != ERR_OK)	/* without a key nothing was ever mailed */
		return rc == ERR_ABSENT ? ERR_OK : rc;
	sort(f->log, f->n_log, sizeof(*f->log), by_who);
	sort(f->ill.of, f->ill.n, sizeof(*f->ill.of), by_name);
	f->known = f->ill.n;
	if (f->n_log > 0)
		rc = roster_each_survey(f->roster, take_survey, f, e);
	return rc == ERR_OK ? settle(f, e) : rc;
}

enum err_code
health_put(const struct health_fold *f, const char *survey, const char *id,
    struct store *to, struct err *e)
{
	const struct ailing *a = find(&f->ill, survey, id);

	return a != NULL ? roster_put_ailing(to, a, e) : ERR_OK;
}

enum err_code
health_put_others(const struct health_fold *f, const char *survey,
    struct store *to, struct err *e)
{
	enum err_code	rc = ERR_OK;
	size_t		i;

	for (i = 0; i < f->ill.n && rc == ERR_OK; i++)
		if (survey == NULL || strcmp(f->ill.of[i].survey, survey) != 0)
			rc = roster_put_ailing(to, &f->ill.of[i], e);
	for (i = 0; i < f->n_optouts && rc == ERR_OK; i++)
		rc = roster_put_optout(to, f->optout[i], e);
	return rc;
}

static enum err_code
write_roster(struct health_fold *f, struct err *e)
{
	char		*path = state_path(f->dir, STATE_ROSTER, NULL);
	struct store	*s;
	enum err_code	 rc;

	rc = store_create(path, ROSTER_MODE, 0, &s, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	rc = roster_copy_but_health(f->roster, NULL, s, e);
	if (rc == ERR_OK)
		rc = health_put_others(f, NULL, s, e);
	if (rc != ERR_OK) {
		store_close(&s);
		return rc;
	}
	return store_commit(&s, e);
}

static bool
still_needed(void *arg, struct health_record *r)
{
	return r->event != BOUNCE_COMPLAINT && is_live(arg, r->wave);
}

enum err_code
health_end(const struct health_fold *f, struct err *e)
{
	struct health_fold copy = *f;

	return f->n_log == 0 ? ERR_OK :
	    healthlog_filter(f->dir, still_needed, &copy, e);
}

static void
fold_wipe(struct health_fold *f)
{
	roster_close(&f->roster);
	health_wipe(&f->ill);
	crypt_wipe(f->key, sizeof(f->key));
	free(f->log);
	free(f->live);
	free(f->optout);
}

enum err_code
health_fold(const char *state_dir, struct err *e)
{
	struct health_fold	f = { .dir = state_dir };
	enum err_code	rc;

	if ((rc = roster_open(state_dir, &f.roster, e)) != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	rc = read_all(&f, e);
	if (rc == ERR_OK && f.ill.n + f.n_optouts > 0)
		rc = write_roster(&f, e);
	if (rc == ERR_OK)
		rc = health_end(&f, e);
	fold_wipe(&f);
	return rc;
}

enum err_code
health_begin(const char *state_dir, struct health_fold **out, struct err *e)
{
	struct health_fold	*f = mem_zero(1, sizeof(*f));
	enum err_code		 rc;

	f->dir = state_dir;
	rc = roster_open(state_dir, &f->roster, e);
	if (rc == ERR_OK)
		rc = read_all(f, e);
	else if (rc == ERR_ABSENT)
		rc = ERR_OK;
	roster_close(&f->roster);
	if (rc != ERR_OK)
		health_free(&f);
	else
		*out = f;
	return rc;
}

void
health_free(struct health_fold **f)
{
	if (*f == NULL)
		return;
	fold_wipe(*f);
	free(*f);
	*f = NULL;
}

enum err_code
health_read(const char *state_dir, struct infirmary *h, struct err *e)
{
	struct health_fold	f = { .dir = state_dir };
	enum err_code	rc;

	memset(h, 0, sizeof(*h));
	if ((rc = roster_open(state_dir, &f.roster, e)) != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	if ((rc = read_all(&f, e)) == ERR_OK) {
		*h = f.ill;
		memset(&f.ill, 0, sizeof(f.ill));
	}
	fold_wipe(&f);
	return rc;
}

void
health_wipe(struct infirmary *h)
{
	free(h->of);
	memset(h, 0, sizeof(*h));
}

const struct ailing *
health_find(const struct infirmary *h, const char *survey, const char *id)
{
	const struct ailing *a = find(h, survey, id);

	return a != NULL && health_stops(&a->health) ? a : NULL;
}

size_t
health_stopped(const struct infirmary *h)
{
	size_t i, n = 0;

	for (i = 0; i < h->n; i++)
		n += health_stops(&h->of[i].health);
	return n;
}
