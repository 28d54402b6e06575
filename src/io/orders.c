/*
 * orders.c - gives an order between two mails.
 *
 * Waits by trying: flock has no time-out, and whoever waits is told of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/attention.h"
#include "io/clock.h"
#include "io/healthlog.h"
#include "io/list.h"
#include "io/lock.h"
#include "io/orders.h"
#include "io/sendlog.h"
#include "io/state.h"
#include "io/wavefile.h"
#include "io/waves.h"

#define NAP	100000000	/* nanoseconds between two tries */
#define SECOND	1000000		/* of clock_steady */

/* An order that is being given. */
struct turn {
	const struct orders	*o;
	const char		*wave;
	int			 list, lock;	/* of the wave */
	struct wave		 about;
	unsigned char		 key[CRYPT_KEY];
	struct standings	 people;
	struct ledger		*ledger;
};

static void
nap(void)
{
	const struct timespec ts = { 0, NAP };

	nanosleep(&ts, NULL);
}

static enum err_code
lock_list(const char *dir, const char *wave, enum lock_kind kind, int *fd,
    struct err *e)
{
	char		*path = state_path(dir, STATE_LIST, wave);
	enum err_code	 rc = lock_take(path, kind, 0, fd, e);

	free(path);
	return rc;
}

/* An open wave, and its token key. */
static enum err_code
find_wave(struct turn *t, struct err *e)
{
	const char	*dir = t->o->state_dir;
	struct wave_ref	 ref;
	char		*path;
	enum err_code	 rc;

	if ((rc = waves_by_name(dir, t->wave, &ref, e)) != ERR_OK)
		return rc;
	wave_wipe(&t->about);
	path = state_wave(dir, ref.tag, ref.name);
	rc = wavefile_read(path, WAVE_BRIEF, &t->about, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	if (!wave_takes_answers(&t->about, clock_now()))
		return err_set(e, ERR_ABSENT, "%s is not open", t->wave);
	standings_wipe(&t->people);
	standings_init(&t->people, t->about.people);
	path = state_path(dir, STATE_TOKEN_KEY, t->wave);
	rc = state_key_read(path, t->key, e);
	free(path);
	return rc;
}

/* One try; what fails leaves nothing locked but, perhaps, the list. */
static enum err_code
try(struct turn *t, struct err *e)
{
	const char	*dir = t->o->state_dir;
	char		*path;
	enum err_code	 rc = ERR_OK;

	if (t->list == -1)
		rc = lock_list(dir, t->wave, LOCK_TRY, &t->list, e);
	if (rc == ERR_OK) {
		path = state_path(dir, STATE_WAVE_LOCK, t->wave);
		rc = lock_take(path, LOCK_TRY_SHARED, 1, &t->lock, e);
		free(path);
	}
	if (rc == ERR_OK)
		rc = find_wave(t, e);
	if (rc == ERR_OK) {
		path = state_path(dir, STATE_LEDGER, t->wave);
		rc = sendlog_open(path, t->key, &t->people, &t->ledger, e);
		free(path);
	}
	if (rc != ERR_OK)
		lock_release(&t->lock);
	return rc;
}

/* Waits for the turn; whatever comes of it, turn_end. */
static enum err_code
turn_begin(struct turn *t, const struct orders *o, const char *wave,
    struct err *e)
{
	int64_t		until = clock_steady() + (int64_t)ORDERS_WAIT * SECOND;
	struct wave_ref	ref;
	enum err_code	rc;

	*t = (struct turn){ .o = o, .wave = wave, .list = -1, .lock = -1 };
	wave_init(&t->about);
	/* before a name that somebody typed becomes a path */
	if ((rc = waves_by_name(t->o->state_dir, t->wave, &ref, e)) != ERR_OK)
		return rc;
	while ((rc = try(t, e)) == ERR_BUSY) {
		if (clock_steady() >= until)
			return err_set(e, ERR_BUSY, "mail of %s is going out, "
			    "and the mails in hand have not come to an end in "
			    "%d minutes; nothing was changed: try again",
			    t->wave, ORDERS_WAIT / 60);
		if (t->o->waiting != NULL)
			t->o->waiting(t->o->arg);
		nap();
	}
	return rc;
}

static void
turn_end(struct turn *t)
{
	ledger_close(&t->ledger);
	lock_release(&t->lock);
	lock_release(&t->list);
	standings_wipe(&t->people);
	wave_wipe(&t->about);
	crypt_wipe(t->key, sizeof(t->key));
}

/* It is the order's turn. */
static enum err_code
give(struct turn *t, enum mailing_order order, struct err *e)
{
	const char		*dir = t->o->state_dir;
	struct mail_record	 r = { .when = clock_now(),
				     .code = PAUSE_ASKED };
	struct health_tally	 tally;
	enum err_code		 rc = ERR_OK;
	bool			 pause = order == MAILING_PAUSE, news;

	if (t->people.paused == pause && order != MAILING_FORCE)
		return err_set(e, ERR_USED, "mailing of %s is %spaused",
		    t->wave, pause ? "already " : "not ");
	r.event = pause ? MAIL_PAUSED : MAIL_RESUMED;
	if (!pause)	/* what came back so far was looked at */
		rc = healthlog_tally(dir, t->wave, 0, &tally, &r.who, e);
	if (rc == ERR_OK)
		rc = ledger_append(t->ledger, &r, true, e);
	if (rc == ERR_OK && !pause)	/* the person has come */
		rc = attention_settle(dir, STATE_ATTENTION_MAIL, t->wave,
		    &news, e);
	return rc;
}

enum err_code
mailing_order(const struct orders *o, const char *wave,
    enum mailing_order order, struct err *e)
{
	struct turn	t;
	enum err_code	rc = turn_begin(&t, o, wave, e);

	if (rc == ERR_OK)
		rc = give(&t, order, e);
	turn_end(&t);
	return rc;
}

/* A person's place on the frozen list. */
static enum err_code
find_person(const struct turn *t, const char *id, uint32_t *place,
    struct err *e)
{
	char			*path = state_path(t->o->state_dir, STATE_LIST,
				    t->wave);
	struct list		*list = NULL;
	struct list_person	 p;
	enum err_code		 rc = list_open(path, t->key, &list, e);

	free(path);
	if (rc == ERR_OK) {
		rc = list_find(list, id, &p, place, e);
		if (rc == ERR_ABSENT)
			rc = err_set(e, rc, "%s does not ask this person",
			    t->wave);
	}
	list_close(&list);
	return rc;
}

/* The invitation still goes by itself, and in time (M14). */
static bool
is_coming(const struct turn *t, const struct standing *s, int64_t now)
{
	int64_t time = wave_mail_time(&t->about,
	    wave_mail_due(&t->about, now));

	return standing_awaits(s) && !wave_mail_late(s->retry > time ?
	    s->retry : time, t->people.awake, now);
}

static enum err_code
ask_again(struct turn *t, uint32_t place, struct err *e)
{
	const struct standing	*s = &t->people.of[place];
	struct mail_record	 r = { .who = place, .when = clock_now(),
				     .kind = MAIL_REPEAT,
				     .event = MAIL_AGAIN };

	if (standing_owed(s, 0) == MAIL_REPEAT)
		return err_set(e, ERR_USED, "%s: this person asked already, "
		    "and the mail is still to go", t->wave);
	if (is_coming(t, s, r.when))
		return err_set(e, ERR_USED, "%s: the invitation has not gone "
		    "yet; it still goes by itself", t->wave);
	if (s->again == UINT8_MAX)
		return err_set(e, ERR_REFUSED, "%s: this person asked %d "
		    "times; mail plainly does not reach them", t->wave,
		    UINT8_MAX);
	return ledger_append(t->ledger, &r, true, e);
}

enum err_code
mailing_resend(const struct orders *o, const char *wave, const char *person,
    bool *paused, struct err *e)
{
	struct turn	t;
	uint32_t	place;
	enum err_code	rc = turn_begin(&t, o, wave, e);

	if (rc == ERR_OK && (rc = find_person(&t, person, &place, e)) == ERR_OK)
		rc = ask_again(&t, place, e);
	if (rc == ERR_OK)
		*paused = t.people.paused;
	turn_end(&t);
	return rc;
}

enum err_code
orders_hold_off(const char *state_dir, const char *wave, int *fd,
    struct err *e)
{
	return lock_list(state_dir, wave, LOCK_TRY_SHARED, fd, e);
}

bool
orders_wait(const char *state_dir, const char *wave)
{
	struct err	e;
	int		fd = -1;
	enum err_code	rc = orders_hold_off(state_dir, wave, &fd, &e);

	lock_release(&fd);
	return rc == ERR_BUSY;
}

bool
orders_let(const char *state_dir, const char *wave, const atomic_int *stop)
{
	int64_t until = clock_steady() + (int64_t)ORDERS_WAIT * SECOND;

	while (orders_wait(state_dir, wave)) {
		if (atomic_load(stop) != 0 || clock_steady() >= until)
			return false;
		nap();
	}
	return true;
}
