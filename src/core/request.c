/*
 * request.c - routes, statuses and form fields, as STANDARDS H2 orders them.
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
#include "core/page.h"
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

static bool
lang_code(const char *s, char out[LANG_LEN + 1])
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
	if (strncmp(query, "lang=", 5) == 0 && !lang_code(query + 5, r->lang))
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
	if (r->route == ROUTE_FORM && !link_parse(rest, strlen(rest), &r->link))
		return 404;
	if (r->route == ROUTE_OPTOUT && !read_optout(r, rest))
		return 404;
	return 0;
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decodes one character at p into *out; the bytes taken, or 0 if it is bad. */
static size_t
decode(const char *p, const char *end, char *out)
{
	int	hi, lo;

	*out = *p == '+' ? ' ' : *p;
	if (*p != '%')
		return *p == '\0' ? 0 : 1;
	if (end - p < 3 || (hi = hex(p[1])) == -1 || (lo = hex(p[2])) == -1)
		return 0;
	*out = (char)(hi * 16 + lo);
	return *out == '\0' ? 0 : 3;
}

/* Cuts one field off; *out is where its text goes.  NULL: badly encoded. */
static const char *
split_field(struct form *f, const char *p, const char *end, char **out)
{
	char	**o = out;
	size_t	  n;

	f->name[f->n] = *o;
	f->value[f->n] = NULL;
	for (; p < end && *p != '&'; p += n) {
		n = 1;
		if (*p == '=' && f->value[f->n] == NULL) {
			*(*o)++ = '\0';
			f->value[f->n] = *o;
		} else if ((n = decode(p, end, (*o)++)) == 0)
			return NULL;
	}
	*(*o)++ = '\0';
	if (f->value[f->n] == NULL)
		f->value[f->n] = *o - 1;	/* a name alone: empty */
	f->n++;
	return p;
}

static bool
has_twice(const struct form *f, const char *name)
{
	size_t	i, found = 0;

	for (i = 0; i < f->n; i++)
		found += strcmp(f->name[i], name) == 0;
	return found > 1;
}

/* A hidden field comes back as it was served, or not from our form. */
static bool
is_own(const char *value)
{
	struct link	l;
	bool		own;

	own = strlen(value) == LINK_LEN && link_parse(value, LINK_LEN, &l);
	crypt_wipe(&l, sizeof(l));
	return own;
}

static bool
take_code(struct form *f, const char *value)
{
	f->has_code = code_parse(value, strlen(value), &f->code);
	f->own_code = is_own(value);
	return true;
}

static bool
take_from(struct form *f, const char *value)
{
	f->has_from = is_own(value) &&
	    link_parse(value, LINK_LEN, &f->from);
	return f->has_from;
}

static bool
take_step(struct form *f, const char *value)
{
	if (strcmp(value, "ask") == 0)
		f->step = STEP_ASK;
	else if (strcmp(value, "change") == 0)
		f->step = STEP_CHANGE;
	return f->step != STEP_NONE;
}

static bool
take_lang(struct form *f, const char *value)
{
	return lang_code(value, f->lang);
}

static const struct {
	const char	*name;
	bool		(*take)(struct form *f, const char *value);
} known[] = {
	{ "code", take_code },
	{ "from", take_from },
	{ "step", take_step },
	{ "lang", take_lang },
};

/* Takes the fields with fixed names out; what stays are items. */
static bool
take_known(struct form *f)
{
	size_t	i, k, kept = 0;

	for (i = 0; i < f->n; i++) {
		for (k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			if (strcmp(f->name[i], known[k].name) == 0)
				break;
		if (k == sizeof(known) / sizeof(known[0])) {
			f->name[kept] = f->name[i];
			f->value[kept++] = f->value[i];
		} else if (!known[k].take(f, f->value[i]))
			return false;
	}
	f->n = kept;
	return true;
}

bool
form_split(struct form *f, const char *body, size_t len)
{
	const char	*p = body, *end;
	char		*out = f->text;
	size_t		 i;

	memset(f, 0, sizeof(*f));
	if (len == 0)
		return true;
	if (len > REQUEST_BODY_MAX)
		return false;
	for (end = body + len;; p++) {
		if (f->n == FIELDS_MAX)
			return false;
		if ((p = split_field(f, p, end, &out)) == NULL)
			return false;
		if (p == end)
			break;
	}
	for (i = 0; i < f->n; i++)
		if (has_twice(f, f->name[i]))
			return false;
	return take_known(f);
}

bool
form_bind(struct form *f, const struct question_set *q)
{
	const char	*value;
	size_t		 i, item;

	for (i = 0; i < f->n; i++) {
		value = f->value[i];
		item = question_find(q, f->name[i], strlen(f->name[i]));
		if (item == q->n)
			return false;
		if (value[0] == '\0') {
			f->chosen[item] = ANSWER_SKIP;
			continue;
		}
		if (value[0] < '1' || value[0] > '5' || value[1] != '\0')
			return false;
		f->answer[item] = (unsigned char)(value[0] - '0');
		f->chosen[item] = f->answer[item];
	}
	return true;
}

bool
form_answered(const struct form *f, const struct question_set *q)
{
	size_t	i;

	for (i = 0; i < q->n; i++)
		if (q->item[i].core && f->answer[i] != 0)
			return true;
	return false;
}

void
form_wipe(struct form *f)
{
	crypt_wipe(f, sizeof(*f));
}
