/*
 * fuzz_template.c - a Mustache template with a partial, and hostile values.
 *
 * The first part is the template, the second the partial "p".  After an error
 * the buffer is as it was.  A template without a tag is shown as it is, so
 * what is there beyond it came from values: where HTML is escaped, no value
 * brings a sign of HTML with it (STANDARDS H4).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "core/mustache.h"
#include "fuzz.h"

static struct view *root;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct view	*list, *map;
	int		 i;

	(void)argc, (void)argv;
	root = view_new();
	view_text(root, "a", "<\"&'>");
	view_text(root, "b", "\xe2\x80\xae{{a}}\xe2\x80\xa8</title><script>");
	view_flag(root, "on", true);
	view_flag(root, "off", false);
	map = view_map(root, "m");
	view_text(map, "a", "<inner>");
	list = view_list(root, "l");
	for (i = 0; i < 3; i++)
		view_text(view_item(list), "a", "<i>");
	view_item_text(view_list(root, "t"), "<text>");
	return 0;
}

static const char *
partial(void *arg, const char *name)
{
	return strcmp(name, "p") == 0 ? arg : NULL;
}

/* Counts a character; those of values would come on top. */
static size_t
count(const char *s, char c)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += *s == c;
	return n;
}

static void
render(const char *template, char *inner, enum escape how)
{
	struct buf	b;
	struct err	e;
	enum err_code	rc;

	buf_init(&b, 65536);
	buf_adds(&b, "before");
	rc = mustache_render(&b, template, root, how, partial, inner, &e);
	must(rc == ERR_OK || rc == ERR_INPUT);
	must(strncmp(buf_str(&b), "before", 6) == 0);
	if (rc != ERR_OK)
		must(b.len == 6);
	else if (how == ESCAPE_HTML && count(template, '<') +
	    count(inner, '<') == 0 && strstr(template, "{{{") == NULL &&
	    strchr(template, '&') == NULL && strchr(inner, '&') == NULL &&
	    strstr(inner, "{{{") == NULL && strchr(template, '=') == NULL &&
	    strchr(inner, '=') == NULL)
		must(strchr(buf_str(&b), '<') == NULL);
	buf_wipe(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input	 in = { data, len };
	size_t		 n;
	char		*template = input_part(&in, &n);
	char		*inner = input_part(&in, &n);

	render(template, inner, ESCAPE_HTML);
	render(template, inner, ESCAPE_NONE);
	free(template);
	free(inner);
	return 0;
}
