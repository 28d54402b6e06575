/*
 * mailing_closed.c - whom a wave never invited, once it is closed.
 *
 * Of invitations only: what became of a reminder is a count of answers
 * (SCORING 9.4).  Whoever has opted out, has gone or cannot be mailed was not
 * missed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>

#include "io/addressee.h"
#include "io/attention.h"
#include "io/list.h"
#include "io/mailing_parts.h"
#include "io/sendlog.h"
#include "io/state.h"

/* Nothing was taken for this person, nor may have been. */
static bool
is_missed(const struct standing *s)
{
	return standing_owed(s, 0) == 0 && s->uncertain == 0;
}

/* Those whom no relay took, held against the roster. */
static enum err_code
count(struct pass *p, const struct standings *s, struct list *list,
    struct addressees *people, struct err *e)
{
	struct list_person	seat;
	struct addressee	to = { 0 };
	enum err_code		rc = ERR_OK;
	uint32_t		i;
	bool			out;

	for (i = 0; i < s->n && rc == ERR_OK; i++) {
		if (!is_missed(&s->of[i]))
			continue;
		if ((rc = list_get(list, i, &seat, e)) == ERR_OK)
			rc = addressees_find(people, p->wave.survey, seat.id,
			    ADDRESSEES_DUE, &to, &out, e);
		p->r->missed += rc == ERR_OK;
		if (rc == ERR_ABSENT)
			rc = ERR_OK;
	}
	addressee_wipe(&to);
	return rc;
}

static enum err_code
open_and_count(struct pass *p, const struct standings *s, struct err *e)
{
	const struct conf	*conf = p->m->conf;
	unsigned char		 key[CRYPT_KEY];
	struct addressees	*people = NULL;
	struct list		*list = NULL;
	char			*path;
	enum err_code		 rc;

	path = state_path(conf->state_dir, STATE_LIST, p->wave.name);
	rc = list_open(path, p->token_key, &list, e);
	free(path);
	if (rc == ERR_OK)
		rc = state_organisation_key(conf->state_dir, key, e);
	if (rc == ERR_OK)
		rc = addressees_open(conf, key, OPTOUTS_ALL, &people, e);
	if (rc == ERR_OK)
		rc = count(p, s, list, people, e);
	crypt_wipe(key, sizeof(key));
	addressees_close(&people);
	list_close(&list);
	return rc;
}

/* True if the ledger says that everybody who could be invited was. */
static bool
all_invited(const struct standings *s)
{
	size_t i = 0;

	if (s->finished >= 0)
		return true;
	while (i < s->n && !is_missed(&s->of[i]))
		i++;
	return i == s->n;
}

enum err_code
mailing_missed(struct pass *p, struct err *e)
{
	const char		*dir = p->m->conf->state_dir;
	struct standings	 s;
	enum err_code		 rc;
	char			*path;

	if (p->wave.state != WAVE_CLOSED ||
	    attention_since(dir, STATE_ATTENTION_MISSED, p->wave.name) != 0)
		return ERR_OK;
	path = state_path(dir, STATE_TOKEN_KEY, p->wave.name);
	rc = state_key_read(path, p->token_key, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	standings_init(&s, p->wave.people);
	path = state_path(dir, STATE_LEDGER, p->wave.name);
	rc = sendlog_replay(path, p->token_key, &s, e);
	free(path);
	if (rc == ERR_ABSENT)
		rc = ERR_OK;	/* nobody was tried */
	if (rc == ERR_OK && !all_invited(&s))
		rc = open_and_count(p, &s, e);
	p->r->closed = rc == ERR_OK;
	p->r->people = p->wave.people;
	standings_wipe(&s);
	return rc;
}
