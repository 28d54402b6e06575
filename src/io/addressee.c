/*
 * addressee.c - looks a person up just before a mail is made.
 *
 * The order of looking: the opt-out's file, then the roster, opened anew if it
 * was replaced (whoever applies opt-outs writes the roster before the file is
 * removed).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "core/token.h"
#include "io/addressee.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/healthlog.h"
#include "io/roster_health.h"
#include "io/state.h"

#define GROW	64
#define FRESH	100000	/* microseconds that a look at the roster holds */

/* Those whose mail came back, sorted once all are there. */
struct stopped {
	unsigned char	(*who)[BOUNCE_WHO];
	size_t		 n;
};

/* Opt-outs that the roster does not have yet, each a file in a directory. */
struct waiting {
	char		*dir;	/* NULL: it cannot be read here */
	struct stat	 stat;	/* as it was when it was read */
	int64_t		 since;	/* it is so since then; steady clock */
	bool		 known;	/* any holds until it changes */
	bool		 any;
};

struct addressees {
	const struct conf	*conf;
	unsigned char		 key[CRYPT_KEY];	/* organisation's */
	char			*path;			/* of the roster */
	bool			 files;			/* opt-outs too */
	struct stopped		 bounced, complained;	/* by the health log */
	pthread_mutex_t		 mutex;			/* all below */
	struct roster		*roster;
	struct stat		 stat;
	int64_t			 looked;		/* steady clock */
	struct waiting		 waiting;
};

/* Opens the roster, or opens it again if it was replaced. */
static enum err_code
refresh(struct addressees *a, struct err *e)
{
	struct stat	now;

	a->looked = clock_steady();
	if (stat(a->path, &now) == -1)
		return err_sys(e, "%s", a->path);
	if (a->roster != NULL && file_same(&now, &a->stat))
		return ERR_OK;
	roster_close(&a->roster);
	a->stat = now;	/* an older look only means another opening */
	return roster_open(a->conf->state_dir, &a->roster, e);
}

/* Every import makes answers/optout/known: who cannot see it sees nothing. */
static enum err_code
look_for_files(struct addressees *a, enum addressees_optouts which,
    struct err *e)
{
	char		*path = state_path(a->conf->state_dir,
			    STATE_OPTOUT_KNOWN, NULL);
	enum err_code	 rc = file_there(path, &a->files, e);

	free(path);
	if (which == OPTOUTS_SEEN)
		return ERR_OK;
	a->files = true;
	return rc;
}

static int
by_who(const void *a, const void *b)
{
	return memcmp(a, b, BOUNCE_WHO);
}

/* What has come back since the log was folded into the roster. */
static enum err_code
take_bounce(void *arg, const struct health_record *r, struct err *e)
{
	struct addressees	*a = arg;
	struct stopped		*s = r->event == BOUNCE_COMPLAINT ?
				    &a->complained : &a->bounced;

	(void)e;
	if (r->lifted ||
	    (r->event != BOUNCE_HARD && r->event != BOUNCE_COMPLAINT))
		return ERR_OK;
	if (s->n % GROW == 0)
		s->who = mem_resize(s->who, s->n + GROW, sizeof(*s->who));
	memcpy(s->who[s->n++], r->who, BOUNCE_WHO);
	return ERR_OK;
}

static void
sort(struct stopped *s)
{
	if (s->n > 1)
		qsort(s->who, s->n, sizeof(*s->who), by_who);
}

static bool
has(const struct stopped *s, const unsigned char who[BOUNCE_WHO])
{
	return s->n > 0 && bsearch(who, s->who, s->n, sizeof(*s->who),
	    by_who) != NULL;
}

static enum err_code
read_bounces(struct addressees *a, struct err *e)
{
	enum err_code rc = healthlog_each(a->conf->state_dir, take_bounce, a,
	    e);

	sort(&a->bounced);
	sort(&a->complained);
	return rc;
}

enum err_code
addressees_open(const struct conf *conf,
    const unsigned char organisation_key[CRYPT_KEY],
    enum addressees_optouts which, struct addressees **out, struct err *e)
{
	struct addressees	*a = mem_zero(1, sizeof(*a));
	enum err_code		 rc;

	a->conf = conf;
	memcpy(a->key, organisation_key, CRYPT_KEY);
	a->path = state_path(conf->state_dir, STATE_ROSTER, NULL);
	if (which == OPTOUTS_ALL)
		a->waiting.dir = state_path(conf->state_dir, STATE_OPTOUT_DIR,
		    NULL);
	pthread_mutex_init(&a->mutex, NULL);
	rc = look_for_files(a, which, e);
	if (rc == ERR_OK)
		rc = refresh(a, e);
	if (rc == ERR_OK)
		rc = read_bounces(a, e);
	if (rc != ERR_OK)
		addressees_close(&a);
	else
		*out = a;
	return rc;
}

void
addressees_close(struct addressees **ap)
{
	struct addressees *a = *ap;

	if (a == NULL)
		return;
	roster_close(&a->roster);
	free(a->waiting.dir);
	pthread_mutex_destroy(&a->mutex);
	crypt_wipe(a->key, CRYPT_KEY);
	free(a->bounced.who);
	free(a->complained.who);
	free(a->path);
	free(a);
	*ap = NULL;
}

void
addressee_wipe(struct addressee *to)
{
	free(to->optout);
	to->optout = NULL;
}

/*
 * Under the mutex, since a roster is one thread's at a time.  It may have been
 * replaced a moment ago; an opt-out that it took in then is found after this.
 */
static enum err_code
look_up(struct addressees *a, const char *survey, const char *id,
    struct person *p, struct err *e)
{
	struct ailing	ill;
	enum err_code	rc = ERR_OK;

	pthread_mutex_lock(&a->mutex);
	if (clock_steady() - a->looked >= FRESH)
		rc = refresh(a, e);
	if (rc == ERR_OK)
		rc = roster_person(a->roster, survey, id, p, e);
	if (rc == ERR_OK) {
		rc = roster_ailing(a->roster, survey, id, &ill, e);
		if (rc == ERR_ABSENT)
			rc = ERR_OK;
		else if (rc == ERR_OK && health_stops(&ill.health))
			rc = ERR_ABSENT;
	}
	pthread_mutex_unlock(&a->mutex);
	return rc;
}

static enum err_code
look_for_one(void *arg, const char *name, struct err *e)
{
	(void)e;
	*(bool *)arg |= strlen(name) == OPTOUT_HASH_LEN;
	return ERR_OK;
}

/*
 * Does any opt-out wait?  What was read of the directory holds until it is
 * changed; one that was changed a moment ago is read each time, since the file
 * system's clock stands still for milliseconds.
 */
static enum err_code
does_any_wait(struct waiting *w, struct err *e)
{
	struct stat	now;
	int64_t		steady = clock_steady();

	if (stat(w->dir, &now) == -1)
		return err_sys(e, "%s", w->dir);
	if (w->since == 0 || !file_same(&now, &w->stat)) {
		w->since = steady;
		w->known = false;
	}
	if (w->known)
		return ERR_OK;
	w->stat = now;
	w->known = steady - w->since >= FRESH;
	w->any = false;
	return file_each(w->dir, look_for_one, &w->any, e);
}

static enum err_code
waits(struct addressees *a, const char *hash, bool *out, struct err *e)
{
	char		*path;
	enum err_code	 rc = ERR_OK;

	if (a->waiting.dir != NULL && ((rc = does_any_wait(&a->waiting,
	    e)) != ERR_OK || !a->waiting.any))
		return rc;
	path = state_path(a->conf->state_dir, STATE_OPTOUT, hash);
	rc = file_there(path, out, e);
	free(path);
	return rc;
}

/* The file first: it goes when the roster that has it is there. */
static enum err_code
has_opted_out(struct addressees *a, const char *hash, bool *out,
    struct err *e)
{
	enum err_code rc = ERR_OK;

	pthread_mutex_lock(&a->mutex);
	if (a->files)
		rc = waits(a, hash, out, e);
	if (rc == ERR_OK && !*out && (rc = refresh(a, e)) == ERR_OK)
		*out = roster_opted_out(a->roster, hash);
	pthread_mutex_unlock(&a->mutex);
	return rc;
}

enum err_code
addressees_find(struct addressees *a, const char *survey, const char *id,
    enum addressees_why why, struct addressee *to, bool *opted_out,
    struct err *e)
{
	char		token[OPTOUT_LEN + 1], hash[OPTOUT_HASH_LEN + 1];
	enum err_code	rc;

	*opted_out = false;
	if ((rc = look_up(a, survey, id, &to->person, e)) != ERR_OK)
		return rc;
	if (to->person.address[0] == '\0')
		return ERR_ABSENT;
	bounce_who(to->who, a->key, survey, id, to->person.address);
	if (has(&a->complained, to->who) ||
	    (why == ADDRESSEES_DUE && has(&a->bounced, to->who)))
		return ERR_ABSENT;
	optout_of(token, hash, a->key, to->person.address);
	rc = has_opted_out(a, hash, opted_out, e);
	if (rc == ERR_OK && !*opted_out) {
		addressee_wipe(to);
		to->optout = mem_fmt("%so/%s", a->conf->site.base_url, token);
	}
	crypt_wipe(token, sizeof(token));
	return rc == ERR_OK && *opted_out ? ERR_ABSENT : rc;
}
