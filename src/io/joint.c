/*
 * joint.c - whether a wave's digests go alone or with the other side's.
 *
 * Looks at both ledgers without a lock: the wave's own is read again under its
 * lock by delivery.c, which turns back if it has begun meanwhile; the guest's
 * is begun under its lock, here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/history.h"
#include "io/joint.h"
#include "io/ledger.h"
#include "io/sides.h"
#include "io/state.h"

#define LEDGER		"digest"
#define HASH_BYTES	16	/* the shortest keyed hash; 8 of it are used */

/* What a digest ledger says of its beginning. */
struct beginning {
	bool			there, begun;
	enum digests_part	part;
	uint64_t		guest;
};

void
joint_key(unsigned char out[CRYPT_KEY],
    const unsigned char organisation_key[CRYPT_KEY], const char *kind,
    const char *wave)
{
	char *purpose = mem_fmt("%s ledger of %s", kind, wave);

	crypt_derive(out, organisation_key, CRYPT_KEY, purpose);
	free(purpose);
}

void
joint_wipe(struct joint *j)
{
	crypt_wipe(j, sizeof(*j));
}

/* Stands for a wave in its host's ledger; never 0. */
static uint64_t
hash_of(const unsigned char organisation_key[CRYPT_KEY], const char *wave)
{
	unsigned char	key[CRYPT_KEY], hash[HASH_BYTES];
	uint64_t	n = 0;
	int		i;

	crypt_derive(key, organisation_key, CRYPT_KEY, "guest of a digest");
	crypt_hash(hash, sizeof(hash), key, wave, strlen(wave));
	crypt_wipe(key, sizeof(key));
	for (i = 0; i < 8; i++)
		n = n << 8 | hash[i];
	return n | 1;
}

static enum err_code
on_record(void *arg, const struct mail_record *r, struct err *e)
{
	struct beginning *b = arg;

	(void)e;
	if (r->event != MAIL_BEGUN)
		return ERR_OK;
	b->begun = true;
	b->part = r->code <= DIGESTS_GUEST ? (enum digests_part)r->code :
	    DIGESTS_ALONE;
	b->guest = b->part == DIGESTS_HOST ? r->who : 0;
	return ERR_OK;
}

static enum err_code
look_at(const struct conf *conf, const char *wave,
    const unsigned char key[CRYPT_KEY], struct beginning *b, struct err *e)
{
	char		*path = state_path(conf->state_dir,
			    STATE_DIGEST_LEDGER, wave);
	enum err_code	 rc;

	memset(b, 0, sizeof(*b));
	rc = ledger_replay(path, key, on_record, b, e);
	free(path);
	b->there = rc == ERR_OK;
	return rc == ERR_ABSENT ? ERR_OK : rc;
}

/* A host's guest by its hash; its figures are kept for years. */
static enum err_code
find_guest(struct joint *j, const struct conf *conf,
    const unsigned char organisation_key[CRYPT_KEY], struct err *e)
{
	enum err_code	  rc;
	size_t		  n, i;
	char		**name;

	rc = history_list(conf->state_dir, &name, &n, e);
	for (i = 0; i < n; i++) {
		if (rc == ERR_OK &&
		    hash_of(organisation_key, name[i]) == j->guest)
			memcpy(j->other, name[i], strlen(name[i]) + 1);
		free(name[i]);
	}
	free(name);
	return rc;
}

static void
wait_for(struct joint *j, const char *wave)
{
	memcpy(j->waits, wave, strlen(wave) + 1);
}

/* Neither waits nor has begun: alone, or which of both it is. */
static enum err_code
choose(struct joint *j, const struct conf *conf, const struct sides *s,
    uint64_t self, bool in_time, struct err *e)
{
	struct beginning	other;
	enum err_code		rc;

	rc = look_at(conf, s->other, j->key, &other, e);
	if (rc != ERR_OK || !other.there)
		return rc;
	if (!other.begun && s->leads)
		j->part = DIGESTS_HOST;
	else if (in_time && !s->leads &&
	    (!other.begun || other.guest == self))
		wait_for(j, s->other);
	return ERR_OK;
}

enum err_code
joint_find(struct joint *j, const struct mailing *m, const char *wave,
    const unsigned char organisation_key[CRYPT_KEY], int64_t now,
    struct err *e)
{
	const struct conf	*conf = m->conf;
	struct beginning	 own;
	struct sides		 s;
	enum err_code		 rc;

	memset(j, 0, sizeof(*j));
	joint_key(j->key, organisation_key, LEDGER, wave);
	rc = look_at(conf, wave, j->key, &own, e);
	if (rc == ERR_OK)
		rc = sides_find(conf, wave, m->coming, m->n_coming, now, &s,
		    e);
	if (rc != ERR_OK)
		return rc;
	memcpy(j->other, s.other, sizeof(j->other));
	j->begun = own.begun;
	j->part = own.part;
	j->guest = own.guest;
	if (own.part == DIGESTS_HOST)
		rc = find_guest(j, conf, organisation_key, e);
	if (rc == ERR_OK)
		joint_key(j->key, organisation_key, LEDGER, j->other);
	if (rc != ERR_OK || own.begun)
		return rc;
	if (s.awaited[0] != '\0') {
		wait_for(j, s.awaited);
		return ERR_OK;
	}
	if (s.other[0] != '\0')
		rc = choose(j, conf, &s, hash_of(organisation_key, wave),
		    now < s.give_up, e);
	if (j->part == DIGESTS_HOST)
		j->guest = hash_of(organisation_key, j->other);
	return rc;
}

static enum err_code
begin_guest(const struct joint *j, const char *path, struct err *e)
{
	struct mail_record	 r = { .when = clock_now(),
				     .event = MAIL_BEGUN,
				     .code = DIGESTS_GUEST };
	struct beginning	 b = { .begun = false };
	struct ledger		*l;
	enum err_code		 rc;

	if ((rc = ledger_open(path, j->key, on_record, &b, &l, e)) != ERR_OK)
		return rc;
	if (!b.begun)
		rc = ledger_append(l, &r, true, e);
	ledger_close(&l);
	return rc;
}

enum err_code
joint_mark(const struct joint *j, const struct conf *conf, struct err *e)
{
	char		*path;
	enum err_code	 rc;
	bool		 there;

	if (j->part != DIGESTS_HOST)
		return ERR_OK;
	path = state_path(conf->state_dir, STATE_DIGEST_LEDGER, j->other);
	rc = file_there(path, &there, e);
	if (rc == ERR_OK && there)
		rc = begin_guest(j, path, e);
	free(path);
	return rc == ERR_OK ? rc : err_prefix(e, "%s: ", j->other);
}
