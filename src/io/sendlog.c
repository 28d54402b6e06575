/*
 * sendlog.c - a wave's ledger, and the questions others ask of it.
 *
 * The mailing pass is mailing.c's; here is what publication, status and the
 * administrator's pause need of the same file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "io/attention.h"
#include "io/healthlog.h"
#include "io/healthnote.h"
#include "io/mailing.h"
#include "io/sendlog.h"
#include "io/state.h"
#include "io/wavefile.h"

static void
derive(unsigned char out[CRYPT_KEY], const unsigned char token_key[CRYPT_KEY])
{
	crypt_derive(out, token_key, CRYPT_KEY, "send ledger");
}

static enum err_code
on_record(void *arg, const struct mail_record *r, struct err *e)
{
	if (!standings_apply(arg, (size_t)r->who, r))
		return err_set(e, ERR_CORRUPT, "the send ledger names nobody "
		    "of the frozen list; a newer program may have written it");
	return ERR_OK;
}

enum err_code
sendlog_open(const char *path, const unsigned char token_key[CRYPT_KEY],
    struct standings *s, struct ledger **out, struct err *e)
{
	unsigned char	key[CRYPT_KEY];
	enum err_code	rc;

	derive(key, token_key);
	rc = ledger_open(path, key, on_record, s, out, e);
	crypt_wipe(key, sizeof(key));
	return rc;
}

enum err_code
sendlog_replay(const char *path, const unsigned char token_key[CRYPT_KEY],
    struct standings *s, struct err *e)
{
	unsigned char	key[CRYPT_KEY];
	enum err_code	rc;

	derive(key, token_key);
	rc = ledger_replay(path, key, on_record, s, e);
	crypt_wipe(key, sizeof(key));
	return rc;
}

enum err_code
mailing_totals(const char *ledger, const unsigned char key[CRYPT_KEY],
    uint32_t people, struct mailing_totals *t, struct err *e)
{
	struct standings	s;
	enum err_code		rc;
	size_t			i;

	memset(t, 0, sizeof(*t));
	standings_init(&s, people);
	rc = sendlog_replay(ledger, key, &s, e);
	if (rc == ERR_OK) {
		t->invited = s.sent[0];
		t->reminded = s.sent[1] + s.sent[2];
		t->refused = s.refused;
		t->repeated = s.repeated;
		t->paused = s.paused;
		t->why = s.why;
		for (i = 0; i < s.n; i++)
			t->uncertain += s.of[i].uncertain > 0;
	}
	standings_wipe(&s);
	return rc == ERR_ABSENT ? ERR_OK : rc;
}

static unsigned char
refusal(const struct standing *s)
{
	return (unsigned char)((standing_unreachable(s) ? REFUSED_ALWAYS : 0) |
	    (s->hard ? REFUSED_HARD : 0) | (s->soft ? REFUSED_SOFT : 0));
}

enum err_code
mailing_unreachable(const char *ledger, const unsigned char key[CRYPT_KEY],
    uint32_t people, unsigned char *refused, struct err *e)
{
	struct standings	s;
	enum err_code		rc;
	size_t			i;

	standings_init(&s, people);
	rc = sendlog_replay(ledger, key, &s, e);
	if (rc == ERR_ABSENT)
		rc = ERR_OK;	/* nobody was tried */
	for (i = 0; i < s.n && rc == ERR_OK; i++)
		refused[i] = refusal(&s.of[i]);
	standings_wipe(&s);
	return rc;
}

/* An open wave's people and token key. */
static enum err_code
find_wave(const char *dir, const char *name, uint32_t *people,
    unsigned char key[CRYPT_KEY], struct err *e)
{
	struct wave_ref	 ref;
	struct wave	 w;
	char		*path;
	enum err_code	 rc;

	if ((rc = waves_by_name(dir, name, &ref, e)) != ERR_OK)
		return rc;
	path = state_wave(dir, ref.tag, ref.name);
	rc = wavefile_read(path, WAVE_BRIEF, &w, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	*people = w.people;
	if (w.state != WAVE_OPEN)
		rc = err_set(e, ERR_ABSENT, "%s is not open", name);
	wave_wipe(&w);
	if (rc != ERR_OK)
		return rc;
	path = state_path(dir, STATE_TOKEN_KEY, name);
	rc = state_key_read(path, key, e);
	free(path);
	return rc;
}

enum err_code
mailing_order(const char *state_dir, const char *wave,
    enum mailing_order order, int64_t now, struct err *e)
{
	struct mail_record	 r = { .when = now, .code = PAUSE_ASKED };
	unsigned char		 key[CRYPT_KEY];
	struct health_tally	 t;
	struct standings	 s;
	struct ledger		*l = NULL;
	uint32_t		 people;
	char			*path;
	enum err_code		 rc;
	bool			 pause = order == MAILING_PAUSE, news;

	rc = find_wave(state_dir, wave, &people, key, e);
	if (rc != ERR_OK)
		return rc;
	r.event = pause ? MAIL_PAUSED : MAIL_RESUMED;
	if (!pause)	/* what came back so far was looked at */
		rc = healthlog_tally(state_dir, wave, 0, &t, &r.who, e);
	standings_init(&s, people);
	path = state_path(state_dir, STATE_LEDGER, wave);
	if (rc == ERR_OK)
		rc = sendlog_open(path, key, &s, &l, e);
	if (rc == ERR_OK && s.paused == pause &&
	    order != MAILING_FORCE)
		rc = err_set(e, ERR_USED, "mailing of %s is %spaused", wave,
		    pause ? "already " : "not ");
	if (rc == ERR_OK)
		rc = ledger_append(l, &r, true, e);
	if (rc == ERR_OK && !pause)	/* the person has come */
		rc = attention_settle(state_dir, STATE_ATTENTION_MAIL, wave,
		    &news, e);
	ledger_close(&l);
	free(path);
	standings_wipe(&s);
	crypt_wipe(key, sizeof(key));
	return rc;
}
