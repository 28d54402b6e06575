/*
 * conf_mail.c - the keys that name mailboxes, relays and the pages' URL.
 *
 * STANDARDS M4, M9, M10, C2.  No refusal repeats an address.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/token.h"
#include "io/conf_parts.h"
#include "io/url.h"

#define MAILBOX_MAX	(2 * ADDRESS_MAX)
#define LOCAL_MAX	64	/* RFC 5321 4.5.3.1.1 */
#define URL_MAX		100	/* of a whole link, FACTS 6 */

static enum err_code
read_relay(const struct setting *s, struct conf_mail *m, struct err *e)
{
	enum err_code	 rc;
	struct url	 u;
	char		*relay;

	rc = setting_text(s, 1, CONF_TEXT_MAX, &relay, e);
	if (rc != ERR_OK)
		return rc;
	if (!url_parse(relay, &u) || u.path_len != 0 ||
	    (!url_is(&u, "smtp") && !url_is(&u, "smtps"))) {
		free(relay);
		return setting_refuse(s, e, "is no relay, expected "
		    "\"smtp://HOST:PORT\" or \"smtps://HOST:PORT\"");
	}
	m->relay[m->n_relays++] = relay;
	return ERR_OK;
}

enum err_code
conf_read_relays(const struct setting *s, void *base, struct err *e)
{
	struct conf_mail	*m = &((struct conf *)base)->mail;
	enum err_code		 rc = ERR_OK;
	size_t			 n, i;

	if (s == NULL) {
		m->relay[m->n_relays++] = mem_str("smtp://127.0.0.1:25");
		return ERR_OK;
	}
	if (setting_kind(s) != SETTING_ARRAY)
		return read_relay(s, m, e);
	n = setting_count(s);
	if (n < 1 || n > RELAYS_MAX)
		return setting_refuse(s, e, "names %zu relays, expected 1 to "
		    "%d", n, RELAYS_MAX);
	for (i = 0; i < n && rc == ERR_OK; i++)
		rc = read_relay(setting_at(s, i), m, e);
	return rc;
}

bool
conf_relay_loopback(const char *relay)
{
	struct url u;

	return url_parse(relay, &u) && u.loopback;
}

static enum err_code
refuse_address(const struct setting *s, struct err *e)
{
	return setting_refuse(s, e, "is no mail address, expected one such as "
	    "\"name@example.org\"");
}

enum err_code
conf_read_from(const struct setting *s, void *base, struct err *e)
{
	struct conf	*c = base;
	enum err_code	 rc;
	char		*text;

	rc = setting_text(s, 1, MAILBOX_MAX, &text, e);
	if (rc != ERR_OK)
		return rc;
	if (!mailbox_parse(text, &c->site.from))
		rc = setting_refuse(s, e, "is no mailbox, expected one such "
		    "as \"Carys Morgan <pulse@example.org>\"");
	free(text);
	return rc;
}

/* Who reads comments first: a person, so with a name. */
enum err_code
conf_read_reader(const struct setting *s, void *base, struct err *e)
{
	struct mailbox	*m = &((struct conf *)base)->site.reader;
	enum err_code	 rc;
	char		*text;

	if (s == NULL)
		return ERR_OK;
	if ((rc = setting_text(s, 0, MAILBOX_MAX, &text, e)) != ERR_OK)
		return rc;
	if (text[0] != '\0' && (!mailbox_parse(text, m) ||
	    m->name[0] == '\0' || strlen(m->name) > READER_NAME_MAX))
		rc = setting_refuse(s, e, "is no person's mailbox, expected "
		    "one such as \"Eleri Rees <e.rees@example.org>\"");
	free(text);
	return rc;
}

/* The envelope sender is this address with +ID before its @ (M9). */
static bool
has_room(const char *address)
{
	const size_t more = 1 + BOUNCE_LEN;

	return (size_t)(strrchr(address, '@') - address) + more <= LOCAL_MAX &&
	    strlen(address) + more <= ADDRESS_MAX;
}

enum err_code
conf_read_return_path(const struct setting *s, void *base, struct err *e)
{
	struct conf	*c = base;
	enum err_code	 rc;

	/* The place of a default that does not fit is that of `from`. */
	if (s == NULL) {
		c->site.return_path = mem_str(c->site.from.address);
		return ERR_OK;
	}
	rc = setting_text(s, 0, ADDRESS_MAX, &c->site.return_path, e);
	if (rc != ERR_OK)
		return rc;
	if (c->site.return_path[0] == '\0') {
		free(c->site.return_path);
		return conf_read_return_path(NULL, base, e);
	}
	if (!address_valid(c->site.return_path))
		return refuse_address(s, e);
	return ERR_OK;
}

static enum err_code
check_optional(const struct setting *s, const char *address, struct err *e)
{
	return address[0] == '\0' || address_valid(address) ? ERR_OK :
	    refuse_address(s, e);
}

enum err_code
conf_read_reply_to(const struct setting *s, void *base, struct err *e)
{
	return check_optional(s, ((struct conf *)base)->site.reply_to, e);
}

enum err_code
conf_read_operator(const struct setting *s, void *base, struct err *e)
{
	return check_optional(s, ((struct conf *)base)->operator_address, e);
}

enum err_code
conf_read_answer_links(const struct setting *s, void *base, struct err *e)
{
	static const char *const words[] = { "one", "scale", NULL };
	enum err_code		 rc;
	unsigned int		 word = 0;

	rc = s == NULL ? ERR_OK : setting_word(s, words, &word, e);
	if (rc == ERR_OK)
		((struct conf *)base)->site.scale_links = word == 1;
	return rc;
}

enum err_code
conf_read_base_url(const struct setting *s, void *base, struct err *e)
{
	struct conf	*c = base;
	enum err_code	 rc;
	struct url	 u;
	char		*text, **url = &c->site.base_url;
	size_t		 len;

	if ((rc = setting_text(s, 1, CONF_TEXT_MAX, &text, e)) != ERR_OK)
		return rc;
	len = strlen(text);
	*url = mem_fmt("%s%s", text, text[len - 1] == '/' ? "" : "/");
	free(text);
	if (!url_parse(*url, &u) ||
	    (!url_is(&u, "https") && !url_is(&u, "http")))
		return setting_refuse(s, e, "is no URL of a web page, "
		    "expected one such as \"https://pulse.example.org/\"");
	if (url_is(&u, "http") && !u.loopback)
		return setting_refuse(s, e, "is http, expected https (http "
		    "only on this machine, for tests)");
	len = strlen(*url) + strlen("a/") + LINK_LEN;
	if (len > URL_MAX)
		return setting_refuse(s, e, "makes links of %zu characters, "
		    "expected at most %d: a URL of %d", len, URL_MAX,
		    URL_MAX - LINK_LEN - (int)strlen("a/"));
	return ERR_OK;
}

static enum err_code
check_relay(const struct setting *mail, const struct conf_mail *m,
    const char *relay, struct err *e)
{
	struct url u;

	if (m->tls != TLS_NONE || !url_parse(relay, &u))
		return ERR_OK;
	if (!u.loopback)
		return setting_refuse(setting_member(mail, "tls"), e, "is "
		    "\"none\" for a relay on another machine, expected "
		    "\"auto\" or \"require\"");
	if (m->user[0] != '\0' && url_is(&u, "smtp"))
		return setting_refuse(setting_member(mail, "user"), e, "would "
		    "send a password without TLS, expected mail.tls to be "
		    "\"require\", or no user");
	return ERR_OK;
}

enum err_code
conf_check_mail(const struct setting *root, const struct conf *c, struct err *e)
{
	const struct setting	*mail = setting_member(root, "mail"), *path;
	enum err_code		 rc = ERR_OK;
	size_t			 i;

	path = setting_member(mail, "return_path");
	if (path == NULL)
		path = setting_member(mail, "from");
	if (!has_room(c->site.return_path))
		return setting_refuse(path, e, "is too long for a return "
		    "path, expected at most %d bytes before the @ (or a "
		    "shorter mail.return_path)", LOCAL_MAX - BOUNCE_LEN - 1);
	if (c->site.scale_links && strlen(c->site.base_url) +
	    strlen("a/") + LINK_LEN + strlen("/5") > URL_MAX)
		return setting_refuse(setting_member(mail, "answer_links"), e,
		    "is \"scale\", whose links are longer; expected a "
		    "web.base_url of at most %d characters with it", URL_MAX -
		    LINK_LEN - (int)strlen("a//5"));
	for (i = 0; i < c->mail.n_relays && rc == ERR_OK; i++)
		rc = check_relay(mail, &c->mail, c->mail.relay[i], e);
	return rc;
}
