/*
 * canary.c - requests the canary, as a person opens a link.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/logscan.h"
#include "io/canary.h"
#include "io/url.h"

#define OPTOUT	(LOGSCAN_CANARY + LINK_LEN - OPTOUT_LEN)
#define FORM	"code=" LOGSCAN_CANARY "&security=3"

/* Every way in which a secret of a person can come to a web server. */
static const struct {
	const char	*before, *after;
	bool		 optout;
	const char	*body;		/* of a POST; NULL: GET */
} requests[] = {
	{ "a/", "", false, NULL },
	{ "a/", "/x", false, NULL },
	{ "a/", "", false, FORM },
	{ "o/", "", true, NULL },
	{ "o/", "", true, "List-Unsubscribe=One-Click" },
	{ "c", "", false, FORM },
};

char *
canary_url(size_t number, const char *base_url, const char **body)
{
	const char *secret;

	if (number >= sizeof(requests) / sizeof(requests[0]))
		return NULL;
	secret = requests[number].optout ? OPTOUT : LOGSCAN_CANARY;
	*body = requests[number].body;
	return mem_fmt("%s%s%s%s", base_url, requests[number].before,
	    requests[number].before[1] == '/' ? secret : "",
	    requests[number].after);
}

/* Stops where nobody answers: *p tells why. */
static enum err_code
ask(struct canary *c, const char *base_url, struct probe *p, struct err *e)
{
	enum err_code	 rc = ERR_OK;
	const char	*body;
	char		*url;
	size_t		 i;

	for (i = 0; rc == ERR_OK &&
	    (url = canary_url(i, base_url, &body)) != NULL; i++) {
		rc = probe_request(url, body, p, e);
		if (rc == ERR_OK) {
			c->told(c->arg, body != NULL ? "POST" : "GET", url, p);
			c->reached += p->code != 0;
			c->ours += p->ours;
		}
		free(url);
		if (p->code == 0)
			break;
	}
	return rc;
}

enum err_code
canary_request(struct canary *c, const char *base_url, struct err *e)
{
	struct probe	 p;
	struct url	 u;
	enum err_code	 rc;
	char		*plain;

	c->reached = c->ours = 0;
	if ((rc = ask(c, base_url, &p, e)) != ERR_OK)
		return rc;
	if (p.code == 0)
		return err_set(e, ERR_BUSY, "%s: the canary reached nobody "
		    "(%s): nothing is proved; look at the web server, or open "
		    "it from elsewhere and search with --offline", base_url,
		    p.words);
	if (!url_parse(base_url, &u) || !url_is(&u, "https"))
		return ERR_OK;
	plain = mem_fmt("http://%.*s%.*s", (int)u.host_len, u.host,
	    (int)u.path_len, u.path);
	rc = ask(c, plain, &p, e);
	free(plain);
	return rc;
}
