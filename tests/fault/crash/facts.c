/*
 * facts.c - reads facts, one a line, fields separated by spaces.
 *
 *   now SECOND                       the clock of whoever comes after the cut
 *   wave NAME TOKENKEY BALLOTKEY     its secrets in hexadecimal; kept
 *   clear                            begins a new set
 *   roster HASH | none               one that may be there (several)
 *   state NAME LETTERS               n none, o open, c closed, p published
 *   figures NAME HASH                what the publication has to be
 *   voter NAME LINK must | may       then the forms that may be recorded:
 *   form CODE FROM ANSWERS           FROM is - for a first answer
 *   spare NAME LINK                  a token that nobody has used
 *   optout HASH                      one that was acknowledged
 *   bounced N                        so many are in the health log at least
 *   mailed NAME ID KIND N            N transfers were begun
 *   digests NAME N 0 | 1             the same; 1: the ledger may be gone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "facts.h"

#define FIELDS	6

static struct wave_facts *
wave_of(struct facts *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->waves; i++)
		if (strcmp(f->wave[i].name, name) == 0)
			return &f->wave[i];
	if (f->waves == WAVES)
		return NULL;
	snprintf(f->wave[i].name, sizeof(f->wave[i].name), "%s", name);
	f->waves++;
	return &f->wave[i];
}

static bool
hex(unsigned char *out, const char *s, size_t len)
{
	unsigned int	v;
	size_t		i;

	if (strlen(s) != 2 * len)
		return false;
	for (i = 0; i < len; i++) {
		if (sscanf(s + 2 * i, "%2x", &v) != 1)
			return false;
		out[i] = (unsigned char)v;
	}
	return true;
}

static bool
take_now(struct facts *f, char **a)
{
	return sscanf(a[0], "%lld", &f->now) == 1;
}

static bool
take_wave(struct facts *f, char **a)
{
	struct wave_facts *w = wave_of(f, a[0]);

	return w != NULL && hex(w->token_key, a[1], CRYPT_KEY) &&
	    hex(w->ballot_key, a[2], CRYPT_KEY);
}

static bool
take_clear(struct facts *f, char **a)
{
	(void)a;
	facts_clear(f);
	return true;
}

static bool
take_roster(struct facts *f, char **a)
{
	if (f->rosters == ANY || strlen(a[0]) > HASH_HEX)
		return false;
	memcpy(f->roster[f->rosters++], a[0], strlen(a[0]) + 1);
	return true;
}

static bool
take_state(struct facts *f, char **a)
{
	struct wave_facts *w = wave_of(f, a[0]);

	if (w == NULL || strlen(a[1]) >= sizeof(w->states))
		return false;
	memcpy(w->states, a[1], strlen(a[1]) + 1);
	return true;
}

static bool
take_figures(struct facts *f, char **a)
{
	struct wave_facts *w = wave_of(f, a[0]);

	if (w == NULL || strlen(a[1]) != HASH_HEX)
		return false;
	memcpy(w->figures, a[1], HASH_HEX + 1);
	return true;
}

static struct wave_facts	*last;	/* a form belongs to the last voter */

static bool
take_voter(struct facts *f, char **a)
{
	struct wave_facts	*w = last = wave_of(f, a[0]);
	struct voter		*v;

	if (w == NULL || w->voters == PEOPLE)
		return false;
	v = &w->voter[w->voters++];
	v->must = strcmp(a[2], "must") == 0;
	v->n = 0;
	return link_parse(a[1], strlen(a[1]), &v->token);
}

static bool
take_form(struct facts *f, char **a)
{
	struct voter	*v;
	struct version	*n;
	size_t		 i;

	(void)f;
	if (last == NULL || last->voters == 0)
		return false;
	v = &last->voter[last->voters - 1];
	if (v->n == VERSIONS || strlen(a[2]) != SENSE__MAX)
		return false;
	n = &v->v[v->n++];
	n->change = a[1][0] != '-';
	for (i = 0; i < SENSE__MAX; i++)
		n->answer[i] = (unsigned char)(a[2][i] - '0');
	return link_parse(a[0], strlen(a[0]), &n->code) &&
	    (!n->change || link_parse(a[1], strlen(a[1]), &n->from));
}

static bool
take_spare(struct facts *f, char **a)
{
	struct wave_facts *w = wave_of(f, a[0]);

	if (w == NULL)
		return false;
	w->has_spare = true;
	return link_parse(a[1], strlen(a[1]), &w->spare);
}

static bool
take_optout(struct facts *f, char **a)
{
	if (f->optouts == PEOPLE || strlen(a[0]) != OPTOUT_HASH_LEN)
		return false;
	memcpy(f->optout[f->optouts++], a[0], OPTOUT_HASH_LEN + 1);
	return true;
}

static bool
take_bounced(struct facts *f, char **a)
{
	return sscanf(a[0], "%zu", &f->bounced) == 1;
}

static bool
take_mailed(struct facts *f, char **a)
{
	struct wave_facts	*w = wave_of(f, a[0]);
	struct mailed		*m;

	if (w == NULL || w->mails == PEOPLE || strlen(a[1]) > 64)
		return false;
	m = &w->mail[w->mails++];
	memcpy(m->id, a[1], strlen(a[1]) + 1);
	return sscanf(a[2], "%u", &m->kind) == 1 &&
	    sscanf(a[3], "%u", &m->attempts) == 1;
}

static bool
take_digests(struct facts *f, char **a)
{
	struct wave_facts *w = wave_of(f, a[0]);

	if (w == NULL || sscanf(a[1], "%u", &w->digests) != 1)
		return false;
	w->digest_gone = a[2][0] == '1';
	return true;
}

static const struct {
	const char	*word;
	int		 fields;
	bool		(*take)(struct facts *f, char **a);
} words[] = {
	{ "now", 1, take_now },
	{ "wave", 3, take_wave },
	{ "clear", 0, take_clear },
	{ "roster", 1, take_roster },
	{ "state", 2, take_state },
	{ "figures", 2, take_figures },
	{ "voter", 3, take_voter },
	{ "form", 3, take_form },
	{ "spare", 2, take_spare },
	{ "optout", 1, take_optout },
	{ "bounced", 1, take_bounced },
	{ "mailed", 4, take_mailed },
	{ "digests", 3, take_digests },
};

bool
facts_line(struct facts *f, char *line)
{
	char	*a[FIELDS] = { NULL }, *save = NULL, *p;
	int	 n = 0;
	size_t	 i;

	for (p = strtok_r(line, " \n", &save); p != NULL && n < FIELDS;
	    p = strtok_r(NULL, " \n", &save))
		a[n++] = p;
	for (i = 0; n > 0 && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, a[0]) == 0)
			return n - 1 == words[i].fields &&
			    words[i].take(f, a + 1);
	return false;
}

void
facts_clear(struct facts *f)
{
	struct wave_facts	*w;
	size_t			 i;

	f->optouts = f->rosters = f->bounced = 0;
	for (i = 0; i < f->waves; i++) {
		w = &f->wave[i];
		w->voters = w->mails = 0;
		w->digests = 0;
		w->digest_gone = w->has_spare = false;
		w->states[0] = w->figures[0] = '\0';
	}
}
