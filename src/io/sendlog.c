/*
 * sendlog.c - a wave's ledger, and the questions others ask of it.
 *
 * The mailing pass is mailing.c's, the administrator's orders are orders.c's;
 * here is what both, publication and status need of the same file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "io/healthnote.h"
#include "io/mailing.h"
#include "io/sendlog.h"

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
		t->invited = s.sent[MAIL_FIRST];
		t->reminded = s.sent[MAIL_REMINDER] + s.sent[MAIL_REMINDER_2];
		t->again = s.sent[MAIL_REPEAT];
		t->refused = s.refused;
		t->repeated = s.repeated;
		t->paused = s.paused;
		t->why = s.why;
		for (i = 0; i < s.n; i++)
			t->uncertain += standing_uncertain(&s.of[i]);
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
