/*
 * checker.c - judges state directories by the real read path.
 *
 * Reads lines: facts (facts.c), then "check DIR", answered by "good" or "bad
 * WHY"; "roster DIR" and "figures DIR WAVE" print the hash of a roster or a
 * publication that is whole, or "none"; "wave DIR WAVE" prints its state, one
 * of n o c p as in facts.c.  A directory is first only read; then
 * whatever would come next is run on it: the cleaning of a start, the forms
 * that were not acknowledged, one more answer, the ledger's repair, the
 * publication.  So DIR is changed and serves one check.
 *
 * It runs on scratch directories, with secrets of its own making.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/address.h"
#include "core/message.h"
#include "core/standing.h"
#include "facts.h"
#include "io/boxfile.h"
#include "io/file.h"
#include "io/healthlog.h"
#include "io/ledger.h"
#include "io/list.h"
#include "io/opening.h"
#include "io/published.h"
#include "io/publishing.h"
#include "io/roster.h"
#include "io/sendlog.h"
#include "io/state.h"
#include "io/store.h"
#include "io/submit.h"
#include "io/wavefile.h"
#include "io/waves.h"

#define SURVEY	"staff"
#define MEMO	65536	/* ballots opened before, by their bytes */

static struct facts	facts;
static struct conf	conf;
static const char	*dir;		/* being judged */
static char		 why[512];	/* the first fault; "" if none */
static struct err	err;

static bool __attribute__((format(printf, 1, 2)))
bad(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (why[0] == '\0')
		vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return false;
}

static bool
ok(enum err_code rc, const char *what)
{
	return rc == ERR_OK || bad("%s: %s", what, err.msg);
}

/* ---- hashes of whole stores: every record, in the order of their bytes */

struct dump {
	struct buf	*line;
	size_t		 n, cap;
};

static enum err_code
dump_record(void *arg, const char *key, size_t keylen, const char *value,
    size_t len, struct err *e)
{
	struct dump *d = arg;

	(void)e;
	if (d->n == d->cap) {
		d->cap = d->cap != 0 ? 2 * d->cap : 64;
		d->line = mem_resize(d->line, d->cap, sizeof(*d->line));
	}
	buf_init(&d->line[d->n], 1 << 20);
	buf_add(&d->line[d->n], key, keylen);
	buf_add(&d->line[d->n], "\0=", 2);
	buf_add(&d->line[d->n++], value, len);
	return ERR_OK;
}

static int
by_bytes(const void *a, const void *b)
{
	const struct buf	*x = a, *y = b;
	const size_t		 n = x->len < y->len ? x->len : y->len;
	const int		 c = memcmp(buf_str(x), buf_str(y), n);

	return c != 0 ? c : (x->len > y->len) - (x->len < y->len);
}

static void
hash_lines(struct dump *d, char out[HASH_HEX + 1])
{
	unsigned char	hash[CRYPT_HASH] = { 0 }, one[2 * CRYPT_HASH];
	size_t		i;

	if (d->n > 0)
		qsort(d->line, d->n, sizeof(*d->line), by_bytes);
	for (i = 0; i < d->n; i++) {
		memcpy(one, hash, CRYPT_HASH);
		crypt_hash(one + CRYPT_HASH, CRYPT_HASH, NULL,
		    buf_str(&d->line[i]), d->line[i].len);
		crypt_hash(hash, CRYPT_HASH, NULL, one, sizeof(one));
		buf_wipe(&d->line[i]);
	}
	free(d->line);
	for (i = 0; i < CRYPT_HASH; i++)
		snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

/* "none" if there is no such store. */
static bool
hash_store(enum state_file f, const char *arg, char out[HASH_HEX + 1])
{
	char		*path = state_path(dir, f, arg);
	struct dump	 d = { NULL, 0, 0 };
	struct store	*s = NULL;
	enum err_code	 rc;

	memcpy(out, "none", 5);
	rc = store_open(path, &s, &err);
	free(path);
	if (rc == ERR_ABSENT)
		return true;
	if (rc == ERR_OK)
		rc = store_each(s, dump_record, &d, &err);
	store_close(&s);
	hash_lines(&d, out);
	return ok(rc, "store");
}

/* ---- the roster and the opt-outs */

struct people {
	struct store	*known;
	unsigned char	 key[CRYPT_KEY];
};

/* Everybody on the roster can opt out by the link in their mails. */
static enum err_code
check_person(void *arg, const struct person *p, struct err *e)
{
	struct people	*k = arg;
	char		 token[OPTOUT_LEN + 1], hash[OPTOUT_HASH_LEN + 1];
	char		*value, *canonical = address_canonical(p->address);
	size_t		 len;
	enum err_code	 rc = ERR_ABSENT;

	optout_make(token, k->key, canonical);
	free(canonical);
	if (optout_hash(hash, token, OPTOUT_LEN))
		rc = store_get(k->known, hash, OPTOUT_HASH_LEN, &value, &len,
		    e);
	if (rc == ERR_OK)
		free(value);
	else
		bad("roster: the opt-out of %s is not known", p->id);
	return ERR_OK;
}

static bool
check_people(struct roster *r)
{
	char		*path = state_path(dir, STATE_OPTOUT_KNOWN, NULL);
	struct people	 k = { NULL, { 0 } };
	struct tree	 t;
	enum err_code	 rc;

	if (ok(rc = roster_tree(r, SURVEY, &t, &err), "roster"))
		tree_wipe(&t);
	if (rc == ERR_OK)
		rc = store_open(path, &k.known, &err);
	free(path);
	if (rc == ERR_OK) {
		path = state_path(dir, STATE_ORGANISATION_KEY, NULL);
		rc = state_key_read(path, k.key, &err);
		free(path);
	}
	if (rc == ERR_OK)
		rc = roster_each(r, SURVEY, check_person, &k, &err);
	store_close(&k.known);
	return ok(rc, "roster");
}

static bool
check_optout(struct roster *r, const char *hash)
{
	char	*path = state_path(dir, STATE_OPTOUT, hash);
	bool	 there = file_exists(path);

	free(path);
	return there || (r != NULL && roster_opted_out(r, hash)) ||
	    bad("an acknowledged opt-out is gone");
}

static bool
check_roster(void)
{
	char		 hash[HASH_HEX + 1];
	struct roster	*r = NULL;
	bool		 good = false;
	size_t		 i;

	if (!hash_store(STATE_ROSTER, NULL, hash))
		return false;
	for (i = 0; i < facts.rosters && !good; i++)
		good = strcmp(hash, facts.roster[i]) == 0;
	if (!good)
		return bad("the roster is neither the old nor the new one%s",
		    strcmp(hash, "none") == 0 ? ": there is none" : "");
	if (strcmp(hash, "none") != 0)
		good = ok(roster_open(dir, &r, &err), "roster") &&
		    check_people(r);
	for (i = 0; i < facts.optouts && good; i++)
		good = check_optout(r, facts.optout[i]);
	roster_close(&r);
	return good;
}

static enum err_code
count_bounce(void *arg, const struct health_record *r, struct err *e)
{
	(void)r;
	(void)e;
	++*(size_t *)arg;
	return ERR_OK;
}

/* What was acknowledged is there, and the next one finds its place. */
static bool
check_health(void)
{
	struct health_record	r = { .event = BOUNCE_SOFT, .wave = "other" };
	size_t			n = 0, after = 0;

	if (!ok(healthlog_each(dir, count_bounce, &n, &err), "health log"))
		return false;
	if (n < facts.bounced)
		return bad("an acknowledged bounce is gone");
	if (!ok(healthlog_make(dir, &err), "health log") ||
	    !ok(healthlog_append(dir, &r, 1, &err), "health log") ||
	    !ok(healthlog_each(dir, count_bounce, &after, &err), "health log"))
		return false;
	return after == n + 1 || bad("the health log lost a bounce");
}

/* ---- boxes */

static struct memo {
	unsigned char	sealed[BALLOT_SEALED];
	struct ballot	open;
} *memo;

/* Opening costs far more than all the rest, and most have been seen. */
static bool
open_ballot(const struct wave *w, const struct wave_facts *wf,
    const struct box *b, size_t i, struct ballot *out)
{
	size_t			 len;
	const unsigned char	*sealed = box_value(b, i, &len) + SEAT_SEALED;
	struct memo		*m;
	uint32_t		 at;

	memcpy(&at, sealed, sizeof(at));
	m = &memo[at % MEMO];
	if (memcmp(m->sealed, sealed, BALLOT_SEALED) != 0) {
		if (!ok(box_open_ballot(b, i, w->ballot_pub, wf->ballot_key,
		    &m->open, &err), "ballot"))
			return false;
		memcpy(m->sealed, sealed, BALLOT_SEALED);
	}
	*out = m->open;
	return true;
}

/* The ballot under a code; b->n if there is none. */
static size_t
find_ballot(const struct box *b, const struct link *code)
{
	unsigned char	hash[CRYPT_HASH];
	size_t		i;

	secret_hash(hash, code->secret);
	for (i = 0; i < box_ballots(b); i++)
		if (memcmp(b->record[i].key + 1, hash, CRYPT_HASH) == 0)
			return i;
	return b->n;
}

static bool
check_version(const struct wave *w, const struct wave_facts *wf,
    const struct box *b, const struct voter *v, size_t i, size_t version)
{
	struct ballot	ballot;
	struct seat	seat;

	if (!open_ballot(w, wf, b, i, &ballot) ||
	    !ok(box_token_seat(b, v->token.secret, &seat, &err), "seat"))
		return false;
	if (ballot.unit != seat.unit)
		return bad("a ballot counts for another unit");
	if (memcmp(ballot.answer, v->v[version].answer, SENSE__MAX) != 0)
		return bad("a ballot holds other answers");
	return true;
}

/* One person: one of their forms is recorded, once, or none may be. */
static bool
check_voter(const struct wave *w, const struct wave_facts *wf,
    const struct box *b, const struct voter *v, size_t *ballots)
{
	enum token_state	token = box_token(b, v->token.secret);
	size_t			found = 0, i, at;

	for (i = 0; i < v->n; i++) {
		if ((at = find_ballot(b, &v->v[i].code)) == b->n)
			continue;
		found++;
		if (!check_version(w, wf, b, v, at, i))
			return false;
	}
	*ballots += found;
	if (token == TOKEN_ABSENT)
		return bad("a token is gone");
	if (found > 1)
		return bad("an answer is there %zu times", found);
	if (found == 0 && v->must)
		return bad("an acknowledged answer is gone");
	if (found == 1 && token == TOKEN_UNUSED)
		return bad("a token is open whose ballot counts");
	if (found == 0 && token == TOKEN_USED)
		return bad("a token is used up without a ballot");
	return true;
}

static bool
check_box(const struct wave *w, const struct wave_facts *wf, unsigned int n)
{
	struct box	b;
	size_t		i, ballots = 0;
	bool		good = true;
	char		*lock = state_box_lock(dir, w->tag, w->name, n);

	if (!file_exists(lock))
		good = bad("box %u has no lock", n);
	free(lock);
	if (!good || !ok(submit_box(dir, w, n, &b, &err), "box"))
		return false;
	for (i = 0; i < wf->voters && good; i++)
		if (wf->voter[i].token.box == n)
			good = check_voter(w, wf, &b, &wf->voter[i], &ballots);
	if (good && (box_ballots(&b) != ballots || box_used(&b) != ballots))
		good = bad("box %u: %zu ballots and %zu used tokens, %zu "
		    "expected", n, box_ballots(&b), box_used(&b), ballots);
	box_wipe(&b);
	return good;
}

/* ---- the frozen list, and with it that everybody has a seat */

static bool
check_seats(const struct wave *w, const struct wave_facts *wf,
    const struct list *l)
{
	struct list_person	p;
	unsigned char		token[TOKEN_LEN];
	struct box		b;
	struct seat		seat;
	unsigned int		n = UINT_MAX;
	uint32_t		i;
	bool			good = true;

	if (list_people(l) != w->people || list_boxes(l) != w->boxes)
		return bad("the frozen list is not the wave's");
	box_init(&b);
	for (i = 0; i < w->people && good; i++) {
		if (!(good = ok(list_get(l, i, &p, &err), "list")))
			break;
		if (p.box != n) {
			box_wipe(&b);
			n = p.box;
			if (!(good = ok(submit_box(dir, w, n, &b, &err),
			    "box")))
				break;
		}
		token_make(token, wf->token_key, p.id);
		good = ok(box_token_seat(&b, token, &seat, &err), "seat") &&
		    (seat.unit == p.unit || bad("a seat in another unit"));
	}
	box_wipe(&b);
	return good;
}

/* ---- the ledger */

struct attempts {
	unsigned char	*n;	/* three kinds for each person */
	size_t		 people;
	unsigned int	 all;
};

static enum err_code
count_attempt(void *arg, const struct mail_record *r, struct err *e)
{
	struct attempts *a = arg;

	(void)e;
	if (r->event != MAIL_ATTEMPT)
		return ERR_OK;
	a->all++;
	if (r->who < a->people && r->kind < 3)
		a->n[r->who * 3 + r->kind]++;
	return ERR_OK;
}

static bool
check_mailed(const struct wave_facts *wf, const struct list *l,
    const struct attempts *a)
{
	struct list_person	p;
	uint32_t		i;
	size_t			k;

	for (i = 0; wf->mails > 0 && i < a->people; i++) {
		if (!ok(list_get(l, i, &p, &err), "list"))
			return false;
		for (k = 0; k < wf->mails; k++)
			if (strcmp(wf->mail[k].id, p.id) == 0 &&
			    a->n[i * 3 + wf->mail[k].kind] <
			    wf->mail[k].attempts)
				return bad("the ledger has forgotten a mail "
				    "of %s", p.id);
	}
	return true;
}

/* Replays as status does, then as the mailer does, which repairs. */
static bool
check_ledger(const struct wave_facts *wf, const struct list *l)
{
	struct attempts	 a = { NULL, list_people(l), 0 };
	struct ledger	*ledger = NULL;
	unsigned char	 key[CRYPT_KEY];
	char		*path = state_path(dir, STATE_LEDGER, wf->name);
	enum err_code	 rc;
	int		 i;
	bool		 good = true;

	crypt_derive(key, wf->token_key, CRYPT_KEY, "send ledger");
	for (i = 0; i < 2 && good; i++) {
		free(a.n);
		a.n = mem_zero(a.people, 3);
		rc = i == 0 ? ledger_replay(path, key, count_attempt, &a,
		    &err) : ledger_open(path, key, count_attempt, &a, &ledger,
		    &err);
		if (rc == ERR_ABSENT)
			rc = ERR_OK;	/* then nobody may be missing */
		good = ok(rc, "ledger") && check_mailed(wf, l, &a);
	}
	ledger_close(&ledger);
	free(a.n);
	free(path);
	return good;
}

static bool
check_digests(const struct wave_facts *wf)
{
	struct attempts	 a = { NULL, 0, 0 };
	unsigned char	 own[CRYPT_KEY], key[CRYPT_KEY];
	char		*path, *purpose;
	struct ledger	*ledger = NULL;
	bool		 there, good;

	path = state_path(dir, STATE_DIGEST_LEDGER, wf->name);
	there = file_exists(path);
	if (!there) {
		free(path);
		return wf->digest_gone || bad("no digest ledger");
	}
	purpose = mem_fmt("digest ledger of %s", wf->name);
	good = ok(state_organisation_key(dir, own, &err), "organisation");
	crypt_derive(key, own, CRYPT_KEY, purpose);
	good = good && ok(ledger_open(path, key, count_attempt, &a, &ledger,
	    &err), "digest ledger");
	if (good && a.all < wf->digests)
		good = bad("the digest ledger has forgotten a mail");
	ledger_close(&ledger);
	free(purpose);
	free(path);
	return good;
}

/* ---- what comes next */

static int64_t
the_time(void)
{
	return facts.now;
}

/* Sends a form again, or a first one. */
static bool
send_form(const struct voter *v, size_t i)
{
	const struct version	*n = &v->v[i];
	struct form		 form = { .code = n->code };
	enum box_verdict	 verdict;
	struct seat		 seat;

	memcpy(form.answer, n->answer, SENSE__MAX);
	if (n->change)
		form.from = n->from;
	if (!ok(submit_ballot(dir, n->change ? NULL : &v->token, &form,
	    the_time, &verdict, &seat, &err), "form"))
		return false;
	return verdict == BOX_RECORDED || bad("a form sent again is refused");
}

/* Those without a reply send their last form again; one more answers. */
static bool
go_on_answering(const struct wave *w, struct wave_facts *wf)
{
	static struct voter	more;
	struct voter		*v;
	size_t			 i;

	for (i = 0; i < wf->voters; i++) {
		v = &wf->voter[i];
		if (v->n < 2 && v->must)
			continue;
		if (v->n > 0 && !send_form(v, v->n - 1))
			return false;
	}
	if (!wf->has_spare)
		return true;
	more = (struct voter){ .token = wf->spare, .must = true, .n = 1 };
	more.v[0].code = wf->spare;
	memset(more.v[0].code.secret, 7, TOKEN_LEN);
	more.v[0].answer[0] = 3;
	if (!send_form(&more, 0))
		return false;
	wf->voter[wf->voters++] = more;
	i = wf->spare.box;
	wf->has_spare = check_box(w, wf, (unsigned int)i);
	wf->voters--;
	return wf->has_spare;
}

/* Anything below a directory that is named after the wave, but for `may`. */
static bool
nothing_left(const char *at, const char *wave, const char *const *may)
{
	struct dirent	*d;
	char		*path;
	DIR		*list = opendir(at);
	bool		 good = true;
	size_t		 i;

	if (list == NULL)
		return bad("%s: cannot be read", at);
	while (good && (d = readdir(list)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		path = mem_fmt("%s/%s", at, d->d_name);
		for (i = 0; may[i] != NULL; i++)
			if (strcmp(path + strlen(dir) + 1, may[i]) == 0)
				break;
		if (may[i] == NULL && strstr(d->d_name, wave) != NULL)
			good = bad("left behind: %s", path + strlen(dir) + 1);
		else if (d->d_type == DT_DIR)
			good = nothing_left(path, wave, may);
		free(path);
	}
	closedir(list);
	return good;
}

static bool
check_left(const struct wave_facts *wf, bool published)
{
	char		*lock = mem_fmt("locks/wave-%s", wf->name);
	char		*file = mem_fmt("published/%s.gdbm", wf->name);
	char		*digest = mem_fmt("ledgers/%s.digest", wf->name);
	const char	*may[] = { lock, file, digest, NULL };
	bool		 good;

	if (!published)
		may[1] = NULL;
	good = nothing_left(dir, wf->name, may);
	free(lock);
	free(file);
	free(digest);
	return good;
}

/* Publishes, or finishes what a publication has left. */
static bool
go_on_publishing(const struct wave_facts *wf)
{
	char		hash[HASH_HEX + 1];
	enum err_code	rc;

	rc = publishing_run(dir, wf->name, facts.now, NULL, NULL, &err);
	if (rc != ERR_USED && !ok(rc, "publish"))
		return false;
	if (!hash_store(STATE_PUBLISHED, wf->name, hash))
		return false;
	if (wf->figures[0] != '\0' && strcmp(hash, wf->figures) != 0)
		return bad("the figures are not those of the answers");
	return check_left(wf, true) && check_digests(wf);
}

/* ---- a wave */

static bool
check_keys(const struct wave *w, const struct wave_facts *wf)
{
	unsigned char	 key[CRYPT_KEY];
	char		*path = state_path(dir, STATE_TOKEN_KEY, w->name);
	bool		 good;

	good = ok(state_key_read(path, key, &err), "key") &&
	    (memcmp(key, wf->token_key, CRYPT_KEY) == 0 || bad("another key"));
	free(path);
	path = state_path(dir, STATE_BALLOT_KEY, w->name);
	good = good && ok(state_key_read(path, key, &err), "key") &&
	    (memcmp(key, wf->ballot_key, CRYPT_KEY) == 0 || bad("another key"));
	free(path);
	return good;
}

static bool
check_whole(const struct wave *w, const struct wave_facts *wf)
{
	char		*path = state_path(dir, STATE_LIST, w->name);
	struct list	*l = NULL;
	unsigned int	 i;
	bool		 good = check_keys(w, wf);

	good = good && ok(list_open(path, wf->token_key, &l, &err), "list") &&
	    check_seats(w, wf, l);
	for (i = 0; i < w->boxes && good; i++)
		good = check_box(w, wf, i);
	good = good && check_ledger(wf, l);
	list_close(&l);
	free(path);
	return good;
}

/* Who was in the last wave is told of this one, once it is revealed. */
static bool
check_last(const struct wave *w)
{
	char		*path = state_path(dir, STATE_LAST, SURVEY), *value;
	struct store	*s = NULL;
	size_t		 len;
	bool		 good;

	good = ok(store_open(path, &s, &err), "last") &&
	    ok(store_get(s, "wave", 4, &value, &len, &err), "last");
	if (good) {
		good = strcmp(value, w->name) == 0 ||
		    bad("the last wave is another one");
		free(value);
	}
	store_close(&s);
	free(path);
	return good;
}

static char
read_state(const struct wave_facts *wf, struct wave *w)
{
	char		*path = state_path(dir, STATE_PUBLISHED, wf->name);
	bool		 there = file_exists(path);
	struct wave_ref	 ref;
	enum err_code	 rc;

	free(path);
	if (there)
		return 'p';
	rc = waves_by_name(dir, wf->name, &ref, &err);
	if (rc == ERR_ABSENT)
		return 'n';
	if (rc == ERR_OK) {
		path = state_wave(dir, ref.tag, ref.name);
		rc = wavefile_read(path, WAVE_WHOLE, w, &err);
		free(path);
	}
	if (!ok(rc, "wave"))
		return '?';
	return w->state == WAVE_OPEN ? 'o' : 'c';
}

static bool
check_published(const struct wave_facts *wf)
{
	struct publication	 p;
	char			*path;
	bool			 good;

	path = state_path(dir, STATE_PUBLISHED, wf->name);
	good = ok(published_read(path, &p, &err), "publication");
	if (good)
		publication_wipe(&p);
	free(path);
	return good && check_digests(wf);
}

static bool
check_wave(struct wave_facts *wf, bool cleaned)
{
	struct wave	w;
	char		state;
	bool		good;

	wave_init(&w);
	state = read_state(wf, &w);
	good = strchr(wf->states, state) != NULL ||
	    bad("wave %s is in state '%c', expected one of '%s'", wf->name,
	    state, wf->states);
	if (good && state == 'n' && cleaned)
		good = check_left(wf, false);
	if (good && state == 'p')
		good = cleaned ? go_on_publishing(wf) : check_published(wf);
	if (good && (state == 'o' || state == 'c')) {
		good = check_whole(&w, wf);
		if (good && cleaned)
			good = check_last(&w);
		if (good && cleaned && state == 'o')
			good = go_on_answering(&w, wf);
		if (good && cleaned && state == 'c')
			good = go_on_publishing(wf);
	}
	wave_wipe(&w);
	return good;
}

static bool
check(void)
{
	size_t i;

	if (!check_roster() || (facts.bounced > 0 && !check_health()))
		return false;
	for (i = 0; i < facts.waves; i++)
		if (facts.wave[i].states[0] != '\0' &&
		    !check_wave(&facts.wave[i], false))
			return false;
	conf.state_dir = (char *)(uintptr_t)dir;
	if (!ok(opening_clean(&conf, &err), "start"))
		return false;
	for (i = 0; i < facts.waves; i++)
		if (facts.wave[i].states[0] != '\0' &&
		    !check_wave(&facts.wave[i], true))
			return false;
	return ok(roster_apply_optouts(dir, &err), "opt-outs");
}

static void
reply_state(const char *name)
{
	static struct wave_facts	wf;	/* large */
	struct wave			w;

	snprintf(wf.name, sizeof(wf.name), "%s", name);
	wave_init(&w);
	printf("%c\n", read_state(&wf, &w));
	wave_wipe(&w);
}

/* "WORD DIR" or "WORD DIR WAVE" */
static void
reply(char *line)
{
	char	hash[HASH_HEX + 1], *save = NULL;
	char	*word = strtok_r(line, " \n", &save), *wave;

	why[0] = '\0';
	dir = strtok_r(NULL, " \n", &save);
	wave = strtok_r(NULL, " \n", &save);
	if (strcmp(word, "check") == 0)
		printf(check() ? "good\n" : "bad %s\n", why);
	else if (strcmp(word, "roster") == 0)
		puts(hash_store(STATE_ROSTER, NULL, hash) ? hash : why);
	else if (wave != NULL && strcmp(word, "figures") == 0)
		puts(hash_store(STATE_PUBLISHED, wave, hash) ? hash : why);
	else if (wave != NULL)
		reply_state(wave);
	fflush(stdout);
}

int
main(void)
{
	char	line[4096];

	if (!crypt_init())
		return 1;
	memo = mem_zero(MEMO, sizeof(*memo));
	conf.n_surveys = 1;
	memcpy(conf.survey[0].name, SURVEY, sizeof(SURVEY));
	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (strstr(line, " /") != NULL)	/* a directory */
			reply(line);
		else if (!facts_line(&facts, line)) {
			fprintf(stderr, "checker: not understood: %s\n", line);
			return 1;
		}
	}
	free(memo);
	return 0;
}
