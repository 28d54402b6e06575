/*
 * probe.c - libcurl again, for looking only.
 *
 * Beside smtp.c, since a mail's session and a look share no state: nothing
 * here is kept, counted or retried, and no redirect is followed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "io/probe.h"
#include "io/smtp.h"

#define PAGE_MAX	(64L << 10)
#define POLICY		"default-src 'none'"	/* of our pages only */

/* The extensions that C3 asks for. */
static void
note_extension(struct probe *p, const char *line, size_t len)
{
	static const struct {
		const char	*word;
		size_t		 at;
	} known[] = {
		{ "SIZE", offsetof(struct probe, size) },
		{ "SMTPUTF8", offsetof(struct probe, utf8) },
		{ "8BITMIME", offsetof(struct probe, eight) },
	};
	size_t i, n;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		n = strlen(known[i].word);
		if (len >= 4 + n &&
		    strncasecmp(line + 4, known[i].word, n) == 0)
			*(bool *)((char *)p + known[i].at) = true;
	}
}

static size_t
on_line(char *data, size_t size, size_t n, void *arg)
{
	struct probe *p = arg;

	if (size * n > 4 && memcmp(data, "250", 3) == 0)
		note_extension(p, data, size * n);
	return size * n;
}

static size_t
on_page(char *data, size_t size, size_t n, void *arg)
{
	(void)data;
	(void)arg;
	return size * n;
}

static const struct {
	CURLcode	result;
	enum probe_end	end;
} ends[] = {
	{ CURLE_OK, PROBE_GOOD },
	{ CURLE_COULDNT_RESOLVE_HOST, PROBE_UNREACHED },
	{ CURLE_COULDNT_CONNECT, PROBE_UNREACHED },
	{ CURLE_OPERATION_TIMEDOUT, PROBE_UNREACHED },
	{ CURLE_USE_SSL_FAILED, PROBE_TLS },
	{ CURLE_SSL_CONNECT_ERROR, PROBE_TLS },
	{ CURLE_PEER_FAILED_VERIFICATION, PROBE_TLS },
	{ CURLE_LOGIN_DENIED, PROBE_LOGIN },
};

static void
conclude(CURL *c, CURLcode result, const char *trouble, struct probe *out)
{
	long	code = 0;
	size_t	i;

	out->end = PROBE_ODD;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i].result == result)
			out->end = ends[i].end;
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
	out->code = (int)code;
	reply_words(out->words, *trouble != '\0' ? trouble :
	    curl_easy_strerror(result), "", "");
}

/* What both have in common; NULL: no memory. */
static CURL *
handle(const char *url, const char *schemes, char *trouble)
{
	CURL *c = curl_easy_init();

	if (c == NULL)
		return NULL;
	*trouble = '\0';
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, schemes);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)PROBE_SECONDS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 2L * PROBE_SECONDS);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, trouble);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_page);
	return c;
}

enum err_code
probe_relay(const struct conf_mail *m, const char *relay,
    const char *password, struct probe *out, struct err *e)
{
	char		trouble[CURL_ERROR_SIZE];
	enum err_code	rc;
	CURL		*c;

	memset(out, 0, sizeof(*out));
	if ((rc = smtp_tls(m, relay, &out->tls, e)) != ERR_OK)
		return rc;
	if ((c = handle(relay, "smtp,smtps", trouble)) == NULL)
		return err_set(e, ERR_SYS, "libcurl gives no handle");
	curl_easy_setopt(c, CURLOPT_USE_SSL,
	    (long)(out->tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, "NOOP");
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, out);
	if (password != NULL) {
		curl_easy_setopt(c, CURLOPT_USERNAME, m->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, password);
	}
	conclude(c, curl_easy_perform(c), trouble, out);
	out->login = password != NULL && out->end == PROBE_GOOD;
	curl_easy_cleanup(c);
	return ERR_OK;
}

static const char *
header(CURL *c, const char *name)
{
	struct curl_header *h;

	return curl_easy_header(c, name, 0, CURLH_HEADER, -1, &h) ==
	    CURLHE_OK ? h->value : "";
}

/* The end of the first certificate of the chain, the server's own. */
static int64_t
expiry(CURL *c)
{
	static const char	 label[] = "Expire date:";
	struct curl_certinfo	*info = NULL;
	struct curl_slist	*s;
	int64_t			 when = 0;

	curl_easy_getinfo(c, CURLINFO_CERTINFO, &info);
	if (info == NULL || info->num_of_certs < 1)
		return 0;
	for (s = info->certinfo[0]; s != NULL; s = s->next)
		if (strncasecmp(s->data, label, sizeof(label) - 1) == 0)
			when = curl_getdate(s->data + sizeof(label) - 1, NULL);
	return when > 0 ? when : 0;
}

enum err_code
probe_request(const char *url, const char *body, struct probe *out,
    struct err *e)
{
	char	trouble[CURL_ERROR_SIZE];
	int64_t	date;
	CURL	*c;

	memset(out, 0, sizeof(*out));
	if ((c = handle(url, "http,https", trouble)) == NULL)
		return err_set(e, ERR_SYS, "libcurl gives no handle");
	curl_easy_setopt(c, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(c, CURLOPT_MAXFILESIZE, PAGE_MAX);
	/* as a browser that comes from the page itself */
	curl_easy_setopt(c, CURLOPT_REFERER, url);
	if (body != NULL)
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
	conclude(c, curl_easy_perform(c), trouble, out);
	date = curl_getdate(header(c, "Date"), NULL);
	out->date = date > 0 ? date : 0;
	out->expires = expiry(c);
	out->ours = strncmp(header(c, "Content-Security-Policy"), POLICY,
	    strlen(POLICY)) == 0;
	curl_easy_cleanup(c);
	return ERR_OK;
}

enum err_code
probe_web(const char *url, struct probe *out, struct err *e)
{
	enum err_code rc = probe_request(url, NULL, out, e);

	out->ours = out->ours && out->code == 200;
	return rc;
}
