/*
 * leadermail_people.c - the leaders of a survey, each once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/address.h"
#include "io/leadermail_parts.h"

#define WHO_BYTES	16	/* the shortest keyed hash; 8 of it are used */

struct finding {
	const unsigned char	*key;
	struct headsup_to	*to;
	size_t			 n, cap;
};

static void
add(struct finding *f, const struct leader *l)
{
	char		*canonical = address_canonical(l->address);
	unsigned char	 hash[WHO_BYTES];
	uint64_t	 who = 0;
	int		 i;

	crypt_hash(hash, sizeof(hash), f->key, canonical, strlen(canonical));
	free(canonical);
	for (i = 0; i < 8; i++)
		who = who << 8 | hash[i];
	if (f->n == f->cap) {
		f->cap = f->cap * 2 + 64;
		f->to = mem_resize(f->to, f->cap, sizeof(*f->to));
	}
	f->to[f->n].who = who;
	f->to[f->n++].leader = *l;
}

int
leadermail_by_who(const void *a, const void *b)
{
	const struct headsup_to *x = a, *y = b;

	return (x->who > y->who) - (x->who < y->who);
}

/* Who leads two units stands twice among the leaders, and once here. */
static void
sort(struct finding *f)
{
	size_t i, kept = 0;

	if (f->n > 1)
		qsort(f->to, f->n, sizeof(*f->to), leadermail_by_who);
	for (i = 0; i < f->n; i++)
		if (i == 0 || f->to[i].who != f->to[kept - 1].who)
			f->to[kept++] = f->to[i];
	f->n = kept;
}

enum err_code
leadermail_find(struct roster *r, const char *survey,
    const unsigned char key[CRYPT_KEY], struct headsup_to **to, size_t *n,
    struct err *e)
{
	struct leader	leader[LEADERS_MAX];
	struct finding	f = { .key = key };
	struct tree	t;
	enum err_code	rc;
	size_t		found, k;
	uint32_t	i;

	tree_init(&t);
	rc = roster_tree(r, survey, &t, e);
	for (i = 0; i < t.n && rc == ERR_OK; i++) {
		found = 0;
		rc = roster_leaders(r, survey, t.unit[i].id, leader, &found,
		    e);
		if (rc == ERR_ABSENT)
			rc = ERR_OK;
		for (k = 0; k < found && rc == ERR_OK; k++)
			if (leader[k].address[0] != '\0')
				add(&f, &leader[k]);
	}
	tree_wipe(&t);
	sort(&f);
	*to = f.to;
	*n = f.n;
	return rc;
}
