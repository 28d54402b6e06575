/*
 * test_redact.c - what a reader's file releases, and what it cannot.
 *
 * CONTENT 6.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/redact.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static const char *const texts[] = {
	"Jane on nights never listens.", "More hands, please.",
	"A [...] b", "We need [...] and [...]s.", "12. is how it begins"
};

static void
fill(struct comments *c)
{
	size_t i;

	memset(c, 0, sizeof(*c));
	c->level = 2;
	for (i = 0; i < COUNT(texts); i++)
		comments_add(c, i < 3 ? 1 : 2, texts[i]);
}

static const struct {
	const char	*name, *file;
	const char	*line;		/* NULL: good; where it is refused */
	const char	*kept;		/* joined by | */
} files[] = {
	{ "a line is left", "2. More hands, please.\n", NULL,
	    "More hands, please." },
	{ "an empty file releases nothing", "", NULL, "" },
	{ "words for people are passed over", "# x\n\n2. More hands, please."
	    "\n", NULL, "More hands, please." },
	{ "words are masked", "1. [...] never listens.\n", NULL,
	    "[...] never listens." },
	{ "masked in the middle and twice", "1. Jane [...] never [...].\n",
	    NULL, "Jane [...] never [...]." },
	{ "a mark that was written stays", "3. A [...] b\n4. We need [...] "
	    "and [...]s.\n", NULL, "A [...] b|We need [...] and [...]s." },
	{ "quoted, and with CRLF", "> 2. More hands, please.\r\n", NULL,
	    "More hands, please." },
	{ "broken by a mail program", "1. Jane on nights\nnever listens.\n"
	    "2. More hands, please.", NULL,
	    "Jane on nights never listens.|More hands, please." },
	{ "in another order", "2. More hands, please.\n1. Jane on nights "
	    "never listens.\n", NULL,
	    "Jane on nights never listens.|More hands, please." },
	{ "a comment that begins with a number", "5. 12. is how it begins\n",
	    NULL, "12. is how it begins" },
	{ "other words", "2. Fewer hands, please.\n", "f:1: ", NULL },
	{ "a word more", "2. More hands, please. Now.\n", "f:1: ", NULL },
	{ "a word less", "2. hands, please.\n", "f:1: ", NULL },
	{ "words before a mask", "1. Never [...] listens.\n", "f:1: ", NULL },
	{ "words after a mask", "1. Jane [...] listens\n", "f:1: ", NULL },
	{ "words between masks", "1. Jane [...] always [...]\n", "f:1: ",
	    NULL },
	{ "masked words in another order", "1. [...]listens[...]nights[...]"
	    "\n", "f:1: ", NULL },
	{ "another comment's number", "1. More hands, please.\n", "f:1: ",
	    NULL },
	{ "a number there is not", "6. More hands, please.\n", "f:1: ",
	    NULL },
	{ "number 0", "0. More hands, please.\n", "f:1: ", NULL },
	{ "no number", "More hands, please.\n", "f:1: ", NULL },
	{ "twice", "2. More hands, please.\n\n2. More hands, please.\n",
	    "f:3: ", NULL },
	{ "the second line is wrong", "2. More hands, please.\n1. x\n",
	    "f:2: ", NULL },
	{ "not UTF-8", "1. [...]\xff[...]\n", "f:1: ", NULL },
	{ "a control character", "1. [...]\a[...]\n", "f:1: ", NULL },
};

static void
test_files(void **state)
{
	struct comments	c;
	struct err	err;
	struct buf	b;
	size_t		i, k;

	(void)state;
	for (i = 0; i < COUNT(files); i++) {
		print_message("  %s\n", files[i].name);
		fill(&c);
		assert_int_equal(redact_read(&c, files[i].file,
		    strlen(files[i].file), "f", &err),
		    files[i].line == NULL ? ERR_OK : ERR_INPUT);
		buf_init(&b, 1000);
		for (k = 0; k < c.n; k++)
			buf_addf(&b, "%s%s", k > 0 ? "|" : "", c.of[k].text);
		if (files[i].line == NULL)
			assert_string_equal(buf_str(&b), files[i].kept);
		else {
			assert_int_equal(c.n, COUNT(texts));
			assert_memory_equal(err.msg, files[i].line, 5);
			assert_null(strstr(err.msg, "hands"));
			assert_null(strstr(err.msg, "listens"));
		}
		buf_wipe(&b);
		comments_wipe(&c);
	}
}

/* What is printed is taken back whole. */
static void
test_round(void **state)
{
	struct pub_unit		unit[3] = {
		{ .id = "ORG", .name = (char *)"Taf" },
		{ .id = "D1", .name = (char *)"Care at home" },
		{ .id = "D2", .name = (char *)"Garden" }
	};
	struct publication	p = { .wave = "staff-1", .n = 3,
				      .unit = unit };
	struct comments		c;
	struct err		err;
	struct buf		b;
	size_t			i;

	(void)state;
	fill(&c);
	memcpy(c.reader, "Eleri Rees", 11);
	buf_init(&b, redact_max(&p, &c));
	redact_write(&b, &p, &c);
	assert_non_null(strstr(buf_str(&b), "\n# D2: Garden\n4. We need"));
	assert_non_null(strstr(buf_str(&b), "for Eleri Rees to read"));
	assert_int_equal(redact_read(&c, buf_str(&b), b.len, "f", &err),
	    ERR_OK);
	assert_int_equal(c.n, COUNT(texts));
	for (i = 0; i < c.n; i++)
		assert_string_equal(c.of[i].text, texts[i]);
	buf_wipe(&b);
	comments_wipe(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_round),
	};

	if (!crypt_init())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
