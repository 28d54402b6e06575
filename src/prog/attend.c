/*
 * attend.c - tells a person that they are needed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>

#include "base/log.h"
#include "io/clock.h"
#include "io/space.h"
#include "prog/attend.h"

void
attend(const char *state_dir, enum state_file topic, const char *name,
    const char *words)
{
	struct err	e;
	enum err_code	rc;
	bool		news = true;

	if (words != NULL) {
		rc = attention_raise(state_dir, topic, name, words, &news, &e);
		if (news)
			log_err("%s", words);
	} else {
		rc = attention_settle(state_dir, topic, name, &news, &e);
		if (news)
			log_info("%s: settled", name != NULL ? name :
			    "the disk");
	}
	if (rc != ERR_OK)
		log_err("%s", e.msg);
}

#define AWAY_SECONDS	3600	/* a relay that is restarted is back by then */

static const char *const slots[] = {
	"invitations", "the first reminder", "the second reminder"
};

/* Whoever wrote the pause was killed before it was told. */
static void
tell_pause(const char *dir, const char *wave, enum mail_pause why)
{
	static const char *const reasons[PAUSE__MAX] = {
		[PAUSE_OURS] = "the relay refuses our mail",
		[PAUSE_STORM] = "too many refusals",
		[PAUSE_BOUNCES] = "too much mail comes back",
	};
	struct err e;

	if (why == PAUSE_ASKED ||
	    attention_since(dir, STATE_ATTENTION_MAIL, wave) != 0)
		return;
	err_set(&e, ERR_REFUSED, "mailing of %s is paused: %s; nobody is "
	    "blamed and nobody is lost; put it right, then 'sensectl resume "
	    "%s'", wave, reasons[why], wave);
	attend(dir, STATE_ATTENTION_MAIL, wave, e.msg);
}

void
attend_away(const char *dir, enum state_file topic, const char *name,
    int64_t since, const char *words)
{
	struct err	e;
	char		when[32];

	if (clock_now() - since < AWAY_SECONDS ||
	    attention_since(dir, topic, name) != 0)
		return;
	clock_iso(when, since);
	err_set(&e, ERR_BUSY, "mail of %s waits: since %s no relay has taken "
	    "any%s%.100s%s; it is tried again and again; 'sensectl check' "
	    "looks at each relay", name, when, *words != '\0' ? " (" : "",
	    words, *words != '\0' ? ")" : "");
	attend(dir, topic, name, e.msg);
}

/* What was wrong with its mail is over; that some never got any is not. */
static void
tell_closed(const char *dir, const char *wave, const struct mailing_result *r)
{
	struct err	e;
	bool		news;

	if (attention_settle(dir, STATE_ATTENTION_MAIL, wave, &news, &e) !=
	    ERR_OK)
		log_err("%s", e.msg);
	if (r->missed == 0)
		return;
	err_set(&e, ERR_REFUSED, "%s is closed: %" PRIu64 " of %" PRIu64
	    " were never mailed, and could not answer", wave, r->missed,
	    r->people);
	attend(dir, STATE_ATTENTION_MISSED, wave, e.msg);
}

void
attend_pass(const char *dir, const char *wave,
    const struct mailing_result *r, enum err_code rc, const struct err *e)
{
	struct err late;

	if (rc == ERR_REFUSED)
		attend(dir, STATE_ATTENTION_MAIL, wave, e->msg);
	else if (rc != ERR_OK)
		log_err("%s: %s", wave, e->msg);
	else if (r->late) {
		err_set(&late, ERR_REFUSED, "%s: %s: not sent to everybody, "
		    "and the time for it has passed while this machine was "
		    "not at work; 'sensectl resume %s --force' sends them "
		    "now", wave, slots[r->due], wave);
		attend(dir, STATE_ATTENTION_MAIL, wave, late.msg);
	} else if (r->paused)
		tell_pause(dir, wave, r->why);
	else if (r->away != 0)
		attend_away(dir, STATE_ATTENTION_MAIL, wave, r->away,
		    r->words);
	else if (r->closed)
		tell_closed(dir, wave, r);
	else if (r->due != -1)
		attend(dir, STATE_ATTENTION_MAIL, wave, NULL);
}

void
attend_space(const char *state_dir)
{
	struct err	e, low;
	uint64_t	left;

	if (space_free(state_dir, &left, &e) != ERR_OK)
		return;		/* whatever writes there will say so */
	err_set(&low, ERR_SYS, "less than %u MiB are free below %s; make "
	    "room, or answers can no longer be saved",
	    (unsigned int)(SPACE_LEAST >> 20), state_dir);
	attend(state_dir, STATE_ATTENTION_SPACE, NULL,
	    left < SPACE_LEAST ? low.msg : NULL);
}
