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

#define ID_BYTES	16
#define SUBJECT_MAX	4000
#define BODY_MAX	(256U << 10)
#define MAIL_MAX	(2U << 20)
#define SHORT_MAX	600

void
compose_init(struct compose *c)
{
	buf_init(&c->subject, SUBJECT_MAX);
	buf_init(&c->text, BODY_MAX);
	buf_init(&c->html, BODY_MAX);
	buf_init(&c->lang, SHORT_MAX);
	buf_init(&c->id, SHORT_MAX);
	buf_init(&c->sender, SHORT_MAX);
	buf_init(&c->data, MAIL_MAX);
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
	buf_wipe(&c->data);
}

void
compose_begin(struct compose *c, const struct site *site,
    const unsigned char key[CRYPT_KEY], const char *what)
{
	unsigned char	own[CRYPT_KEY], hash[ID_BYTES];
	char		text[B32_LEN(ID_BYTES) + 1];

	buf_reset(&c->subject);
	buf_reset(&c->text);
	buf_reset(&c->html);
	buf_reset(&c->lang);
	buf_reset(&c->id);
	crypt_derive(own, key, CRYPT_KEY, "message id");
	crypt_hash(hash, sizeof(hash), own, what, strlen(what));
	crypt_wipe(own, sizeof(own));
	b32_encode(text, hash, sizeof(hash));
	buf_addf(&c->id, "%s@%s", text, strchr(site->from.address, '@') + 1);
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

enum err_code
compose_render(struct compose *c, struct templates *t, const char *name,
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

/* M9: the return path with +ID before the @. */
static void
make_sender(struct compose *c, const char *return_path, const char *bounce)
{
	const char *at = strrchr(return_path, '@');

	buf_reset(&c->sender);
	buf_add(&c->sender, return_path, (size_t)(at - return_path));
	buf_addf(&c->sender, "+%s%s", bounce, at);
}

/* "staff.taf.example": the survey before the domain of the sender. */
static char *
make_list_id(const struct site *site, const char *survey)
{
	return mem_fmt("%s.%s", survey, strchr(site->from.address, '@') + 1);
}

enum err_code
compose_end(struct compose *c, const struct site *site,
    const struct envelope *env, struct smtp_mail *mail, struct err *e)
{
	struct mailbox	 to = { mem_str(env->to_name),
			     mem_str(env->to_address) };
	char		 date[40], *list = make_list_id(site, env->survey);
	struct message	 m = {
		.from = &site->from, .to = &to, .reply_to = site->reply_to,
		.subject = buf_str(&c->subject), .message_id = buf_str(&c->id),
		.date = date, .list_id = list,
		.list_name = site->organisation,
		.unsubscribe = env->unsubscribe, .lang = buf_str(&c->lang),
		.text = buf_str(&c->text), .html = buf_str(&c->html)
	};
	enum err_code	 rc;

	clock_rfc5322(date, env->now);
	make_sender(c, site->return_path, env->bounce);
	buf_reset(&c->data);
	rc = message_build(&c->data, &m, e);
	if (rc == ERR_OK) {
		mail->from = buf_str(&c->sender);
		mail->to = env->to_address;
		mail->data = buf_str(&c->data);
		mail->len = c->data.len;
	}
	free(list);
	mailbox_wipe(&to);
	return rc;
}
