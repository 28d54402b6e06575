/*
 * goodconf.h - a good configuration, one line of which a test replaces.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_TESTS_GOODCONF_H
#define SENSED_TESTS_GOODCONF_H

#include "base/buf.h"
#include "io/conf.h"
#include "scratch.h"

/* The lines of a good configuration; a case replaces one of them. */
static const char *const good_lines[] = {
	"organisation = {",					/* 1 */
	"  name = \"Taf Community Trust\";",			/* 2 */
	"};",							/* 3 */
	"mail = {",						/* 4 */
	"  from = \"Carys Morgan <pulse@taf.example>\";",	/* 5 */
	"};",							/* 6 */
	"web = { base_url = \"https://pulse.taf.example/\"; };",	/* 7 */
	"surveys = ( { name = \"staff\";",			/* 8 */
	"  questions = \"questions.conf\";",			/* 9 */
	"  calendar = { };",					/* 10 */
	"} );",							/* 11 */
	"# privacy is as usual",				/* 12 */
};

#define LINES		(sizeof(good_lines) / sizeof(good_lines[0]))
#define CORE(key)	"{ key = \"" key "\"; text = { en = \"Good.\"; }; }"
static const char good_questions[] =
	"stem = { en = \"Think.\"; };\n"
	"items = (\n"
	CORE("significance") ",\n" CORE("security") ",\n"
	CORE("continuity") ",\n" CORE("belonging") ",\n"
	CORE("purpose") ",\n"
	"{ key = \"fulfilment\"; version = 3;\n"
	"  text = { en = \"Good.\"; cy = \"Da.\"; };\n"
	"  hint = { en = \"A hint.\"; }; } );\n";

/* The good lines with one replaced (0: none), as a file. */
static inline char *
write_conf(unsigned int line, const char *instead)
{
	struct buf	 b;
	char		*path;
	size_t		 i;

	buf_init(&b, 100000);
	for (i = 0; i < LINES; i++)
		buf_addf(&b, "%s\n", i + 1 == line ? instead : good_lines[i]);
	path = scratch_text("sensed.conf", buf_str(&b));
	buf_wipe(&b);
	return path;
}

static inline enum err_code
read_with(unsigned int line, const char *instead, struct conf *c,
    struct err *e)
{
	char		*path = write_conf(line, instead);
	enum err_code	 rc = conf_read(path, c, e);

	free(path);
	return rc;
}

static inline void
must_read(unsigned int line, const char *instead, struct conf *c)
{
	struct err e;

	if (read_with(line, instead, c, &e) != ERR_OK)
		fail_msg("%s", e.msg);
}

/* The message must begin with FILE:LINE: and say what was expected. */
static inline void
must_refuse(enum err_code rc, const char *file, unsigned int line,
    const char *words, const struct err *e)
{
	char *begin = mem_fmt("%s/%s:%u: ", scratch_dir, file, line);

	assert_int_equal(rc, ERR_INPUT);
	if (strncmp(e->msg, begin, strlen(begin)) != 0 ||
	    strstr(e->msg, words) == NULL || strstr(e->msg, "expected") == NULL)
		fail_msg("%s\nexpected %s... %s", e->msg, begin, words);
	free(begin);
}

static inline int
goodconf_make(void **state)
{
	if (scratch_make(state) != 0)
		return -1;
	free(scratch_text("questions.conf", good_questions));
	return 0;
}

#endif
