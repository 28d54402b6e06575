/*
 * test_request.c - routes and statuses: STANDARDS H1 and H2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/request.h"

/* tag "ab" is 1, box "aac" is 2 */
#define LINK	"abaacabcdefghijklmnopqrstuvwxye"
#define TOKEN	"abcdefghijklmnopqrstuvwxye"
#define FORM	"application/x-www-form-urlencoded"

static const struct {
	const char	*name;
	unsigned int	 status;
	enum route	 route;
	const char	*method, *path, *type, *length, *body;
} cases[] = {
	/* the route table */
	{ "a/LINK is the form", 0, ROUTE_FORM, "GET", "/a/" LINK,
	    NULL, NULL, "" },
	{ "c is the page for a change", 0, ROUTE_CHANGE, "GET", "/c",
	    NULL, NULL, "" },
	{ "o/TOKEN is the opt-out", 0, ROUTE_OPTOUT, "GET", "/o/" TOKEN,
	    NULL, NULL, "" },
	{ "privacy is a page", 0, ROUTE_PRIVACY, "GET", "/privacy",
	    NULL, NULL, "" },
	{ "a survey has a privacy page", 0, ROUTE_PRIVACY, "GET",
	    "/privacy/served", NULL, NULL, "" },
	{ "a survey has a help page", 0, ROUTE_HELP, "GET", "/help/served",
	    NULL, NULL, "" },
	{ "a survey without a name has no page", 404, ROUTE__MAX, "GET",
	    "/privacy/", NULL, NULL, "" },
	{ "no survey's name is that long", 404, ROUTE__MAX, "GET",
	    "/privacy/abcdefghijklmnopqrstu", NULL, NULL, "" },
	{ "a page that only begins so is gone", 404, ROUTE__MAX, "GET",
	    "/helper", NULL, NULL, "" },
	{ "help is a page", 0, ROUTE_HELP, "GET", "/help", NULL, NULL, "" },
	{ "health is a page", 0, ROUTE_HEALTH, "GET", "/health",
	    "", "", "" },
	{ "no path is gone", 404, ROUTE__MAX, "GET", NULL, NULL, NULL, "" },
	{ "an empty path is gone", 404, ROUTE__MAX, "GET", "", NULL, NULL,
	    "" },
	{ "the root is gone", 404, ROUTE__MAX, "GET", "/", NULL, NULL, "" },
	{ "a path without its slash is gone", 404, ROUTE__MAX, "GET",
	    "health", NULL, NULL, "" },
	{ "something behind a page is gone", 404, ROUTE__MAX, "GET",
	    "/health/", NULL, NULL, "" },
	{ "a/ alone is gone", 404, ROUTE__MAX, "GET", "/a/", NULL, NULL,
	    "" },
	{ "a alone is gone", 404, ROUTE__MAX, "GET", "/a", NULL, NULL, "" },
	{ "o/ alone is gone", 404, ROUTE__MAX, "GET", "/o/", NULL, NULL,
	    "" },
	{ "another page is gone, whatever the method", 404, ROUTE__MAX,
	    "DELETE", "/admin", NULL, NULL, "" },
	{ "two slashes are gone", 404, ROUTE__MAX, "GET", "//c", NULL, NULL,
	    "" },

	/* links as mail programs leave them: M15 */
	{ "a full stop behind a link is cut off", 0, ROUTE_FORM, "GET",
	    "/a/" LINK ".", NULL, NULL, "" },
	{ "a bracket and a stop behind a link are cut off", 0, ROUTE_FORM,
	    "GET", "/a/" LINK ">).", NULL, NULL, "" },
	{ "a full stop behind an opt-out link is cut off", 0, ROUTE_OPTOUT,
	    "GET", "/o/" TOKEN ".)", NULL, NULL, "" },
	{ "a link that is too short is gone", 404, ROUTE_FORM, "GET",
	    "/a/abaacabcdefghijklmnopqrstuvwxy", NULL, NULL, "" },
	{ "a link that is too long is gone", 404, ROUTE_FORM, "GET",
	    "/a/" LINK "a", NULL, NULL, "" },
	{ "a link with a digit that is none is gone", 404, ROUTE_FORM, "GET",
	    "/a/ab1acabcdefghijklmnopqrstuvwxye", NULL, NULL, "" },
	{ "a second spelling of a link is gone", 404, ROUTE_FORM, "GET",
	    "/a/abaacabcdefghijklmnopqrstuvwxyf", NULL, NULL, "" },
	{ "capitals in a link are gone", 404, ROUTE_FORM, "GET",
	    "/a/ABAACABCDEFGHIJKLMNOPQRSTUVWXYE", NULL, NULL, "" },
	{ "something behind a link is gone", 404, ROUTE_FORM, "GET",
	    "/a/" LINK "/x", NULL, NULL, "" },
	{ "a malformed opt-out token is gone", 404, ROUTE_OPTOUT, "GET",
	    "/o/abc", NULL, NULL, "" },
	{ "nothing but punctuation is gone", 404, ROUTE_OPTOUT, "GET",
	    "/o/...", NULL, NULL, "" },

	/* H1: methods */
	{ "a link of the scale", 0, ROUTE_FORM, "GET", "/a/" LINK "/1", NULL,
	    NULL, "" },
	{ "a full stop behind a link of the scale", 0, ROUTE_FORM, "GET",
	    "/a/" LINK "/5.", NULL, NULL, "" },
	{ "0 is not on the scale", 404, ROUTE_FORM, "GET", "/a/" LINK "/0",
	    NULL, NULL, "" },
	{ "6 is not on the scale", 404, ROUTE_FORM, "GET", "/a/" LINK "/6",
	    NULL, NULL, "" },
	{ "two digits are not on the scale", 404, ROUTE_FORM, "GET",
	    "/a/" LINK "/11", NULL, NULL, "" },
	{ "a link of the scale is for reading", 404, ROUTE_FORM, "POST",
	    "/a/" LINK "/1", FORM, "10", "security=5" },
	{ "HEAD is as GET", 0, ROUTE_FORM, "HEAD", "/a/" LINK, NULL, NULL,
	    "" },
	{ "OPTIONS is not allowed", 405, ROUTE_FORM, "OPTIONS", "/a/" LINK,
	    NULL, NULL, "" },
	{ "PUT is not allowed", 405, ROUTE_CHANGE, "PUT", "/c", FORM, "0",
	    "" },
	{ "POST to a plain page is not allowed", 405, ROUTE_HELP, "POST",
	    "/help", FORM, "0", "" },
	{ "methods are in capitals", 405, ROUTE_HELP, "get", "/help", NULL,
	    NULL, "" },
	{ "no method is not allowed", 405, ROUTE_HELP, NULL, "/help", NULL,
	    NULL, "" },

	/* H2: headers of a POST */
	{ "a form is taken", 0, ROUTE_FORM, "POST", "/a/" LINK, FORM, "10",
	    "security=5" },
	{ "parameters of the type do not matter", 0, ROUTE_CHANGE, "POST",
	    "/c", FORM "; charset=UTF-8", "8", "step=ask" },
	{ "capitals in the type do not matter", 0, ROUTE_CHANGE, "POST",
	    "/c", "Application/X-WWW-Form-URLEncoded", "8", "step=ask" },
	{ "an empty body is a whole body", 0, ROUTE_FORM, "POST", "/a/" LINK,
	    FORM, "0", "" },
	{ "multipart is no form here", 415, ROUTE_FORM, "POST", "/a/" LINK,
	    "multipart/form-data; boundary=x", "10", "security=5" },
	{ "JSON is no form", 415, ROUTE_CHANGE, "POST", "/c",
	    "application/json", "2", "{}" },
	{ "no type is no form", 415, ROUTE_FORM, "POST", "/a/" LINK, NULL,
	    "10", "security=5" },
	{ "a longer type is another type", 415, ROUTE_FORM, "POST",
	    "/a/" LINK, FORM "ed", "10", "security=5" },
	{ "no length: required", 411, ROUTE_FORM, "POST", "/a/" LINK, FORM,
	    NULL, "" },
	{ "an empty length: required", 411, ROUTE_FORM, "POST", "/a/" LINK,
	    FORM, "", "" },
	{ "a length with a sign is bad", 400, ROUTE_FORM, "POST",
	    "/a/" LINK, FORM, "+10", "security=5" },
	{ "a length with a space is bad", 400, ROUTE_FORM, "POST",
	    "/a/" LINK, FORM, " 10", "security=5" },
	{ "a negative length is bad", 400, ROUTE_FORM, "POST", "/a/" LINK,
	    FORM, "-1", "" },
	{ "a length in hexadecimal is bad", 400, ROUTE_FORM, "POST",
	    "/a/" LINK, FORM, "0xa", "security=5" },
	{ "4097 bytes are too many", 413, ROUTE_FORM, "POST", "/a/" LINK,
	    FORM, "4097", "" },
	{ "five digits are too many", 413, ROUTE_FORM, "POST", "/a/" LINK,
	    FORM, "00010", "security=5" },
	{ "a length beyond all numbers is too much", 413, ROUTE_FORM, "POST",
	    "/a/" LINK, FORM, "99999999999999999999999999", "" },
	{ "fewer bytes than promised are bad", 400, ROUTE_FORM, "POST",
	    "/a/" LINK, FORM, "11", "security=5" },
	{ "the page c obeys the same rules", 411, ROUTE_CHANGE, "POST", "/c",
	    FORM, NULL, "" },
	/* H5: unknown and malformed links are told apart by nothing */
	{ "a malformed link is looked at last", 415, ROUTE_FORM, "POST",
	    "/a/x", "text/plain", "1", "x" },
	{ "a malformed link is gone for POST too", 404, ROUTE_FORM, "POST",
	    "/a/x", FORM, "0", "" },

	/* H2 and M8: the opt-out */
	{ "the opt-out takes a form", 0, ROUTE_OPTOUT, "POST", "/o/" TOKEN,
	    FORM, "26", "List-Unsubscribe=One-Click" },
	{ "the opt-out takes multipart", 0, ROUTE_OPTOUT, "POST",
	    "/o/" TOKEN, "multipart/form-data; boundary=b", "9000", "" },
	{ "the opt-out ignores its body", 0, ROUTE_OPTOUT, "POST",
	    "/o/" TOKEN, FORM, NULL, "" },
	{ "the opt-out takes nothing else", 415, ROUTE_OPTOUT, "POST",
	    "/o/" TOKEN, "text/plain", "0", "" },
};

static void
test_status(void **state)
{
	struct request	r;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct request_raw in = {
			.method = cases[i].method,
			.path = cases[i].path,
			.type = cases[i].type,
			.length = cases[i].length,
			.body = cases[i].body,
			.body_len = strlen(cases[i].body),
		};

		print_message("  %s\n", cases[i].name);
		assert_int_equal(request_read(&r, &in), cases[i].status);
		assert_int_equal(r.route, cases[i].route);
	}
}

static void
test_values(void **state)
{
	struct request_raw	in = { .method = "GET", .path = "/a/" LINK };
	struct request		r;
	char			again[LINK_LEN + 1];

	(void)state;
	assert_int_equal(request_read(&r, &in), 0);
	assert_false(r.post);
	assert_int_equal(r.link.tag, 1);
	assert_int_equal(r.link.box, 2);
	link_format(again, &r.link);
	assert_string_equal(again, LINK);
	assert_int_equal(r.picked, 0);
	in.path = "/a/" LINK "/4";
	assert_int_equal(request_read(&r, &in), 0);
	assert_int_equal(r.picked, 4);
	link_format(again, &r.link);
	assert_string_equal(again, LINK);

	in.path = "/o/" TOKEN ".";
	assert_int_equal(request_read(&r, &in), 0);
	assert_string_equal(r.token, TOKEN);
	assert_int_equal(strlen(r.hash), OPTOUT_HASH_LEN);
}

/* H1: Allow names POST only where there is a form. */
static void
test_allow(void **state)
{
	struct request_raw	in = { .method = "PATCH", .path = "/c" };
	struct request		r;

	(void)state;
	assert_int_equal(request_read(&r, &in), 405);
	assert_string_equal(r.allow, "GET, HEAD, POST");
	in.path = "/privacy";
	assert_int_equal(request_read(&r, &in), 405);
	assert_string_equal(r.allow, "GET, HEAD");
}

static void
test_overlong_path(void **state)
{
	struct request_raw	in = { .method = "GET" };
	struct request		r;
	char			path[5000];

	(void)state;
	memset(path, '.', sizeof(path));
	memcpy(path, "/a/" LINK, strlen("/a/" LINK));
	path[sizeof(path) - 1] = '\0';
	in.path = path;
	assert_int_equal(request_read(&r, &in), 404);
}

static const struct {
	const char	*query, *lang;
} queries[] = {
	{ NULL, "" }, { "", "" }, { "lang=cy", "cy" }, { "lang=CY", "" },
	{ "lang=cym", "" }, { "lang=c", "" }, { "lang=", "" },
	{ "lang=cy&x=1", "" }, { "x=1", "" }, { "LANG=cy", "" },
	{ "lang=\"x", "" },
};

static void
test_query(void **state)
{
	struct request_raw	in = { .method = "GET", .path = "/help" };
	struct request		r;
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		in.query = queries[i].query;
		assert_int_equal(request_read(&r, &in), 0);
		assert_string_equal(r.lang, queries[i].lang);
	}
}

/* H2: no more is read than a form may hold. */
static void
test_expects(void **state)
{
	(void)state;
	assert_int_equal(request_expects(NULL), 0);
	assert_int_equal(request_expects(""), 0);
	assert_int_equal(request_expects("12"), 12);
	assert_int_equal(request_expects("4096"), 4096);
	assert_int_equal(request_expects("4097"), 0);
	assert_int_equal(request_expects("-1"), 0);
	assert_int_equal(request_expects("12 "), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_allow),
		cmocka_unit_test(test_overlong_path),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_expects),
	};

	if (!crypt_init())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
