/*
 * fuzz_csv.c - a CSV file, row by row.
 *
 * A refusal names file and line; a field that is taken is UTF-8 without control
 * characters (STANDARDS M4).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/utf8.h"
#include "fuzz.h"
#include "io/csv.h"

static const struct csv_column columns[] = {
	{ "id", false }, { "name", true }, { "unit", false },
};

static enum err_code
see(void *arg, const char *const *field, unsigned int line, struct err *e)
{
	unsigned int	*last = arg;
	size_t		 i;

	for (i = 0; i < 3; i++) {
		must(strlen(field[i]) <= CSV_FIELD_MAX);
		must(utf8_valid(field[i], strlen(field[i])) &&
		    !utf8_has_control(field[i], strlen(field[i])));
	}
	must(line > *last);
	*last = line;
	if (strcmp(field[0], "stop") == 0)
		return err_set(e, ERR_INPUT, "stop");
	return ERR_OK;
}

/* A row at fault; the others are read all the same. */
static void
told(void *arg, const struct err *e)
{
	(void)arg;
	must(e->code == ERR_INPUT && strchr(e->msg, ':') != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char	*path = fuzz_file(0, data, len);
	unsigned int	 last = 1;
	struct err	 e;
	enum err_code	 rc;

	rc = csv_read(path, columns, 3, see, NULL, &last, &e);
	must(rc == ERR_OK || rc == ERR_INPUT);
	if (rc == ERR_INPUT)
		must(strncmp(e.msg, path, strlen(path)) == 0 &&
		    e.msg[strlen(path)] == ':' &&
		    e.msg[strlen(path) + 1] >= '1' &&
		    e.msg[strlen(path) + 1] <= '9');
	last = 1;
	rc = csv_read_on(path, columns, 3, see, told, NULL, &last, &e);
	must(rc == ERR_OK || rc == ERR_INPUT);
	return 0;
}
