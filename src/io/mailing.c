/*
 * mailing.c - who is owed a mail now, and the pass that mails them.
 *
 * Decides by the ledger and the wave alone; what a mail holds, and whether a
 * person has answered or opted out meanwhile, is letters.c's.  The wave file
 * is read again every few seconds, since the keeper may close the wave while
 * mail goes out: the keeper never waits for us.
 *
 * The order: invitations, spread over the list, so that one unit of dead
 * addresses is no storm (core/spread.h); reminders as the list has them, a box
 * after the other; then both of those that may have arrived, since a second
 * crash is unlikely to meet the same people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/spread.h"
#include "core/wave.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/letters.h"
#include "io/lock.h"
#include "io/mailing_parts.h"
#include "io/plan.h"
#include "io/pool.h"
#include "io/state.h"
#include "io/wavefile.h"

#define LOOK_SECONDS	5	/* between two readings of the wave file */
#define AWAKE_SECONDS	(6 * 3600)	/* between two notes of that */
#define BACKWARDS	3600	/* M14: a clock this far behind is wrong */
#define ROUNDS		4	/* odd: reminders; from 2: repetitions */

/* Reads the wave file; a wave that is gone or closed is over. */
static enum err_code
look(struct pass *p, struct err *e)
{
	struct wave	fresh;
	enum err_code	rc;

	p->looked = clock_now();
	rc = wavefile_read(p->wave_path, WAVE_BRIEF, &fresh, e);
	if (rc == ERR_ABSENT) {
		p->over = true;
		return ERR_OK;
	}
	if (rc != ERR_OK)
		return rc;
	p->wave.state = fresh.state;
	p->wave.closes = fresh.closes;
	if (p->letters != NULL)
		letters_extend(p->letters, fresh.closes);
	wave_wipe(&fresh);
	p->over = p->wave.state != WAVE_OPEN;
	return p->over ? ERR_OK : mailing_bounces(p, e);
}

/* What is due; -1 before the opening and after the closing second (M14).  No
 * reminders at a weekend that is kept free, not even repeated ones. */
static int
due_now(const struct pass *p, int64_t now)
{
	int due;

	if (p->over || p->storm != HEALTH_CALM || now < p->wave.opened ||
	    now >= p->wave.closes)
		return -1;
	due = wave_mail_due(&p->wave, now);
	return due > 0 && p->survey != NULL && plan_rests(p->survey, now) ?
	    0 : due;
}

/* The kind that is owed at this moment, or -1. */
static int
owed(const struct pass *p, const struct standing *s, int due, int64_t now)
{
	int kind = standing_owed(s, due);

	if (kind > MAIL_FIRST && kind < MAIL_REPEAT &&
	    wave_last_day(&p->wave, now) &&
	    (s->kind != kind || s->tries == 0))
		return -1;
	return kind;
}

/* M14, of one person: a mail that was put off or asked for has a time of its
 * own. */
static bool
is_late(const struct pass *p, const struct standing *s, int due, int64_t now)
{
	int64_t time = wave_mail_time(&p->wave, due);

	if (s != NULL && s->retry > time)
		time = s->retry;
	return wave_mail_late(time, p->people.awake, now);
}

/* True if this person is owed a mail that may go now; fills the job. */
static bool
job_of(struct pass *p, size_t i, int due, int64_t now,
    struct pool_job *job)
{
	const struct standing	*s = &p->people.of[i];
	int			 kind = owed(p, s, due, now);

	if (kind == -1 || s->retry > now || p->taken[i] ||
	    (kind > 0) != p->round % 2 || (s->uncertain > 0) != p->round / 2)
		return false;
	if (is_late(p, s, due, now)) {
		p->r->late |= p->people.finished < due || kind == MAIL_REPEAT;
		return false;
	}
	p->taken[i] = 1;	/* until its end is known it looks uncertain */
	job->who = i;
	job->kind = (unsigned char)kind;
	job->slot = (unsigned char)due;
	job->attempt = s->kind == kind && s->tries < UINT8_MAX ?
	    s->tries + 1 : 1;
	job->again = s->again;
	return true;
}

/*
 * Notes now and then that the mailer is at work, so that a relay that was out
 * of reach for long, or a slow one, makes no mail late.
 */
static enum err_code
keep_awake(struct pass *p, int due, int64_t now, struct err *e)
{
	int64_t since = wave_mail_time(&p->wave, due);

	if (p->people.awake > since)
		since = p->people.awake;
	if (now - since < AWAKE_SECONDS || is_late(p, NULL, due, now))
		return ERR_OK;
	return mailing_append(p, MAIL_AWAKE, 0, 0, e);
}

/* The next person of this round; -1: there are no more. */
static int64_t
step(struct pass *p)
{
	size_t n = p->people.n;

	if (p->at >= n)
		return -1;
	return (int64_t)(p->round % 2 > 0 ? p->at++ :
	    spread_place(p->at++, n, p->stride));
}

/* A pass is of one slot: what is said of it depends on that (SCORING 9.4). */
static enum err_code
next(void *arg, struct pool_job *job, struct err *e)
{
	struct pass	*p = arg;
	int64_t		 now = clock_now(), i;
	enum err_code	 rc;
	int		 due;

	if (now - p->looked >= LOOK_SECONDS || now < p->looked) {
		if ((rc = look(p, e)) != ERR_OK)
			return rc;
	}
	if ((due = due_now(p, now)) != p->r->due)
		return ERR_ABSENT;
	if ((rc = keep_awake(p, due, now, e)) != ERR_OK)
		return rc;
	for (; p->round < ROUNDS; p->round++, p->at = 0)
		while ((i = step(p)) != -1)
			if (job_of(p, (size_t)i, due, now, job))
				return ERR_OK;
	return ERR_ABSENT;
}

static enum err_code
make(void *arg, unsigned int desk, const struct pool_job *job,
    struct smtp_mail *mail, struct err *e)
{
	struct pass		*p = arg;
	enum letters_skip	 skip;	/* answered or not: never told */

	return letters_make(p->letters, desk, job, mail, &skip, e);
}

/* A job waited: the wave may be over, the next mail due, this one late. */
static bool
still(void *arg, const struct pool_job *job)
{
	struct pass	*p = arg;
	int64_t		 now = clock_now();
	struct err	 e;

	return look(p, &e) == ERR_OK && due_now(p, now) == (int)job->slot &&
	    keep_awake(p, job->slot, now, &e) == ERR_OK &&
	    !is_late(p, &p->people.of[job->who], job->slot, now);
}

static bool
awaited(void *arg)
{
	return mailing_awaited(arg);
}

static void
back(void *arg, const struct pool_job *job)
{
	((struct pass *)arg)->taken[job->who] = 0;
}

static bool
note(void *arg, const struct mail_record *r)
{
	struct pass	*p = arg;
	uint64_t	 done;

	if (!standings_apply(&p->people, (size_t)r->who, r))
		return false;
	/* who was refused, asked and was mailed is in it twice */
	done = p->people.sent[MAIL_FIRST] + p->people.refused;
	if (p->m->progress != NULL && p->r->due == 0)
		p->m->progress(p->m->arg, done < p->people.n ? done :
		    p->people.n, p->people.n);
	return !standings_storm(&p->people);
}

/* Counts what is put off or was not come to. */
static void
count_left(struct pass *p)
{
	const struct standing	*s;
	int64_t			 now = clock_now();
	int			 due = due_now(p, now);
	size_t			 i;

	for (i = 0; i < p->people.n && due != -1; i++) {
		s = &p->people.of[i];
		if (owed(p, s, due, now) == -1 || is_late(p, s, due, now))
			continue;
		p->r->left += s->retry > now ? s->retry < p->wave.closes :
		    !p->taken[i];
	}
	p->r->away = p->r->left > 0 ? p->people.away : 0;
}

/* Everybody who could be mailed in this slot was: that is noted once. */
static enum err_code
finish(struct pass *p, struct err *e)
{
	int due = p->r->due;

	if (p->over || p->r->left > 0 || p->r->late ||
	    p->people.finished >= due || due_now(p, clock_now()) != due)
		return ERR_OK;
	return mailing_append(p, MAIL_FINISHED, 0, due, e);
}

static enum err_code
mail_them(struct pass *p, struct err *e)
{
	struct pool		pool = {
		.mail = &p->m->conf->mail, .password = p->m->password,
		.stop = p->m->stop, .steps = p->m->steps,
		.until = p->m->until, .last = p->m->last,
		.ledger = p->ledger, .ahead = POOL_AHEAD,
		.next = next, .make = make,
		.still = still, .back = back, .note = note,
		.awaited = awaited, .arg = p
	};
	struct pool_result	res;
	uint64_t		sent[MAIL_KIND__MAX];
	uint64_t		repeated = p->people.repeated;
	enum err_code		rc;
	int			i;

	memcpy(sent, p->people.sent, sizeof(sent));
	rc = pool_run(&pool, &res, e);
	for (i = 0; i < MAIL_KIND__MAX; i++)
		p->r->mailed[i] = p->people.sent[i] - sent[i];
	p->r->repeated = (unsigned int)(p->people.repeated - repeated);
	p->r->temporary = res.temporary;
	p->r->refused = res.refused;
	p->r->uncertain = res.uncertain;
	p->r->unreached = res.end == POOL_UNREACHED;
	p->r->more = res.end == POOL_TIME;
	memcpy(p->r->words, res.words, sizeof(res.words));
	count_left(p);
	if (rc == ERR_OK && res.end == POOL_STORM)
		return mailing_halt(p, PAUSE_STORM, e);
	if (rc == ERR_OK && res.end == POOL_OURS)
		return mailing_halt(p, PAUSE_OURS, e);
	if (rc == ERR_OK && p->storm != HEALTH_CALM)
		return mailing_halt(p, PAUSE_BOUNCES, e);
	return rc == ERR_OK && res.end == POOL_DONE ? finish(p, e) : rc;
}

/* The ledger is open: everything that may forbid a pass. */
static enum err_code
mail_or_not(struct pass *p, struct err *e)
{
	enum err_code rc;

	if (p->people.newest > clock_now() + BACKWARDS)
		return err_set(e, ERR_REFUSED, "the clock went backwards: "
		    "mail of %s was sent later than now; set the clock, or "
		    "no more mail goes out", p->wave.name);
	if ((rc = mailing_check_seen(p, e)) != ERR_OK)
		return rc;
	p->r->why = p->people.why;
	if ((p->r->paused = p->people.paused))
		return ERR_OK;
	if (standings_storm(&p->people))
		return mailing_halt(p, PAUSE_STORM, e);
	if (p->storm != HEALTH_CALM)
		return mailing_halt(p, PAUSE_BOUNCES, e);
	rc = letters_open(p->m->conf, &p->wave, p->token_key,
	    p->m->conf->mail.connections, POOL_AHEAD, &p->letters, e);
	return rc == ERR_OK ? mail_them(p, e) : rc;
}

static enum err_code
run(struct pass *p, struct err *e)
{
	enum err_code rc;

	rc = wavefile_read(p->wave_path, WAVE_BRIEF, &p->wave, e);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	p->survey = conf_survey(p->m->conf, p->wave.survey);
	p->over = p->wave.state != WAVE_OPEN;
	p->r->k = p->wave.k;
	if ((p->r->due = due_now(p, clock_now())) == -1)
		return ERR_OK;
	/* whoever revealed it may have died before its name was on the disk */
	if ((rc = file_sync_parent(p->wave_path, e)) == ERR_OK &&
	    (rc = mailing_open(p, e)) == ERR_OK &&
	    (rc = look(p, e)) == ERR_OK && !p->over) {
		rc = mail_or_not(p, e);
		(void)seen_note(p->m->seen, p->ref, p->people.newest);
	}
	return rc == ERR_BUSY && p->r->awaited ? ERR_OK : rc;
}

enum err_code
mailing_run(const struct mailing *m, const struct wave_ref *wave,
    struct mailing_result *r, struct err *e)
{
	struct pass	*p = mem_zero(1, sizeof(*p));
	struct err	 late;
	enum err_code	 rc;

	memset(r, 0, sizeof(*r));
	r->due = -1;
	p->m = m;
	p->ref = wave;
	p->r = r;
	p->wave_path = state_wave(m->conf->state_dir, wave->tag, wave->name);
	wave_init(&p->wave);
	rc = run(p, e);

	/* a publication meanwhile takes list and key away: no fault */
	if (rc != ERR_OK && rc != ERR_REFUSED &&
	    look(p, &late) == ERR_OK && p->over)
		rc = ERR_OK;
	if (rc == ERR_OK && p->over)	/* publication tells what is wrong */
		(void)!mailing_missed(p, &late);
	letters_close(&p->letters);
	ledger_close(&p->ledger);
	standings_wipe(&p->people);
	free(p->taken);
	crypt_wipe(p->token_key, CRYPT_KEY);
	wave_wipe(&p->wave);
	free(p->wave_path);
	free(p);
	return rc;
}
