/*
 * smtp.c - libcurl's adapter.
 *
 * Owns one easy handle and its connection.  libcurl's result and the reply
 * lines become a struct reply here, and core/reply.c decides what it means: a
 * code alone cannot (libcurl leaves that of an earlier command behind, curl
 * #8356).  Which command a reply answers is read from the debug callback,
 * which shows each command as it is sent; nothing of it is kept, since AUTH
 * is among them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/crypt.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "core/mime.h"
#include "io/smtp.h"
#include "io/url.h"

#define CONNECT_SECONDS	30L
#define REPLY_SECONDS	600L	/* RFC 5321 4.5.3.2.6, after the final dot */

struct smtp {
	CURL			*curl;
	const struct conf_mail	*conf;
	char			*password;
	atomic_uint		*steps;
	size_t			 relay;		/* that it is aimed at */
	bool			 utf8[RELAYS_MAX];	/* offers SMTPUTF8 */

	/* of the mail under way */
	const struct smtp_mail	*mail;
	size_t			 given;		/* bytes handed to libcurl */
	enum reply_stage	 stage;
	bool			 needs_utf8, over;
	bool			 held;		/* it was not ready */
	int			 code;
	struct reply_text	 reply;		/* the last */
	char			 trouble[CURL_ERROR_SIZE];	/* in words */
};

enum err_code
smtp_start(struct err *e)
{
	/* libcurl makes A-labels (M5) from the locale's character set */
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return err_set(e, ERR_SYS, "the locale C.UTF-8 is missing");
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(e, ERR_SYS, "libcurl does not start");
	return ERR_OK;
}

static const struct {
	const char		*verb;
	enum reply_stage	 stage;
} commands[] = {
	{ "EHLO", STAGE_EHLO },
	{ "HELO", STAGE_EHLO },
	{ "STARTTLS", STAGE_TLS },
	{ "AUTH", STAGE_AUTH },
	{ "MAIL", STAGE_MAIL },
	{ "RCPT", STAGE_RCPT },
	{ "DATA", STAGE_DATA },
};

/* Sees each command; the further lines of an AUTH match none. */
static int
on_debug(CURL *curl, curl_infotype type, char *data, size_t len, void *arg)
{
	struct smtp	*s = arg;
	size_t		 i, n;

	(void)curl;
	if (s->steps != NULL)
		atomic_fetch_add(s->steps, 1);
	if (type != CURLINFO_HEADER_OUT || s->over)
		return 0;
	if (len >= 4 && strncmp(data, "QUIT", 4) == 0)
		s->over = true;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		n = strlen(commands[i].verb);
		if (s->stage != STAGE_BODY && len > n &&
		    strncmp(data, commands[i].verb, n) == 0 &&
		    (data[n] == ' ' || data[n] == '\r')) {
			s->stage = commands[i].stage;
			s->code = 0;
			s->utf8[s->relay] &= s->stage != STAGE_EHLO;
		}
	}
	return 0;
}

/* A reply line; false if the mail must not go on. */
static bool
take_line(struct smtp *s, const char *line, size_t len)
{
	if (s->over)
		return true;
	reply_gather(&s->reply, line, len);
	line = s->reply.line;
	if (s->stage == STAGE_EHLO && len >= 12 &&
	    strncasecmp(line + 4, "SMTPUTF8", 8) == 0)
		s->utf8[s->relay] = true;
	if (strspn(line, "0123456789") != 3 || line[3] == '-')
		return true;
	s->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 +
	    (line[2] - '0');
	if (s->stage == STAGE_DATA && s->code == 354)
		s->stage = STAGE_BODY;
	return s->stage != STAGE_MAIL || s->utf8[s->relay] || !s->needs_utf8;
}

static size_t
on_reply(char *data, size_t size, size_t n, void *arg)
{
	return take_line(arg, data, size * n) ? size * n : 0;
}

static size_t
on_read(char *out, size_t size, size_t n, void *arg)
{
	struct smtp	*s = arg;
	size_t		 len = s->mail->len - s->given;

	s->held = s->given == 0 && s->mail->ready != NULL &&
	    !s->mail->ready(s->mail->arg);
	if (s->held)
		return CURL_READFUNC_ABORT;
	if (len > size * n)
		len = size * n;
	memcpy(out, s->mail->data + s->given, len);
	s->given += len;
	return len;
}

static size_t
on_write(char *data, size_t size, size_t n, void *arg)
{
	(void)data;
	(void)arg;
	return size * n;
}

enum err_code
smtp_tls(const struct conf_mail *m, const char *relay, bool *tls,
    struct err *e)
{
	struct url u;

	if (!url_parse(relay, &u) || (!url_is(&u, "smtp") &&
	    !url_is(&u, "smtps")))
		return err_set(e, ERR_INPUT, "mail.relay: expected "
		    "smtp://HOST:PORT or smtps://HOST:PORT");
	*tls = url_is(&u, "smtps") || m->tls == TLS_REQUIRE ||
	    (m->tls == TLS_AUTO && (!u.loopback || *m->user != '\0'));
	if (*tls)
		return ERR_OK;
	if (!u.loopback)
		return err_set(e, ERR_INPUT, "mail.tls: \"none\" is allowed "
		    "for a relay on this machine only");
	if (*m->user != '\0')
		return err_set(e, ERR_INPUT, "mail.user: a password never "
		    "travels without TLS; set mail.tls to \"require\"");
	return ERR_OK;
}

/* Points the handle at a relay. */
static void
aim(struct smtp *s, const char *relay)
{
	struct err	 e;
	bool		 tls;

	if (smtp_tls(s->conf, relay, &tls, &e) != ERR_OK)
		tls = true;	/* cannot be: smtp_open refused it */
	curl_easy_setopt(s->curl, CURLOPT_URL, relay);
	curl_easy_setopt(s->curl, CURLOPT_USE_SSL,
	    (long)(tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
}

static void
configure(struct smtp *s)
{
	CURL *c = s->curl;

	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_PROXY, "");	/* none from the environment */
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, REPLY_SECONDS);
	/* a relay that stops reading the body */
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, REPLY_SECONDS);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(c, CURLOPT_READDATA, s);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_write);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_reply);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(c, CURLOPT_DEBUGDATA, s);
	curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->trouble);
	if (*s->conf->user != '\0') {
		curl_easy_setopt(c, CURLOPT_USERNAME, s->conf->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, s->password);
	}
}

enum err_code
smtp_open(const struct conf_mail *m, const char *password,
    atomic_uint *steps, struct smtp **out, struct err *e)
{
	struct smtp	*s;
	enum err_code	 rc;
	size_t		 i;
	bool		 tls;

	for (i = 0; i < m->n_relays; i++) {
		if ((rc = smtp_tls(m, m->relay[i], &tls, e)) != ERR_OK)
			return rc;
	}
	s = mem_zero(1, sizeof(*s));
	s->conf = m;
	s->steps = steps;
	s->password = mem_str(password != NULL ? password : "");
	if ((s->curl = curl_easy_init()) == NULL) {
		smtp_close(&s);
		return err_set(e, ERR_SYS, "libcurl gives no handle");
	}
	configure(s);
	*out = s;
	return ERR_OK;
}

void
smtp_close(struct smtp **s)
{
	if (*s == NULL)
		return;
	(*s)->over = true;
	curl_easy_cleanup((*s)->curl);
	crypt_wipe((*s)->password, strlen((*s)->password));
	free((*s)->password);
	free(*s);
	*s = NULL;
}

/* Results that are not "the connection was lost". */
static const struct {
	CURLcode	result;
	enum reply_end	end;
} ends[] = {
	{ CURLE_OK, REPLY_DONE },
	{ CURLE_SEND_ERROR, REPLY_ANSWERED },
	{ CURLE_WEIRD_SERVER_REPLY, REPLY_ANSWERED },
	{ CURLE_REMOTE_ACCESS_DENIED, REPLY_ANSWERED },	/* EHLO and HELO */
	{ CURLE_LOGIN_DENIED, REPLY_DENIED },
	{ CURLE_COULDNT_RESOLVE_HOST, REPLY_UNREACHED },
	{ CURLE_COULDNT_CONNECT, REPLY_UNREACHED },
	{ CURLE_USE_SSL_FAILED, REPLY_TLS },
	{ CURLE_SSL_CONNECT_ERROR, REPLY_TLS },
	{ CURLE_PEER_FAILED_VERIFICATION, REPLY_TLS },
	{ CURLE_OPERATION_TIMEDOUT, REPLY_TIMEOUT },
	{ CURLE_UNSUPPORTED_PROTOCOL, REPLY_LOCAL },
	{ CURLE_FAILED_INIT, REPLY_LOCAL },
	{ CURLE_URL_MALFORMAT, REPLY_LOCAL },
	{ CURLE_NOT_BUILT_IN, REPLY_LOCAL },
	{ CURLE_OUT_OF_MEMORY, REPLY_LOCAL },
	{ CURLE_READ_ERROR, REPLY_LOCAL },
	{ CURLE_SSL_CACERT_BADFILE, REPLY_LOCAL },
	{ CURLE_SSL_ENGINE_INITFAILED, REPLY_LOCAL },
};

static enum reply_end
end_of(CURLcode result)
{
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (ends[i].result == result)
			return ends[i].end;
	}
	return REPLY_LOST;
}

static bool
address_fits(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && utf8_valid(s, len) && !utf8_has_control(s, len) &&
	    strpbrk(s, " <>") == NULL;
}

static void
refuse(struct smtp_result *r, enum reply_class class, const char *words)
{
	memset(r, 0, sizeof(*r));
	r->class = class;
	reply_words(r->words, words, "", "");
}

/* One exchange; *ended: the relay had closed the session between mails. */
static CURLcode
exchange(struct smtp *s, const struct smtp_mail *m, bool *ended)
{
	CURLcode	result;
	long		connects = 1;

	s->mail = m;
	s->given = 0;
	s->stage = STAGE_CONNECT;
	s->over = s->held = false;
	s->code = 0;
	s->trouble[0] = '\0';
	s->reply = (struct reply_text){ .len = 0 };
	result = curl_easy_perform(s->curl);
	curl_easy_getinfo(s->curl, CURLINFO_NUM_CONNECTS, &connects);
	*ended = result != CURLE_OK && connects == 0 &&
	    s->stage <= STAGE_MAIL && (s->code == 0 || s->code == 421);
	return result;
}

static void
conclude(struct smtp *s, const struct smtp_mail *m, CURLcode result,
    struct smtp_result *r)
{
	struct reply reply = { .end = end_of(result), .stage = s->stage,
	    .code = s->code, .line = s->reply.line };
	const char *words = curl_easy_strerror(result);

	r->class = reply_classify(&reply);
	r->code = reply.end <= REPLY_DENIED ? s->code : 0;
	r->no_session = result != CURLE_OK && s->stage < STAGE_MAIL;
	if (reply.end <= REPLY_DENIED && s->code >= 400)
		words = s->reply.text;
	else if (s->trouble[0] != '\0')	/* names host, certificate */
		words = s->trouble;
	reply_words(r->words, words, m->to, m->name);
}

static bool
ascii(const char *s)
{
	while (*s != '\0' && *s != '@' && (unsigned char)*s < 128)
		s++;
	return *s == '\0' || *s == '@';
}

void
smtp_send(struct smtp *s, size_t relay, const struct smtp_mail *m,
    struct smtp_result *r)
{
	struct curl_slist	*to;
	CURLcode		 result;
	bool			 ended;

	memset(r, 0, sizeof(*r));
	if (!address_fits(m->from))
		return refuse(r, CLASS_OURS, "mail.return_path is malformed");
	if (!mime_is_wire(m->data, m->len))
		return refuse(r, CLASS_OURS, "the mail has a bare CR or LF");
	if (!address_fits(m->to))
		return refuse(r, CLASS_REFUSED_PERSON, "malformed address");
	if ((to = curl_slist_append(NULL, m->to)) == NULL)
		return refuse(r, CLASS_OURS, "out of memory");

	s->relay = relay;
	aim(s, s->conf->relay[relay]);
	s->needs_utf8 = !ascii(m->to) || !ascii(m->from);
	curl_easy_setopt(s->curl, CURLOPT_MAIL_FROM, m->from);
	curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(s->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)m->len);
	result = exchange(s, m, &ended);
	if (ended)	/* not about this mail: a new session, at once */
		result = exchange(s, m, &ended);
	conclude(s, m, result, r);
	if (s->held)
		refuse(r, CLASS_OURS, "the mail was not ready");
	else if (result == CURLE_WRITE_ERROR && s->needs_utf8 &&
	    !s->utf8[relay])
		refuse(r, CLASS_REFUSED_PERSON, "the relay lacks SMTPUTF8");
	curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(to);
}
