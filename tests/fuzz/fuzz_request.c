/*
 * fuzz_request.c - a request's outside, and the body that comes with it.
 *
 * The input is text: one line each for method, path, query, content type and
 * length, then the body.  "-" is a value that the web server does not give.
 * STANDARDS H2: whatever comes, the answer is one of a few statuses.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "core/form.h"
#include "fuzz.h"

static const char *
line(char **at)
{
	char *p = *at, *end = p != NULL ? strchr(p, '\n') : NULL;

	*at = end != NULL ? end + 1 : NULL;
	if (end != NULL)
		*end = '\0';
	return p == NULL || strcmp(p, "-") == 0 ? NULL : p;
}

static void
judge(unsigned int status, const struct request *r,
    const struct request_raw *in)
{
	static const unsigned int	known[] = { 0, 400, 404, 405, 411, 413,
					    415 };
	struct form			f;
	size_t				i;

	for (i = 0; i < 7 && known[i] != status; i++)
		;
	must(i < 7);
	must(r->route < ROUTE__MAX || status != 0);
	must(strlen(r->lang) == 0 || strlen(r->lang) == LANG_LEN);
	must(status != 405 || r->allow != NULL);
	if (status != 0)
		return;
	if (r->route == ROUTE_OPTOUT)
		must(strlen(r->token) == OPTOUT_LEN &&
		    strlen(r->hash) == OPTOUT_HASH_LEN &&
		    strspn(r->hash, "abcdefghijklmnopqrstuvwxyz234567") ==
		    OPTOUT_HASH_LEN);
	must(r->picked <= 5 && (r->picked == 0 || !r->post));
	if (r->route == ROUTE_FORM)
		must(r->link.tag < TAG_MAX && r->link.box < BOXES_MAX);
	if (r->post && r->route <= ROUTE_CHANGE) {
		must(in->body_len <= REQUEST_BODY_MAX);
		(void)form_split(&f, in->body, in->body_len);
		form_wipe(&f);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char			*text = mem_dup(data, len), *at = text;
	struct request_raw	 in;
	struct request		 r;

	in.method = line(&at);
	in.path = line(&at);
	in.query = line(&at);
	in.type = line(&at);
	in.length = line(&at);
	in.body = at;
	in.body_len = at != NULL ? len - (size_t)(at - text) : 0;
	must(request_expects(in.length) <= REQUEST_BODY_MAX);
	if (in.body_len > request_expects(in.length))
		in.body_len = request_expects(in.length);
	judge(request_read(&r, &in), &r, &in);
	free(text);
	return 0;
}
