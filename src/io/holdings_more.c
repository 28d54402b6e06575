/*
 * holdings_more.c - what waves and the health of addresses hold of a person.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/health.h"
#include "io/holdings_parts.h"
#include "io/list.h"
#include "io/state.h"
#include "io/wavefile.h"
#include "io/waves.h"

/* A person's place on the frozen list.  ERR_ABSENT: not on it, or published. */
static enum err_code
in_list(const char *dir, const char *wave, const char *id,
    struct list_person *p, struct err *e)
{
	char		*path = state_path(dir, STATE_TOKEN_KEY, wave);
	unsigned char	 key[CRYPT_KEY];
	struct list	*l = NULL;
	uint32_t	 place;
	enum err_code	 rc;

	rc = state_key_read(path, key, e);
	free(path);
	if (rc != ERR_OK)
		return rc;
	path = state_path(dir, STATE_LIST, wave);
	rc = list_open(path, key, &l, e);
	free(path);
	if (rc == ERR_OK)
		rc = list_find(l, id, p, &place, e);
	list_close(&l);
	crypt_wipe(key, sizeof(key));
	return rc;
}

static enum err_code
look_in_wave(struct search *s, const struct wave *w, const char *id,
    struct err *e)
{
	struct list_person	 p;
	struct held		*x;
	enum err_code		 rc;

	rc = in_list(s->dir, w->name, id, &p, e);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	x = holdings_add(s->h, HELD_WAVE, w->survey);
	memcpy(x->wave, w->name, sizeof(x->wave));
	x->open = w->state == WAVE_OPEN;
	memcpy(x->person.id, p.id, sizeof(x->person.id));
	if (p.unit < w->tree.n)
		memcpy(x->person.unit, w->tree.unit[p.unit].id,
		    sizeof(x->person.unit));
	return ERR_OK;
}

static enum err_code
find_in_wave(struct search *s, const struct wave_ref *ref, size_t people,
    struct err *e)
{
	char		*path = state_wave(s->dir, ref->tag, ref->name), *id;
	struct wave	 w;
	enum err_code	 rc;
	size_t		 i;

	rc = wavefile_read(path, WAVE_WHOLE, &w, e);
	free(path);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;	/* published now */
	for (i = 0; i < people && rc == ERR_OK; i++) {
		if (s->h->of[i].kind != HELD_PERSON ||
		    strcmp(s->h->of[i].survey, w.survey) != 0)
			continue;
		id = mem_str(s->h->of[i].person.id);
		rc = look_in_wave(s, &w, id, e);
		free(id);
	}
	wave_wipe(&w);
	return rc;
}

enum err_code
holdings_find_waves(struct search *s, size_t people, struct err *e)
{
	struct wave_ref	*ref;
	enum err_code	 rc;
	size_t		 n, i;

	if ((rc = waves_list(s->dir, &ref, &n, e)) != ERR_OK)
		return rc;
	for (i = 0; i < n && rc == ERR_OK; i++)
		rc = find_in_wave(s, &ref[i], people, e);
	free(ref);
	return rc;
}

/* A person's health, as far as it may be told. */
static void
tell_health(struct search *s, const struct ailing *a)
{
	struct held *x = holdings_add(s->h, HELD_HEALTH, a->survey);

	memcpy(x->person.id, a->id, sizeof(a->id));
	x->stopped = health_stops(&a->health);
	x->hard = a->health.state == HEALTH_HARD;
	x->marks = a->health.marks;
	memcpy(x->wave, x->stopped ? a->health.since : a->health.mark[0],
	    sizeof(x->wave));
}

enum err_code
holdings_find_health(struct search *s, size_t people, struct err *e)
{
	const struct held	*p;
	struct infirmary	 ill;
	enum err_code		 rc;
	size_t			 i, k;

	if ((rc = health_read(s->dir, &ill, e)) != ERR_OK)
		return rc;
	for (i = 0; i < people; i++)
		for (k = 0; k < ill.n; k++) {
			p = &s->h->of[i];	/* the array may have moved */
			if (p->kind == HELD_PERSON &&
			    ill.of[k].health.state != HEALTH_GOOD &&
			    strcmp(p->survey, ill.of[k].survey) == 0 &&
			    strcmp(p->person.id, ill.of[k].id) == 0)
				tell_health(s, &ill.of[k]);
		}
	health_wipe(&ill);
	return ERR_OK;
}
