/*
 * digests_people.c - to whom digests go.
 *
 * Leaders by unit and address, since who leads two units gets two; people by
 * their id.  Decides nothing about opt-outs, which are looked at when a mail
 * is made.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/address.h"
#include "core/pubfind.h"
#include "io/digests_parts.h"

#define WHO_BYTES	16	/* the shortest keyed hash; 8 of it are used */

uint64_t
digests_who(const unsigned char key[CRYPT_KEY], const char *what)
{
	unsigned char	hash[WHO_BYTES];
	uint64_t	who = 0;
	int		i;

	crypt_hash(hash, sizeof(hash), key, what, strlen(what));
	for (i = 0; i < 8; i++)
		who = who << 8 | hash[i];
	return who;
}

static uint64_t
leader_who(const struct digests *d, const char *unit, const char *address)
{
	char		*canonical = address_canonical(address);
	char		*what = mem_fmt("%s %s", unit, canonical);
	uint64_t	 who = digests_who(d->leader_key, what);

	free(what);
	free(canonical);
	return who;
}

static int
by_who(const void *a, const void *b)
{
	const struct recipient *x = a, *y = b;

	return (x->who > y->who) - (x->who < y->who);
}

struct recipient *
digests_add(struct digests *d)
{
	static const struct recipient none = {
		.own = { .unit = UNIT_NONE }, .other = { .unit = UNIT_NONE }
	};

	if (d->n == d->cap) {
		d->cap = d->cap * 2 + 64;
		d->to = mem_resize(d->to, d->cap, sizeof(*d->to));
	}
	d->to[d->n] = none;
	return &d->to[d->n++];
}

static enum err_code
add_unit(struct digests *d, const struct side *s, uint32_t unit,
    struct err *e)
{
	struct leader		 leader[LEADERS_MAX];
	const char		*id = s->pub.unit[unit].id;
	struct recipient	*to;
	size_t			 n, i;
	enum err_code		 rc;

	rc = roster_leaders(d->roster, s->pub.survey, id, leader, &n, e);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	for (i = 0; i < n; i++) {
		if (leader[i].address[0] == '\0')
			continue;
		to = digests_add(d);
		to->who = leader_who(d, id, leader[i].address);
		*(s == &d->own ? &to->own : &to->other) =
		    (struct post){ unit, (unsigned int)i };
	}
	return ERR_OK;
}

static enum err_code
add_side(struct digests *d, const struct side *s, struct err *e)
{
	enum err_code	rc = ERR_OK;
	uint32_t	u;

	for (u = 0; s->has_pub && u < s->pub.n && rc == ERR_OK; u++)
		rc = add_unit(d, s, u, e);
	return rc;
}

/* Who leads the unit in both surveys is one recipient. */
static void
merge(struct recipient *to, const struct recipient *same)
{
	if (to->own.unit == UNIT_NONE)
		to->own = same->own;
	if (to->other.unit == UNIT_NONE)
		to->other = same->other;
}

/* Those of the other side alone get theirs here only from a host. */
static bool
is_due(const struct digests *d, const struct recipient *to)
{
	return d->part == DIGESTS_HOST || to->own.unit != UNIT_NONE;
}

enum err_code
digests_find_leaders(struct digests *d, struct err *e)
{
	enum err_code	rc = ERR_OK;
	size_t		i, n = 0, due = 0;

	if (d->part == DIGESTS_GUEST)
		return ERR_OK;
	if (d->kind != DIGESTS_FIGURES)
		rc = digests_find_comments(d, e);
	else if ((rc = add_side(d, &d->own, e)) == ERR_OK)
		rc = add_side(d, &d->other, e);
	if (d->n > 1)
		qsort(d->to, d->n, sizeof(*d->to), by_who);
	for (i = 0; i < d->n; i++) {
		if (n > 0 && d->to[i].who == d->to[n - 1].who)
			merge(&d->to[n - 1], &d->to[i]);
		else
			d->to[n++] = d->to[i];
	}
	for (i = 0; i < n; i++)
		if (is_due(d, &d->to[i]))
			d->to[due++] = d->to[i];
	d->n = due;
	return rc;
}

const struct recipient *
digests_leaders(const struct digests *d, size_t *n)
{
	*n = d->n;
	return d->to;
}

struct walk {
	struct digests		*d;
	digests_batch		*each;
	void			*arg;
	struct recipient	*to;
	size_t			 n;
};

static enum err_code
hand_out(struct walk *w, struct err *e)
{
	size_t n = w->n;

	w->n = 0;
	qsort(w->to, n, sizeof(*w->to), by_who);
	return w->each(w->arg, w->to, n, e);
}

static enum err_code
add_person(void *arg, const struct person *p, struct err *e)
{
	struct walk	*w = arg;
	uint32_t	 unit = pubfind(&w->d->own.pub, w->d->own.by_id,
			    p->unit);

	if (unit == UNIT_NONE || p->address[0] == '\0')
		return ERR_OK;
	w->to[w->n] = (struct recipient){
		.who = digests_who(w->d->staff_key, p->id),
		.own = { .unit = unit }, .other = { .unit = UNIT_NONE }
	};
	memcpy(w->to[w->n++].id, p->id, sizeof(p->id));
	return w->n == DIGESTS_STAFF ? hand_out(w, e) : ERR_OK;
}

/* A roster of its own: what is read meanwhile must not move the walk. */
enum err_code
digests_staff(struct digests *d, digests_batch *each, void *arg,
    struct err *e)
{
	struct walk	 w = { .d = d, .each = each, .arg = arg };
	struct roster	*r;
	enum err_code	 rc;

	if (d->kind != DIGESTS_FIGURES)
		return ERR_OK;
	if (d->own.survey == NULL || !d->own.survey->staff_copy)
		return ERR_OK;
	if ((rc = roster_open(d->conf->state_dir, &r, e)) != ERR_OK)
		return rc;
	w.to = mem_zero(DIGESTS_STAFF, sizeof(*w.to));
	rc = roster_each(r, d->own.pub.survey, add_person, &w, e);
	if (rc == ERR_OK && w.n > 0)
		rc = hand_out(&w, e);
	free(w.to);
	roster_close(&r);
	return rc;
}
