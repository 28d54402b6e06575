/*
 * digests_comments.c - the mails that carry comments: to whom, and their bytes.
 *
 * Before they are released, to their reader alone, and only if that is still
 * the person whom the form named; then to the leaders of the units that are
 * shown them, and to nobody above or below.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/commentmail.h"
#include "core/token.h"
#include "io/clock.h"
#include "io/digests_parts.h"

/* Adds a recipient for every mail that the comments first .. end - 1 fill. */
static void
add_parts(struct digests *d, const char *who, size_t first, size_t end,
    const struct recipient *like)
{
	struct recipient	*to;
	unsigned int		 parts = 0, i;
	size_t			 at, n, begun = d->n;
	char			*what;

	for (at = first; at < end; at += n, parts++) {
		n = comment_mail_fits(&d->comments, at, end);
		to = digests_add(d);
		*to = *like;
		to->from = at;
		to->n = n;
		to->part = parts + 1;
		what = mem_fmt("%s %u", who, to->part);
		to->who = digests_who(d->leader_key, what);
		free(what);
	}
	for (i = 0; i < parts; i++)
		d->to[begun + i].parts = parts;
}

/* The reader whom the form named, or nobody. */
static enum err_code
find_reader(struct digests *d, struct err *e)
{
	const struct mailbox	*m = &d->conf->site.reader;
	const struct recipient	 like = {
		.own = { .unit = 0 }, .other = { .unit = UNIT_NONE }
	};

	if (d->comments.released || d->comments.n == 0)
		return ERR_OK;
	if (m->name == NULL || strcmp(m->name, d->comments.reader) != 0)
		return err_set(e, ERR_REFUSED, "people were told that %s reads "
		    "their comments first, and privacy.comments_reader names "
		    "another; set it back, or let %s read what `sensectl "
		    "comments %s' prints", d->comments.reader,
		    d->comments.reader, d->own.pub.wave);
	add_parts(d, "reader of comments", 0, d->comments.n, &like);
	return ERR_OK;
}

/* The leaders of one unit, which has the comments first .. end - 1. */
static enum err_code
add_leaders(struct digests *d, size_t first, size_t end, struct err *e)
{
	struct leader		 leader[LEADERS_MAX];
	struct recipient	 like = {
		.own = { .unit = d->comments.of[first].unit },
		.other = { .unit = UNIT_NONE }
	};
	const char		*id = d->own.pub.unit[like.own.unit].id;
	enum err_code		 rc;
	size_t			 n, i;
	char			*who;

	rc = roster_leaders(d->roster, d->own.pub.survey, id, leader, &n, e);
	if (rc != ERR_OK)
		return rc == ERR_ABSENT ? ERR_OK : rc;
	for (i = 0; i < n; i++) {
		if (leader[i].address[0] == '\0')
			continue;
		like.own.leader = (unsigned int)i;
		who = mem_fmt("comments %s %s", id, leader[i].address);
		add_parts(d, who, first, end, &like);
		free(who);
	}
	return ERR_OK;
}

enum err_code
digests_find_comments(struct digests *d, struct err *e)
{
	const struct comments	*c = &d->comments;
	enum err_code		 rc = ERR_OK;
	size_t			 i, end;

	if (d->kind == DIGESTS_REVIEW)
		return find_reader(d, e);
	for (i = 0; i < c->n && c->released && rc == ERR_OK; i = end) {
		for (end = i; end < c->n && c->of[end].unit == c->of[i].unit;)
			end++;
		rc = add_leaders(d, i, end, e);
	}
	return rc;
}

static struct view *
view(const void *comments, size_t lang)
{
	return comment_mail_view(comments, lang);
}

static enum err_code
render(struct digests *d, struct compose *c, const struct comment_mail *m,
    const char *lang, struct err *e)
{
	const struct langs		*langs = &d->own.site->langs;
	const struct compose_words	 words = {
		d->kind == DIGESTS_REVIEW ? "review" : "comments", langs,
		view, m
	};

	return compose_render(c, d->templates, &words, langs_find(langs, lang),
	    e);
}

static enum err_code
write_mail(struct digests *d, struct compose *c, const struct recipient *to,
    const struct leader *l, struct smtp_mail *mail, struct err *e)
{
	struct comment_mail	 m = {
		.site = d->own.site, .pub = &d->own.pub,
		.comments = &d->comments,
		.from = to->from, .n = to->n, .part = to->part,
		.parts = to->parts, .reader_name = l->name,
		.opened = clock_civil(d->own.pub.opened)
	};
	char			 bounce[BOUNCE_LEN + 1], *what;
	unsigned char		 who[BOUNCE_WHO];
	struct envelope		 env = {
		.to_name = l->name, .to_address = l->address,
		.survey = d->own.pub.survey, .bounce = bounce,
		.now = clock_now()
	};
	enum err_code		 rc;

	what = mem_fmt("comments %s %016llx", d->own.pub.wave,
	    (unsigned long long)to->who);
	compose_begin(c, d->own.site, d->key, what);
	free(what);
	bounce_who(who, d->key, d->own.pub.survey, "", l->address);
	bounce_id(bounce, d->key, d->own.pub.wave, who);
	if ((rc = render(d, c, &m, l->lang, e)) != ERR_OK)
		return rc;
	rc = compose_end(c, d->own.site, &env, mail, e);
	return rc == ERR_OK ? rc : err_prefix(e, "comments of unit %s: ",
	    d->own.pub.unit[to->own.unit].id);
}

enum err_code
digests_make_comments(struct digests *d, struct desk *desk,
    const struct recipient *to, struct smtp_mail *mail, struct err *e)
{
	const struct mailbox	*m = &d->conf->site.reader;
	struct leader		*l = &desk->leader;
	enum err_code		 rc = ERR_OK;

	if (d->kind == DIGESTS_COMMENTS)
		rc = digests_find_leader(d, &d->own, &to->own, l, e);
	else if (strlen(m->address) < sizeof(l->address)) {
		memset(l, 0, sizeof(*l));
		memcpy(l->address, m->address, strlen(m->address) + 1);
		memcpy(l->name, m->name, strlen(m->name) + 1);
	}
	return rc == ERR_OK ? write_mail(d, &desk->compose, to, l, mail, e) :
	    rc;
}
