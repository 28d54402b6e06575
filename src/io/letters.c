/*
 * letters.c - one person's invitation or reminder.
 *
 * The order of looking is what makes an answer and an opt-out count until the
 * last moment: the box, then the person (addressee.c).  A box is read again
 * only when its file was replaced.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "core/box.h"
#include "core/token.h"
#include "io/addressee.h"
#include "io/boxfile.h"
#include "io/clock.h"
#include "io/drafts.h"
#include "io/file.h"
#include "io/letters.h"
#include "io/list.h"
#include "io/state.h"

/* What one mail is made of, which stays until it went. */
struct desk {
	struct list_person	 seat;
	struct addressee	 to;
	struct compose		 compose;
	char			*link;		/* URL */
	const char		*value[STENCIL_SLOTS];	/* for its draft */
};

/* The box that a thread looked into last. */
struct known_box {
	struct box		 box;
	struct stat		 stat;
	bool			 read;
};

struct letters {
	const struct conf	*conf;
	const struct wave	*wave;
	const struct site	*site;		/* of its survey */
	unsigned char		 token_key[CRYPT_KEY];
	unsigned char		 organisation_key[CRYPT_KEY];
	struct list		*list;
	struct templates	*templates;
	struct drafts		*drafts;
	struct addressees	*people;
	struct desk		*desk;		/* threads * ahead */
	struct known_box	*box;		/* one a thread */
	unsigned int		 threads, ahead;
};

static const char *const names[MAIL_KIND__MAX] = {
	[MAIL_FIRST] = "invitation",
	[MAIL_REMINDER] = "reminder",
	[MAIL_REMINDER_2] = "reminder",
	[MAIL_REPEAT] = "invitation",
};

static enum err_code
open_all(struct letters *l, struct err *e)
{
	char		*path;
	enum err_code	 rc;

	path = state_path(l->conf->state_dir, STATE_LIST, l->wave->name);
	rc = list_open(path, l->token_key, &l->list, e);
	free(path);
	if (rc == ERR_OK)
		rc = state_organisation_key(l->conf->state_dir,
		    l->organisation_key, e);
	return rc == ERR_OK ? addressees_open(l->conf, l->organisation_key,
	    OPTOUTS_ALL, &l->people, e) : rc;
}

enum err_code
letters_open(const struct conf *conf, const struct wave *wave,
    const unsigned char token_key[CRYPT_KEY], unsigned int threads,
    unsigned int ahead, struct letters **out, struct err *e)
{
	struct letters	*l = mem_zero(1, sizeof(*l));
	enum err_code	 rc;
	unsigned int	 i;

	l->conf = conf;
	l->wave = wave;
	l->site = conf_site(conf, wave->survey);
	memcpy(l->token_key, token_key, CRYPT_KEY);
	l->templates = templates_new(conf->templates);
	l->drafts = drafts_new(wave, l->site, l->templates);
	l->threads = threads;
	l->ahead = ahead;
	l->box = mem_zero(threads, sizeof(*l->box));
	for (i = 0; i < threads; i++)
		box_init(&l->box[i].box);
	l->desk = mem_zero(threads * ahead, sizeof(*l->desk));
	for (i = 0; i < threads * ahead; i++)
		compose_init(&l->desk[i].compose);
	if ((rc = open_all(l, e)) != ERR_OK)
		letters_close(&l);
	else
		*out = l;
	return rc;
}

void
letters_close(struct letters **lp)
{
	struct letters	*l = *lp;
	unsigned int	 i;

	if (l == NULL)
		return;
	for (i = 0; i < l->threads * l->ahead; i++) {
		compose_wipe(&l->desk[i].compose);
		free(l->desk[i].link);
		addressee_wipe(&l->desk[i].to);
	}
	free(l->desk);
	for (i = 0; i < l->threads; i++)
		box_wipe(&l->box[i].box);
	free(l->box);
	addressees_close(&l->people);
	list_close(&l->list);
	drafts_free(l->drafts);
	templates_free(l->templates);
	crypt_wipe(l->token_key, CRYPT_KEY);
	crypt_wipe(l->organisation_key, CRYPT_KEY);
	free(l);
	*lp = NULL;
}

/* The box as it is now; read only if it was replaced since. */
static enum err_code
fresh_box(const struct letters *l, struct known_box *b, unsigned int number,
    struct err *e)
{
	struct stat	 now;
	char		*path;
	enum err_code	 rc = ERR_OK;

	path = state_box(l->conf->state_dir, l->wave->tag, l->wave->name,
	    number);
	if (stat(path, &now) == -1) {
		rc = err_sys(e, "%s", path);
	} else if (!b->read || !file_same(&now, &b->stat)) {
		box_wipe(&b->box);
		rc = boxfile_read(path, &b->box, e);
		b->read = rc == ERR_OK;
		b->stat = now;
	}
	free(path);
	return rc;
}

static enum err_code
is_used(const struct letters *l, struct known_box *b, unsigned int number,
    const unsigned char token[TOKEN_LEN], bool *used, struct err *e)
{
	enum token_state	state;
	enum err_code		rc;

	if ((rc = fresh_box(l, b, number, e)) != ERR_OK)
		return rc;
	state = box_token(&b->box, token);
	if (state == TOKEN_ABSENT)
		return err_set(e, ERR_CORRUPT, "box %u of %s does not know a "
		    "person of its list", number, l->wave->name);
	*used = state == TOKEN_USED;
	return ERR_OK;
}

/* Everything but the box. */
static enum err_code
find_person(struct letters *l, struct desk *d, unsigned char kind,
    enum letters_skip *skip, struct err *e)
{
	enum addressees_why	why = kind == MAIL_REPEAT ? ADDRESSEES_ASKED :
				    ADDRESSEES_DUE;
	enum err_code		rc;
	bool			out = false;

	rc = addressees_find(l->people, l->wave->survey, d->seat.id, why,
	    &d->to, &out, e);
	if (rc == ERR_ABSENT)
		*skip = out ? SKIP_OUT : SKIP_GONE;
	return rc;
}

/* The draft of this person's letter, with the person's values. */
static enum err_code
use_draft(struct letters *l, struct desk *d, const char *name,
    struct err *e)
{
	const struct draft	*draft;
	enum err_code		 rc;

	d->value[DRAFT_NAME] = d->to.person.name;
	d->value[DRAFT_LINK] = d->link;
	d->value[DRAFT_OPTOUT] = d->to.optout;
	rc = drafts_get(l->drafts, name, d->seat.lang,
	    d->to.person.name[0] != '\0', &draft, e);
	if (rc == ERR_OK)
		compose_use(&d->compose, draft, d->value);
	return rc;
}

static enum err_code
write_letter(struct letters *l, struct desk *d, const struct pool_job *job,
    struct smtp_mail *mail, struct err *e)
{
	const struct site	*site = l->site;
	char			 bounce[BOUNCE_LEN + 1];
	struct envelope		 env = {
		.to_name = d->to.person.name,
		.to_address = d->to.person.address,
		.survey = l->wave->survey, .unsubscribe = d->to.optout,
		.bounce = bounce, .now = clock_now()
	};
	char			*what;
	enum err_code		 rc;

	what = job->kind == MAIL_REPEAT ?
	    mem_fmt("%s %u %u", d->seat.id, job->kind, job->again) :
	    mem_fmt("%s %u", d->seat.id, job->kind);
	compose_begin(&d->compose, site, l->token_key, what);
	free(what);
	if ((rc = use_draft(l, d, names[job->kind], e)) != ERR_OK)
		return rc;
	bounce_id(bounce, l->organisation_key, l->wave->name, d->to.who);
	rc = compose_end(&d->compose, site, &env, mail, e);
	return rc == ERR_OK ? rc : err_prefix(e, "mail to %s: ", d->seat.id);
}

void
letters_extend(struct letters *l, int64_t closes)
{
	drafts_extend(l->drafts, closes);
}

static void
make_link(const struct letters *l, struct desk *d,
    const unsigned char token[TOKEN_LEN])
{
	struct link	link = { .tag = l->wave->tag, .box = d->seat.box };
	char		text[LINK_LEN + 1];

	memcpy(link.secret, token, TOKEN_LEN);
	link_format(text, &link);
	free(d->link);
	d->link = mem_fmt("%sa/%s", l->site->base_url, text);
	crypt_wipe(&link, sizeof(link));
	crypt_wipe(text, sizeof(text));
}

/*
 * A first invitation is mailed whatever the box says.  So is what a person
 * asked for, in every attempt: whoever asks in another's name must not learn
 * whether they have answered, from a mail that does not come or in any ledger,
 * log or count.
 */
static bool
asks_box(const struct pool_job *job)
{
	return job->kind != MAIL_REPEAT &&
	    (job->kind != MAIL_FIRST || job->attempt > 1);
}

enum err_code
letters_make(struct letters *l, unsigned int desk,
    const struct pool_job *job, struct smtp_mail *mail,
    enum letters_skip *skip, struct err *e)
{
	struct desk	*d = &l->desk[desk];
	unsigned char	 token[TOKEN_LEN];
	bool		 used = false;
	enum err_code	 rc;

	*skip = SKIP_NONE;
	rc = list_get(l->list, (uint32_t)job->who, &d->seat, e);
	if (rc != ERR_OK)
		return rc;
	token_make(token, l->token_key, d->seat.id);
	make_link(l, d, token);
	if (asks_box(job))
		rc = is_used(l, &l->box[desk / l->ahead], d->seat.box, token,
		    &used, e);
	crypt_wipe(token, sizeof(token));
	if (rc == ERR_OK && used) {
		*skip = SKIP_ANSWERED;
		rc = ERR_ABSENT;
	}
	if (rc == ERR_OK)
		rc = find_person(l, d, job->kind, skip, e);
	return rc == ERR_OK ? write_letter(l, d, job, mail, e) : rc;
}
