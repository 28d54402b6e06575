/*
 * request.c - routes and statuses, as STANDARDS H2 orders them.
 *
 * Pure: bytes in, values out.  The order of the tests is part of the contract:
 * a malformed link is found out last, so that it is answered as an unknown one
 * would be, whatever else is wrong with the request.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "core/request.h"

#define URLENCODED	"application/x-www-form-urlencoded"
#define MULTIPART	"multipart/form-data"
#define ROUTE_MAX	100	/* bytes of path: links are shorter (M15) */

/* What follows a link in running text, and mail programs glue to it. */
#define GLUED		".,;:!?)>]\"'"

enum below {
	BELOW_NOTHING,
	BELOW_SECRET,
	BELOW_SURVEY	/* nothing, or "/" and the name of a survey */
};

static const struct {
	const char	*path;
	enum below	 below;		/* what must follow */
	bool		 posts;
} routes[ROUTE__MAX] = {
	[ROUTE_FORM] = { "a/", BELOW_SECRET, true },
	[ROUTE_CHANGE] = { "c", BELOW_NOTHING, true },
	[ROUTE_OPTOUT] = { "o/", BELOW_SECRET, true },
	[ROUTE_PRIVACY] = { "privacy", BELOW_SURVEY, false },
	[ROUTE_HELP] = { "help", BELOW_SURVEY, false },
	[ROUTE_HEALTH] = { "health", BELOW_NOTHING, false },
};

static const char *
text(const char *s)
{
	return s == NULL ? "" : s;
}

bool
request_lang(const char *s, char out[LANG_LEN + 1])
{
	if (strlen(s) != LANG_LEN || s[0] < 'a' || s[0] > 'z' || s[1] < 'a' ||
	    s[1] > 'z')
		return false;
	memcpy(out, s, LANG_LEN + 1);
	return true;
}

/* What follows a path: "", "/served" or a secret. */
static bool
may_follow(const char *rest, enum below below)
{
	if (below == BELOW_SURVEY)
		return rest[0] == '\0' || (rest[0] == '/' && rest[1] != '\0' &&
		    strlen(rest + 1) <= SURVEY_NAME_MAX);
	return (rest[0] != '\0') == (below == BELOW_SECRET);
}

/* Finds the route; *rest is what follows it. */
static bool
find_route(const char *path, enum route *out, const char **rest)
{
	size_t	len;
	int	i;

	if (path[0] != '/' || strnlen(path, ROUTE_MAX) == ROUTE_MAX)
		return false;
	for (i = 0; i < ROUTE__MAX; i++) {
		len = strlen(routes[i].path);
		if (strncmp(path + 1, routes[i].path, len) != 0)
			continue;
		*rest = path + 1 + len;
		if (!may_follow(*rest, routes[i].below))
			continue;
		*out = (enum route)i;
		return true;
	}
	return false;
}

/* True for the media type alone, or with parameters behind it. */
static bool
is_type(const char *type, const char *want)
{
	size_t len = strlen(want);

	return strncasecmp(type, want, len) == 0 &&
	    (type[len] == '\0' || strchr("; \t", type[len]) != NULL);
}

static unsigned int
judge_length(const char *length, size_t came)
{
	uint64_t	n;

	if (length[0] == '\0')
		return 411;
	if (length[strspn(length, "0123456789")] != '\0')
		return 400;
	if (!num_parse(length, strlen(length), 0, REQUEST_BODY_MAX, &n) ||
	    strlen(length) > 4)
		return 413;
	return came == n ? 0 : 400;
}

static unsigned int
judge_post(enum route route, const struct request_raw *in)
{
	const char *type = text(in->type);

	if (route == ROUTE_OPTOUT)
		return is_type(type, URLENCODED) || is_type(type, MULTIPART) ?
		    0 : 415;
	if (!is_type(type, URLENCODED))
		return 415;
	return judge_length(text(in->length), in->body_len);
}

static bool
read_optout(struct request *r, const char *rest)
{
	size_t len = strlen(rest);

	while (len > 0 && strchr(GLUED, rest[len - 1]) != NULL)
		len--;
	if (len != OPTOUT_LEN || !optout_hash(r->hash, rest, len))
		return false;
	memcpy(r->token, rest, len);
	r->token[len] = '\0';
	return true;
}

/* A link of the scale is for reading alone: the form posts to a/LINK. */
static bool
read_link(struct request *r, const char *rest)
{
	size_t len = strlen(rest);

	while (len > LINK_LEN && strchr(GLUED, rest[len - 1]) != NULL)
		len--;
	if (!r->post && len == LINK_LEN + 2 && rest[LINK_LEN] == '/') {
		if (rest[LINK_LEN + 1] < '1' || rest[LINK_LEN + 1] > '5')
			return false;
		r->picked = (unsigned char)(rest[LINK_LEN + 1] - '0');
		len = LINK_LEN;
	}
	return link_parse(rest, len, &r->link);
}

size_t
request_expects(const char *length)
{
	uint64_t	n;

	length = text(length);
	return num_parse(length, strlen(length), 0, REQUEST_BODY_MAX, &n) ?
	    (size_t)n : 0;
}

unsigned int
request_read(struct request *r, const struct request_raw *in)
{
	const char	*method = text(in->method), *query = text(in->query);
	const char	*rest;
	unsigned int	 status;

	memset(r, 0, sizeof(*r));
	r->route = ROUTE__MAX;
	if (strncmp(query, "lang=", 5) == 0 &&
	    !request_lang(query + 5, r->lang))
		r->lang[0] = '\0';
	if (!find_route(text(in->path), &r->route, &rest))
		return 404;
	if (routes[r->route].below == BELOW_SURVEY && rest[0] == '/')
		memcpy(r->survey, rest + 1, strlen(rest + 1) + 1);
	r->allow = routes[r->route].posts ? "GET, HEAD, POST" : "GET, HEAD";
	r->post = strcmp(method, "POST") == 0;
	if (r->post ? !routes[r->route].posts : strcmp(method, "GET") != 0 &&
	    strcmp(method, "HEAD") != 0)
		return 405;
	if (r->post && (status = judge_post(r->route, in)) != 0)
		return status;
	if (r->route == ROUTE_FORM && !read_link(r, rest))
		return 404;
	if (r->route == ROUTE_OPTOUT && !read_optout(r, rest))
		return 404;
	return 0;
}
