/*
 * fuzz_conf.c - sensed.conf, the question file and the prompt file.
 *
 * In three parts; a part that is missing is a good one.  A refusal names the
 * file and never repeats a text from it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fuzz.h"
#include "io/conf.h"

static const char good_conf[] =
    "organisation = { name = \"Taf\"; };\n"
    "mail = { from = \"Carys <pulse@taf.example>\"; };\n"
    "web = { base_url = \"https://pulse.taf.example/\"; };\n"
    "surveys = ( { name = \"staff\"; questions = \"q.conf\";\n"
    "  prompts = \"p.conf\"; calendar = { }; } );\n";

#define CORE(key)	"{ key = \"" key "\"; text = { en = \"Good.\"; }; }"
static const char good_questions[] =
    "stem = { en = \"Think.\"; };\n"
    "items = (\n"
    CORE("significance") ",\n" CORE("security") ",\n"
    CORE("continuity") ",\n" CORE("belonging") ",\n"
    CORE("purpose") ",\n" CORE("fulfilment") ");\n";

static const char good_prompts[] =
    "security = { leader = ( { en = \"Ask.\"; } );\n"
    "  member = ( { en = \"Thank.\"; } ); };\n";

/* libconfig 1.5 leaks the text it is reading when a file ends in it. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

/* Writes the next part, or the good one, in the folder. */
static char *
put(struct input *in, const char *name, const char *good)
{
	char	*path = mem_fmt("%s/%s", fuzz_dir(), name);
	size_t	 n;
	char	*part = input_part(in, &n);

	if (n != 0)
		fuzz_write(path, part, n);
	else
		fuzz_write(path, good, strlen(good));
	free(part);
	return path;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input	 in = { data, len };
	struct conf	 c;
	struct err	 e;
	enum err_code	 rc;
	char		*path;

	/* what it includes is a file of the administrator's own choice */
	if (len != 0 && memmem(data, len, "@include", 8) != NULL)
		return 0;
	path = put(&in, "sensed.conf", good_conf);
	free(put(&in, "q.conf", good_questions));
	free(put(&in, "p.conf", good_prompts));
	rc = conf_read(path, &c, &e);
	must(rc == ERR_OK || rc == ERR_INPUT || rc == ERR_ABSENT ||
	    rc == ERR_SYS);
	must(e.msg[0] != '\0' || rc == ERR_OK);
	if (rc == ERR_OK) {
		must(c.n_surveys >= 1 && c.n_surveys <= SURVEYS_MAX);
		must(c.min_group >= GROUP_MIN && c.min_group <= GROUP_MAX);
		conf_wipe(&c);
	} else if (rc == ERR_INPUT)
		must(strncmp(e.msg, fuzz_dir(), strlen(fuzz_dir())) == 0);
	free(path);
	return 0;
}
