/*
 * fuzz_import.c - a whole import: units and people, in two parts.
 *
 * Every row goes through all the checks of an import over an earlier roster;
 * nothing is revealed.  What is taken can be written into any header.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fuzz.h"
#include "kinds.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	kinds_make();
	return 0;
}

static unsigned int faults;

/* A row at fault: named, and never more of them than is said. */
static void
told(void *arg, const struct err *e)
{
	(void)arg;
	must(e->code == ERR_INPUT);
	must(strncmp(e->msg, "/proc/self/fd/", 14) == 0);
	must(++faults <= IMPORT_FAULTS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input		 in = { data, len };
	const struct import_report *r;
	struct import_files	 files;
	struct import		*im;
	struct err		 e;
	enum err_code		 rc;
	char			*part;
	size_t			 n, i;

	part = input_part(&in, &n);
	files.units = fuzz_file(0, part, n);
	free(part);
	part = input_part(&in, &n);
	files.people = fuzz_file(1, part, n);
	free(part);
	faults = 0;
	rc = import_begin(&conf, "staff", &files, true, NULL, told, NULL, &im,
	    &e);
	must(rc == ERR_OK || rc == ERR_INPUT);
	if (rc == ERR_INPUT)
		must(strncmp(e.msg, "/proc/self/fd/", 14) == 0);
	must(faults == 0 || (faults > 1 && rc == ERR_INPUT));
	if (rc != ERR_OK)
		return 0;
	r = import_report(im);
	for (i = 0; i < r->n; i++)
		must(r->unit[i].was != NULL || r->unit[i].name != NULL);
	import_drop(&im);
	return 0;
}
