/*
 * published.c - the one file that stays of a wave.
 *
 * The figures are kept as they were shown, beside the sums that the next
 * wave's change needs (SCORING 9.1); nothing is computed again here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/published.h"
#include "io/published_parts.h"
#include "io/record.h"
#include "io/store.h"

#define RECORD_MAX	4096

static void
figure_numbers(struct buf *b, const struct figure *f)
{
	const int64_t v[] = {
		(int64_t)f->n, (int64_t)f->sum, (int64_t)f->square,
		(int64_t)f->fav_n, (int64_t)f->unf_n, (int64_t)f->c[0],
		(int64_t)f->c[1], (int64_t)f->c[2], (int64_t)f->c[3],
		(int64_t)f->c[4], f->score, f->clip, f->masked, f->everyone,
		f->lo, f->hi, f->fav_kind, f->fav, f->fav_lo, f->fav_hi,
		f->has_bands, f->has_five, f->split, f->band[0], f->band[1],
		f->band[2], f->five[0], f->five[1], f->five[2], f->five[3],
		f->five[4], f->vs_org, f->change, f->has_change_figure,
		f->change_tenths
	};
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		record_number(b, v[i]);
}

static enum err_code
put_figures(struct store *s, const struct pub_unit *u, uint32_t i,
    struct buf *b, struct err *e)
{
	enum err_code	rc = ERR_OK;
	int		k;
	char		key[64];

	for (k = 0; k < SENSE__MAX && rc == ERR_OK; k++) {
		figure_numbers(b, &u->sense[k]);
		snprintf(key, sizeof(key), "figure/%06u/%s", i,
		    sense_key((enum sense)k));
		rc = record_put(s, key, b, e);
	}
	return rc;
}

static int64_t
index_number(uint32_t i)
{
	return i == UNIT_NONE ? -1 : (int64_t)i;
}

static enum err_code
put_unit(struct store *s, const struct pub_unit *u, uint32_t i, struct buf *b,
    struct err *e)
{
	bool		shown = u->status == UNIT_PUBLISHED;
	enum err_code	rc;
	char		key[32];

	record_text(b, u->id);
	record_text(b, u->name);
	record_number(b, index_number(u->parent));
	record_number(b, u->end);
	record_number(b, shown ? UNIT_PUBLISHED : UNIT_HIDDEN);
	record_number(b, shown ? -1 : index_number(u->shown_instead));
	record_number(b, u->steady);
	if (shown) {
		record_number(b, (int64_t)u->invited);
		record_number(b, (int64_t)u->responses);
		record_number(b, u->rate);
		record_number(b, u->low_rate);
		record_number(b, u->partial);
		record_number(b, u->detail);
	}
	snprintf(key, sizeof(key), "unit/%06u", i);
	rc = record_put(s, key, b, e);
	return rc == ERR_OK && shown ? put_figures(s, u, i, b, e) : rc;
}

static enum err_code
put_head(struct store *s, const struct publication *p, struct buf *b,
    struct err *e)
{
	enum err_code	rc;
	int		k;
	char		key[32];

	record_text(b, p->wave);
	record_text(b, p->survey);
	record_number(b, p->k);
	record_number(b, p->protect);
	record_number(b, p->opened);
	record_number(b, p->closed);
	record_number(b, p->n);
	rc = record_put(s, "publication", b, e);
	for (k = 0; k < SENSE__MAX && rc == ERR_OK; k++) {
		record_number(b, p->scale[k]);
		record_text(b, p->wording[k]);
		snprintf(key, sizeof(key), "sense/%s",
		    sense_key((enum sense)k));
		rc = record_put(s, key, b, e);
	}
	return rc;
}

enum err_code
published_write(const char *path, const struct publication *p,
    const struct comments *c, struct err *e)
{
	struct store	*s = NULL;
	struct buf	 b;
	enum err_code	 rc;
	uint32_t	 i;

	buf_init(&b, RECORD_MAX);
	if ((rc = store_create(path, 0600, 0, &s, e)) != ERR_OK)
		return rc;
	rc = put_head(s, p, &b, e);
	for (i = 0; i < p->n && rc == ERR_OK; i++)
		rc = put_unit(s, &p->unit[i], i, &b, e);
	if (rc == ERR_OK && c != NULL && c->n > 0)
		rc = published_put_comments(s, c, e);
	if (rc == ERR_OK)
		rc = store_commit(&s, e);
	store_close(&s);
	buf_wipe(&b);
	return rc;
}

static int
small(struct record *r, int min, int max)
{
	return (int)record_next_number(r, min, max);
}

static void
figure_read(struct figure *f, struct record *r)
{
	uint64_t *const	sums[] = {
		&f->n, &f->sum, &f->square, &f->fav_n, &f->unf_n, &f->c[0],
		&f->c[1], &f->c[2], &f->c[3], &f->c[4]
	};
	size_t		i;

	for (i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		*sums[i] = (uint64_t)record_next_number(r, 0, INT64_MAX);
	f->score = small(r, 0, 100);
	f->clip = (enum clip)small(r, CLIP_NONE, CLIP_LOW);
	f->masked = small(r, 0, 1);
	f->everyone = small(r, 0, 1);
	f->lo = small(r, 0, 100);
	f->hi = small(r, 0, 100);
	f->fav_kind = (enum fav_kind)small(r, FAV_EXACT, FAV_OVER);
	f->fav = small(r, 0, 100);
	f->fav_lo = small(r, 0, 100);
	f->fav_hi = small(r, 0, 100);
	f->has_bands = small(r, 0, 1);
	f->has_five = small(r, 0, 1);
	f->split = small(r, 0, 1);
	for (i = 0; i < 3; i++)
		f->band[i] = small(r, 0, 100);
	for (i = 0; i < 5; i++)
		f->five[i] = small(r, 0, 100);
	f->vs_org = (enum org_word)small(r, ORG_NONE, ORG_CLEAR_BELOW);
	f->change = (enum change_word)small(r, CHANGE_ABSENT,
	    CHANGE_CLEAR_FALL);
	f->has_change_figure = small(r, 0, 1);
	f->change_tenths = small(r, -100, 100);
}

static enum err_code
get_figures(struct store *s, struct pub_unit *u, uint32_t i, struct err *e)
{
	struct record	r;
	enum err_code	rc = ERR_OK;
	int		k;
	char		*value, key[64];

	for (k = 0; k < SENSE__MAX && rc == ERR_OK; k++) {
		snprintf(key, sizeof(key), "figure/%06u/%s", i,
		    sense_key((enum sense)k));
		if ((rc = record_get(s, key, &value, &r, e)) != ERR_OK)
			return rc;
		figure_read(&u->sense[k], &r);
		rc = record_done(&r, value, key, e);
	}
	return rc;
}

static uint32_t
read_index(struct record *r, uint32_t n)
{
	int64_t v = record_next_number(r, -1, (int64_t)n - 1);

	return v == -1 ? UNIT_NONE : (uint32_t)v;
}

static enum err_code
get_unit(struct store *s, const struct publication *p, struct pub_unit *u,
    uint32_t i, struct err *e)
{
	const struct pub_unit	*up;
	struct record		 r;
	enum err_code		 rc;
	char			*value, key[32];

	snprintf(key, sizeof(key), "unit/%06u", i);
	if ((rc = record_get(s, key, &value, &r, e)) != ERR_OK)
		return rc;
	record_copy(&r, u->id, sizeof(u->id));
	u->name = mem_str(record_next(&r));
	u->parent = read_index(&r, i);
	up = u->parent != UNIT_NONE ? &p->unit[u->parent] : NULL;
	u->end = (uint32_t)record_next_number(&r, i + 1,
	    up != NULL ? up->end : p->n);
	u->status = (enum unit_status)small(&r, UNIT_PUBLISHED, UNIT_HIDDEN);
	u->shown_instead = read_index(&r, p->n);
	u->steady = small(&r, 0, 1);
	if ((up == NULL) != (i == 0) || (up != NULL && i >= up->end))
		r.bad = 1;
	if (u->status == UNIT_PUBLISHED) {
		u->invited = (uint64_t)record_next_number(&r, 0, INT64_MAX);
		u->responses = (uint64_t)record_next_number(&r, 0, INT64_MAX);
		u->rate = small(&r, 0, 100);
		u->low_rate = small(&r, 0, 1);
		u->partial = small(&r, 0, 1);
		u->detail = (enum detail)small(&r, DETAIL_BASIC, DETAIL_FIVE);
	}
	rc = record_done(&r, value, key, e);
	if (rc == ERR_OK && u->status == UNIT_PUBLISHED)
		rc = get_figures(s, u, i, e);
	return rc;
}

static enum err_code
get_head(struct store *s, struct publication *p, struct err *e)
{
	struct record	r;
	enum err_code	rc;
	int		k;
	char		*value, key[32];

	if ((rc = record_get(s, "publication", &value, &r, e)) != ERR_OK)
		return rc;
	record_copy(&r, p->wave, sizeof(p->wave));
	record_copy(&r, p->survey, sizeof(p->survey));
	p->k = (unsigned int)small(&r, GROUP_MIN, GROUP_MAX);
	p->protect = (enum protect)small(&r, PROTECT_SUPPRESS, PROTECT_CARRY);
	p->opened = record_next_number(&r, 0, INT64_MAX);
	p->closed = record_next_number(&r, 0, INT64_MAX);
	p->n = (uint32_t)small(&r, 1, UNITS_MAX);
	rc = record_done(&r, value, "publication", e);
	for (k = 0; k < SENSE__MAX && rc == ERR_OK; k++) {
		snprintf(key, sizeof(key), "sense/%s",
		    sense_key((enum sense)k));
		if ((rc = record_get(s, key, &value, &r, e)) != ERR_OK)
			return rc;
		p->scale[k] = (unsigned int)small(&r, 4, 24);
		record_copy(&r, p->wording[k], sizeof(p->wording[k]));
		rc = record_done(&r, value, key, e);
	}
	return rc;
}

enum err_code
published_head(const char *path, struct publication *p, struct err *e)
{
	struct store	*s;
	enum err_code	 rc;

	if ((rc = store_open(path, &s, e)) != ERR_OK)
		return rc;
	memset(p, 0, sizeof(*p));
	rc = get_head(s, p, e);
	p->n = 0;
	store_close(&s);
	return rc == ERR_CORRUPT ? err_prefix(e, "%s: ", path) : rc;
}

enum err_code
published_read(const char *path, struct publication *p, struct err *e)
{
	struct store	*s;
	enum err_code	 rc;
	uint32_t	 i;

	if ((rc = store_open(path, &s, e)) != ERR_OK)
		return rc;
	memset(p, 0, sizeof(*p));
	if ((rc = get_head(s, p, e)) == ERR_OK) {
		p->unit = mem_zero(p->n, sizeof(*p->unit));
		for (i = 0; i < p->n && rc == ERR_OK; i++)
			rc = get_unit(s, p, &p->unit[i], i, e);
	} else
		p->n = 0;
	store_close(&s);
	if (rc == ERR_OK && !(p->safe = publication_safe(p)))
		rc = err_set(e, ERR_CORRUPT, "its figures do not pass the "
		    "check of SCORING 5; nothing is told of them");
	if (rc != ERR_OK) {
		publication_wipe(p);
		if (rc == ERR_CORRUPT)
			err_prefix(e, "%s: ", path);
	}
	return rc;
}
