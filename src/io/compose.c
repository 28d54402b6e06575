/*
 * compose.c - renders, joins and wraps one mail.
 *
 * Who gets it and whether it is due is decided elsewhere.  No word that a
 * person reads is here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/b32.h"
#include "base/mem.h"
#include "core/message.h"
#include "io/clock.h"
#include "io/compose.h"
#include "io/idn.h"

#define ID_BYTES	16
#define SUBJECT_MAX	4000
#define BODY_MAX	(256U << 10)
#define MAIL_MAX	(2U << 20)
#define SHORT_MAX	600

/* A mail in one of its languages. */
struct passage {
	const char	*lang;
	struct view	*view;	/* render adds values of its own */
};

void
compose_init(struct compose *c)
{
	buf_init(&c->subject, SUBJECT_MAX);
	buf_init(&c->text, BODY_MAX);
	buf_init(&c->html, BODY_MAX);
	buf_init(&c->lang, SHORT_MAX);
	buf_init(&c->id, SHORT_MAX);
	buf_init(&c->sender, SHORT_MAX);
	buf_init(&c->to, SHORT_MAX);
	buf_init(&c->name, SHORT_MAX);
	buf_init(&c->data, MAIL_MAX);
	c->draft = NULL;
	c->values = NULL;
}

void
compose_wipe(struct compose *c)
{
	buf_wipe(&c->subject);
	buf_wipe(&c->text);
	buf_wipe(&c->html);
	buf_wipe(&c->lang);
	buf_wipe(&c->id);
	buf_wipe(&c->sender);
	buf_wipe(&c->to);
	buf_wipe(&c->name);
	buf_wipe(&c->data);
}

void
compose_begin(struct compose *c, const struct site *site,
    const unsigned char key[CRYPT_KEY], const char *what)
{
	unsigned char	own[CRYPT_KEY], hash[ID_BYTES];
	char		text[B32_LEN(ID_BYTES) + 1];
	char		*from = idn_address(site->from.address);

	buf_reset(&c->subject);
	buf_reset(&c->text);
	buf_reset(&c->html);
	buf_reset(&c->lang);
	buf_reset(&c->id);
	c->draft = NULL;
	c->values = NULL;
	crypt_derive(own, key, CRYPT_KEY, "message id");
	crypt_hash(hash, sizeof(hash), own, what, strlen(what));
	crypt_wipe(own, sizeof(own));
	b32_encode(text, hash, sizeof(hash));
	/* compose_end tells of a domain that is none */
	buf_addf(&c->id, "%s@%s", text, from != NULL ?
	    strchr(from, '@') + 1 : "invalid");
	free(from);
}

/* A subject is one line, whatever the template ends with. */
static void
add_subject(struct compose *c, const char *s)
{
	size_t len = strlen(s), skip = strspn(s, " \t\r\n");

	while (len > skip && strchr(" \t\r\n", s[len - 1]) != NULL)
		len--;
	if (c->subject.len > 0)
		buf_adds(&c->subject, " / ");
	buf_add(&c->subject, s + skip, len - skip);
}

/* The subject of a mail in several languages has all of them. */
static enum err_code
render_subject(struct compose *c, struct templates *t, const char *name,
    const struct passage *p, struct err *e)
{
	struct buf	 one;
	char		*file = mem_fmt("%s.subject", name);
	enum err_code	 rc;

	buf_init(&one, SUBJECT_MAX);
	rc = templates_render(t, p->lang, file, p->view, ESCAPE_NONE, &one, e);
	if (rc == ERR_OK)
		add_subject(c, buf_str(&one));
	buf_wipe(&one);
	free(file);
	return rc;
}

/* Tells the first passage what the later ones say of themselves. */
static enum err_code
announce(struct templates *t, struct passage *p, size_t n, struct err *e)
{
	struct view	*list = view_list(p[0].view, "others"), *item;
	struct buf	 words;
	enum err_code	 rc = ERR_OK;
	size_t		 i;

	for (i = 1; i < n && rc == ERR_OK; i++) {
		buf_init(&words, SHORT_MAX);
		rc = templates_render(t, p[i].lang, "below", p[i].view,
		    ESCAPE_NONE, &words, e);
		item = view_item(list);
		view_text(item, "code", p[i].lang);
		view_text(item, "words", buf_str(&words));
		buf_wipe(&words);
	}
	return rc;
}

static enum err_code
render_bodies(struct compose *c, struct templates *t, const char *name,
    const struct passage *p, struct err *e)
{
	char		*text = mem_fmt("%s.text", name);
	char		*html = mem_fmt("%s.html", name);
	enum err_code	 rc;

	if (c->text.len > 0) {
		buf_adds(&c->text, "\n\n* * *\n\n");
		buf_adds(&c->lang, ", ");
	}
	buf_adds(&c->lang, p->lang);
	rc = templates_render(t, p->lang, text, p->view, ESCAPE_NONE,
	    &c->text, e);
	if (rc == ERR_OK)
		rc = templates_render(t, p->lang, html, p->view, ESCAPE_HTML,
		    &c->html, e);
	free(text);
	free(html);
	return rc;
}

static enum err_code
render(struct compose *c, struct templates *t, const char *name,
    struct passage *p, size_t n, struct err *e)
{
	enum err_code	rc = ERR_OK;
	size_t		i;

	for (i = 0; i < n && rc == ERR_OK; i++)
		rc = render_subject(c, t, name, &p[i], e);
	if (rc == ERR_OK)
		rc = announce(t, p, n, e);
	for (i = 0; i < n && rc == ERR_OK; i++) {
		view_text(p[i].view, "subject", buf_str(&c->subject));
		view_flag(p[i].view, "first", i == 0);
		view_flag(p[i].view, "last", i == n - 1);
		rc = render_bodies(c, t, name, &p[i], e);
	}
	return rc;
}

enum err_code
compose_render(struct compose *c, struct templates *t,
    const struct compose_words *w, size_t lang, struct err *e)
{
	struct passage	p[LANGS_MAX];
	size_t		n = 1, i;
	enum err_code	rc;

	if (lang >= w->langs->n) {
		n = w->langs->n;
		lang = 0;
	}
	for (i = 0; i < n; i++) {
		p[i].lang = w->langs->code[lang + i];
		p[i].view = w->view(w->arg, lang + i);
	}
	rc = render(c, t, w->name, p, n, e);
	for (i = 0; i < n; i++)
		view_free(p[i].view);
	return rc;
}

enum err_code
compose_draft(const struct compose *c, struct draft *d, struct err *e)
{
	d->subject = stencil_new(buf_str(&c->subject), ESCAPE_NONE);
	d->text = stencil_new(buf_str(&c->text), ESCAPE_NONE);
	d->html = stencil_new(buf_str(&c->html), ESCAPE_HTML);
	d->lang = mem_str(buf_str(&c->lang));
	if (d->subject != NULL && d->text != NULL && d->html != NULL)
		return ERR_OK;
	draft_wipe(d);
	return err_set(e, ERR_INPUT, "a mail cannot be made: its templates "
	    "or texts hold a character that no mail may hold");
}

void
draft_wipe(struct draft *d)
{
	stencil_free(d->subject);
	stencil_free(d->text);
	stencil_free(d->html);
	free(d->lang);
	memset(d, 0, sizeof(*d));
}

void
compose_use(struct compose *c, const struct draft *d,
    const char *const value[STENCIL_SLOTS])
{
	c->draft = d;
	c->values = value;
	stencil_text(d->subject, value, &c->subject);
	buf_adds(&c->lang, d->lang);
}

/* The addresses of a mail as they leave: M5. */
struct addresses {
	struct mailbox	 from, to;
	char		*reply_to, *return_path;
};

static enum err_code
leave(char **out, const char *address, const char *what, struct err *e)
{
	*out = address[0] == '\0' ? mem_str("") : idn_address(address);
	return *out != NULL ? ERR_OK : err_set(e, ERR_INPUT, "%s has a domain "
	    "that no name server can know", what);
}

static enum err_code
find_addresses(struct addresses *a, const struct site *site,
    const struct envelope *env, struct err *e)
{
	enum err_code rc;

	a->from.name = mem_str(site->from.name);
	a->to.name = mem_str(env->to_name);
	rc = leave(&a->from.address, site->from.address, "mail.from", e);
	if (rc == ERR_OK)
		rc = leave(&a->to.address, env->to_address, "an address", e);
	if (rc == ERR_OK)
		rc = leave(&a->reply_to, site->reply_to != NULL ?
		    site->reply_to : "", "mail.reply_to", e);
	return rc == ERR_OK ? leave(&a->return_path, site->return_path,
	    "mail.return_path", e) : rc;
}

static void
wipe_addresses(struct addresses *a)
{
	mailbox_wipe(&a->from);
	mailbox_wipe(&a->to);
	free(a->reply_to);
	free(a->return_path);
}

/* M9: the return path with +ID before the @. */
static void
make_envelope(struct compose *c, const struct addresses *a,
    const char *bounce)
{
	const char *at = strrchr(a->return_path, '@');

	buf_reset(&c->sender);
	buf_add(&c->sender, a->return_path, (size_t)(at - a->return_path));
	buf_addf(&c->sender, "+%s%s", bounce, at);
	buf_reset(&c->to);
	buf_adds(&c->to, a->to.address);
	buf_reset(&c->name);
	if (a->to.name != NULL)
		buf_adds(&c->name, a->to.name);
}

static enum err_code
build(struct compose *c, const struct site *site,
    const struct envelope *env, const struct addresses *a, struct err *e)
{
	char		date[40], *list;
	struct message	m = {
		.from = &a->from, .to = &a->to, .reply_to = a->reply_to,
		.subject = buf_str(&c->subject), .message_id = buf_str(&c->id),
		.date = date, .list_name = site->organisation,
		.unsubscribe = env->unsubscribe, .lang = buf_str(&c->lang),
		.text = buf_str(&c->text), .html = buf_str(&c->html)
	};
	enum err_code	rc;

	if (c->draft != NULL) {
		m.text_stencil = c->draft->text;
		m.html_stencil = c->draft->html;
		m.values = c->values;
	}
	/* "staff.taf.example": the survey before the sender's domain */
	list = mem_fmt("%s.%s", env->survey, strchr(a->from.address, '@') + 1);
	m.list_id = list;
	clock_rfc5322(date, env->now);
	buf_reset(&c->data);
	rc = message_build(&c->data, &m, e);
	free(list);
	return rc;
}

enum err_code
compose_end(struct compose *c, const struct site *site,
    const struct envelope *env, struct smtp_mail *mail, struct err *e)
{
	struct addresses	a = { .reply_to = NULL };
	enum err_code		rc = find_addresses(&a, site, env, e);

	if (rc == ERR_OK)
		rc = build(c, site, env, &a, e);
	if (rc == ERR_OK) {
		make_envelope(c, &a, env->bounce);
		*mail = (struct smtp_mail){
			.from = buf_str(&c->sender), .to = buf_str(&c->to),
			.name = buf_str(&c->name), .data = buf_str(&c->data),
			.len = c->data.len
		};
	}
	wipe_addresses(&a);
	return rc;
}
