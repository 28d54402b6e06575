/*
 * test_mustache.c - templates.
 *
 * The public Mustache specification's six modules, case by case, and what we
 * promise beyond it: escaping of ', flags, faults with their line, and limits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/mustache.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

struct render_case {
	const char	*name, *data, *template, *partials, *expected;
};

static const struct render_case spec[] = {
#include "mustache_cases.inc"
};

static const struct render_case ours[] = {
	{ "H4: markup in a unit's name is shown, not obeyed",
	    "{`u`:`</title><script>alert('x')</script>`}",
	    "<p title='{{u}}'>", "{}",
	    "<p title='&lt;/title&gt;&lt;script&gt;alert(&#39;x&#39;)"
	    "&lt;/script&gt;'>" },
	{ "H4: other scripts and zero-width characters pass untouched",
	    "{`u`:`\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d\xe2\x80\x8b`}", "{{u}}",
	    "{}", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d\xe2\x80\x8b" },
	{ "values of lists are escaped too", "{`l`:[`'`]}",
	    "{{#l}}{{.}}{{/l}}", "{}", "&#39;" },
	{ "a flag keeps the context around it", "{`l`:[{`n`:`a`,`on`:true}]}",
	    "{{#l}}{{#on}}{{n}}{{/on}}{{/l}}", "{}", "a" },
	{ "an implicit iterator inside a flag is the one outside",
	    "{`on`:true,`l`:[`a`,`b`]}",
	    "{{#l}}{{#on}}{{.}}{{/on}}{{/l}}", "{}", "ab" },
	{ "an empty text is false", "{`s`:``}",
	    "{{#s}}no{{/s}}{{^s}}yes{{/s}}", "{}", "yes" },
	{ "the text 0 is true", "{`s`:0}",
	    "{{#s}}yes{{/s}}{{^s}}no{{/s}}", "{}", "yes" },
	{ "an empty map is true", "{`m`:{}}",
	    "{{#m}}yes{{/m}}{{^m}}no{{/m}}", "{}", "yes" },
	{ "an empty text hides the value further out",
	    "{`s`:`out`,`m`:{`s`:``}}", "<{{#m}}{{s}}{{/m}}>", "{}", "<>" },
	{ "flags, maps and lists show nothing as values",
	    "{`f`:true,`m`:{`x`:`1`},`l`:[`1`]}", "<{{f}}{{m}}{{l}}>", "{}",
	    "<>" },
	{ "delimiters changed in a section stay changed behind it",
	    "{`on`:true,`s`:`x`}", "{{#on}}{{=| |=}}|/on||s|{{s}}", "{}",
	    "x{{s}}" },
	{ "delimiters changed in a hidden section stay changed behind it",
	    "{`s`:`x`}", "{{#on}}{{=| |=}}|/on||s|{{s}}", "{}", "x{{s}}" },
	{ "each round of a list begins with the delimiters of the first",
	    "{`l`:[`a`,`b`]}", "{{#l}}{{.}}{{=| |=}}|.|,|/l|", "{}",
	    "aa,bb," },
	{ "a triple works with other delimiters too", "{`s`:`&`}",
	    "{{=<% %>=}}<%{s}%><%s%>", "{}", "&&amp;" },
	{ "single braces are text", "{`s`:`x`}",
	    "p{color:red} { {s} } {{s}}}", "{}", "p{color:red} { {s} } x}" },
	{ "tags in a hidden section do not show", "{`s`:`x`}",
	    "<{{#no}}{{s}}{{>p}}{{#s}}{{^s}}{{/s}}{{/s}}{{/no}}>",
	    "{`p`:`x`}", "<>" },
	{ "indents of nested partials add up", "{}",
	    "a\n {{>p}}\n", "{`p`:`b\n  {{>q}}\n`,`q`:`c\nd\n`}",
	    "a\n b\n   c\n   d\n" },
	{ "a section over lines inside an indented partial",
	    "{`l`:[`1`,`2`]}", "  {{>p}}\n",
	    "{`p`:`{{#l}}\n- {{.}}\n{{/l}}\n`}", "  - 1\n  - 2\n" },
	{ "an empty template", "{}", "", "{}", "" },
	{ "two comments in one line do not stand alone", "{}",
	    "{{! a }}{{! b }}\n", "{}", "\n" },
	{ "a lone CR does not end a line", "{}", "{{! a }}\rb", "{}", "\rb" },
};

static const struct {
	const char	*name, *template, *says;
} faults[] = {
	{ "a tag without its end", "a\nb {{x\n", "line 2" },
	{ "the missing end is named", "{{x", "}}" },
	{ "a triple that ends like a value", "{{{x}}", "line 1" },
	{ "a changed delimiter without its =", "{{=| |}}", "line 1" },
	{ "a section without its end", "\n\n{{#x}}\n\n", "line 3" },
	{ "its name is given", "{{#x}}", "section: x" },
	{ "a hidden section without its end", "{{#x}}{{#y}}{{/y}}", "line 1" },
	{ "an inverted section without its end", "{{^x}}", "line 1" },
	{ "a wrong closing tag", "{{#x}}\n{{/y}}", "line 2" },
	{ "the expected name is given", "{{#x}}{{/y}}", "section: x" },
	{ "a wrong closing tag where nothing shows",
	    "{{#no}}{{#x}}{{/no}}{{/x}}", "section: x" },
	{ "a closing tag too many", "a\n{{#x}}{{/x}}\n{{/x}}", "line 3" },
	{ "a tag without a name", "{{}}", "line 1" },
	{ "a section without a name", "{{# }}{{/ }}", "line 1" },
	{ "a partial without a name", "{{>}}", "line 1" },
	{ "a name of two words", "{{a b}}", "line 1" },
	{ "a sigil behind a space", "{{ #x}}{{ /x}}", "line 1" },
	{ "one delimiter only", "{{=|=}}", "line 1" },
	{ "three delimiters", "{{=| | |=}}", "line 1" },
	{ "a delimiter with = in it", "{{=<= =>=}}", "line 1" },
	{ "a fault in a partial names it", "\n{{>bad}}",
	    "partial bad, line 2: " },
	{ "a partial that calls itself", "{{>loop}}", "nested" },
	{ "partials that call each other", "{{>ping}}", "nested" },
	{ "a partial does not close the section around it",
	    "{{#x}}{{>close}}", "partial close" },
};

static const char *const fault_partials =
    "{`bad`:`\n{{#a}}`,`loop`:`x{{>loop}}`,`ping`:`{{>pong}}`,"
    "`pong`:`{{>ping}}`,`close`:`{{/x}}`}";

/* Adds the value at p to a map (under key) or a list; returns what follows. */
static const char *
add_value(const char *p, struct view *to, const char *key)
{
	struct view	*inner;
	size_t		 len;
	char		*s;

	if (*p == '`' || (*p >= '0' && *p <= '9')) {
		len = *p == '`' ? strcspn(p + 1, "`") :
		    strspn(p, "0123456789.");
		s = mem_dup(*p == '`' ? p + 1 : p, len);
		if (key != NULL)
			view_text(to, key, s);
		else
			view_item_text(to, s);
		free(s);
		return p + len + (*p == '`' ? 2 : 0);
	}
	if (*p == '[') {
		inner = key != NULL ? view_list(to, key) : view_item_list(to);
		for (p++; *p != ']'; p += *p == ',')
			p = add_value(p, inner, NULL);
		return p + 1;
	}
	if (*p == '{') {
		inner = key != NULL ? view_map(to, key) : view_item(to);
		for (p++; *p != '}'; p += *p == ',') {
			len = strcspn(p + 1, "`");
			s = mem_dup(p + 1, len);
			p = add_value(p + len + 3, inner, s);
			free(s);
		}
		return p + 1;
	}
	if (*p == 't' || *p == 'f')
		view_flag(to, key, *p == 't');
	return p + (*p == 'f' ? 5 : 4);
}

/* A map whose value "data" is what the text says. */
static struct view *
view_of(const char *data)
{
	struct view *v = view_new();

	assert_int_equal(*add_value(data, v, "data"), '\0');
	return v;
}

static const struct view *
data_of(const struct view *v)
{
	return view_get(v, "data", 4);
}

static const char *
find_partial(void *arg, const char *name)
{
	const struct view *v = view_get(arg, name, strlen(name));

	return v != NULL ? view_string(v) : NULL;
}

static enum err_code
render(struct buf *out, const char *template, const char *data,
    const char *partials, enum escape escape, struct err *e)
{
	struct view	*v = view_of(data), *p = view_of(partials);
	enum err_code	 rc;

	rc = mustache_render(out, template, data_of(v), escape, find_partial,
	    (void *)(uintptr_t)data_of(p), e);
	view_free(v);
	view_free(p);
	return rc;
}

static void
check_cases(const struct render_case *c, size_t n)
{
	struct buf	out;
	struct err	e;

	for (; n > 0; n--, c++) {
		print_message("  %s\n", c->name);
		buf_init(&out, 4096);
		assert_int_equal(render(&out, c->template, c->data,
		    c->partials, ESCAPE_HTML, &e), ERR_OK);
		assert_string_equal(buf_str(&out), c->expected);
		buf_wipe(&out);
	}
}

static void
test_spec(void **state)
{
	(void)state;
	check_cases(spec, N(spec));
}

static void
test_ours(void **state)
{
	(void)state;
	check_cases(ours, N(ours));
}

static void
test_faults(void **state)
{
	struct buf	out;
	struct err	e;
	size_t		i;

	(void)state;
	for (i = 0; i < N(faults); i++) {
		print_message("  %s\n", faults[i].name);
		buf_init(&out, 4096);
		buf_adds(&out, "before");
		assert_int_equal(render(&out, faults[i].template, "{`x`:`1`}",
		    fault_partials, ESCAPE_HTML, &e), ERR_INPUT);
		assert_int_equal(e.code, ERR_INPUT);
		assert_non_null(strstr(e.msg, faults[i].says));
		assert_null(strchr(e.msg, '\n'));
		assert_string_equal(buf_str(&out), "before");
		buf_wipe(&out);
	}
}

/* Text parts and subjects are not escaped; & and { change nothing there. */
static void
test_no_escape(void **state)
{
	struct buf	out;
	struct err	e;

	(void)state;
	buf_init(&out, 4096);
	assert_int_equal(render(&out, "{{s}} {{&s}} {{{s}}}",
	    "{`s`:`O'Hara & \"Co\" <x>`}", "{}", ESCAPE_NONE, &e), ERR_OK);
	assert_string_equal(buf_str(&out), "O'Hara & \"Co\" <x> "
	    "O'Hara & \"Co\" <x> O'Hara & \"Co\" <x>");
	buf_wipe(&out);
}

/* A template of n sections in one another. */
static enum err_code
render_nested(size_t n, bool on)
{
	struct buf	template, out;
	struct err	e;
	enum err_code	rc;
	size_t		i;

	buf_init(&template, 65536);
	buf_init(&out, 65536);
	for (i = 0; i < n; i++)
		buf_adds(&template, "{{#on}}");
	for (i = 0; i < n; i++)
		buf_adds(&template, "{{/on}}");
	rc = render(&out, buf_str(&template), on ? "{`on`:true}" : "{}", "{}",
	    ESCAPE_HTML, &e);
	buf_wipe(&template);
	buf_wipe(&out);
	return rc;
}

static void
test_depth(void **state)
{
	(void)state;
	assert_int_equal(render_nested(32, true), ERR_OK);
	assert_int_equal(render_nested(33, true), ERR_INPUT);
	assert_int_equal(render_nested(32, false), ERR_OK);
	assert_int_equal(render_nested(33, false), ERR_INPUT);
	assert_int_equal(render_nested(5000, false), ERR_INPUT);
}

/*
 * Units in one another, named by their level.  The last has an empty list:
 * without one, the lookup would find the list around it, for ever.
 */
static enum err_code
render_tree(struct buf *out, int levels)
{
	const char	*tree = "{{n}}{{#below}},{{>tree}}{{/below}}";
	struct view	*root = view_new(), *v = root, *partials = view_new();
	struct view	*list;
	struct err	 e;
	enum err_code	 rc;
	int		 i;

	view_text(partials, "tree", tree);
	for (i = 1; i <= levels; i++) {
		view_textf(v, "n", "%d", i);
		list = view_list(v, "below");
		if (i < levels)
			v = view_item(list);
	}
	rc = mustache_render(out, tree, root, ESCAPE_HTML, find_partial,
	    partials, &e);
	view_free(root);
	view_free(partials);
	return rc;
}

/*
 * Each level below the first is a section and a partial, and the last one has
 * its own section too: 15 * 2 + 1 is allowed, 16 * 2 + 1 is not.
 */
static void
test_recursion_by_data(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_int_equal(render_tree(&out, 16), ERR_OK);
	assert_string_equal(buf_str(&out),
	    "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16");
	assert_int_equal(render_tree(&out, 17), ERR_INPUT);
	buf_wipe(&out);
}

static void
test_ceiling(void **state)
{
	struct buf	out;
	struct err	e;

	(void)state;
	buf_init(&out, 10);
	assert_int_equal(render(&out, "{{s}}", "{`s`:`0123456789`}", "{}",
	    ESCAPE_HTML, &e), ERR_OK);
	buf_reset(&out);
	assert_int_equal(render(&out, "{{s}}", "{`s`:`0123456789a`}", "{}",
	    ESCAPE_HTML, &e), ERR_INPUT);
	assert_null(strstr(e.msg, "0123"));
	assert_string_equal(buf_str(&out), "");
	buf_reset(&out);
	assert_int_equal(render(&out, "{{>p}}", "{}", "{`p`:`0123456789a`}",
	    ESCAPE_HTML, &e), ERR_INPUT);
	buf_wipe(&out);
}

static void
test_no_partials(void **state)
{
	struct view	*v = view_new();
	struct buf	 out;
	struct err	 e;

	(void)state;
	buf_init(&out, 100);
	assert_int_equal(mustache_render(&out, "<{{>p}}>", v, ESCAPE_HTML,
	    NULL, NULL, &e), ERR_OK);
	assert_string_equal(buf_str(&out), "<>");
	buf_wipe(&out);
	view_free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spec),
		cmocka_unit_test(test_ours),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_no_escape),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_recursion_by_data),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_no_partials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
