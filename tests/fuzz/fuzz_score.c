/*
 * fuzz_score.c - the two files of `sensectl score', and all their figures.
 *
 * In two parts, units and answers.  What is taken is published by both rules
 * and exported; SCORING 5 holds for it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "core/export.h"
#include "fuzz.h"
#include "io/scoreinput.h"

static void
publish(const struct scoreinput *in, enum protect protect)
{
	struct publication_input	pi = { .k = GROUP_MIN,
					    .protect = protect };
	struct export			x = { .kind = EXPORT_SCORE };
	struct publication		p;
	struct err			e;
	struct buf			b;

	scoreinput_fill(&pi, in);
	pi.k = GROUP_MIN;
	pi.protect = protect;
	must(publication_make(&p, &pi, &e) == ERR_OK);
	must(p.safe);
	x.pub = &p;
	buf_init(&b, 1 << 20);
	for (x.format = 0; x.format < EXPORT__MAX; x.format++) {
		buf_reset(&b);
		export_all(&b, &x);
	}
	buf_wipe(&b);
	publication_wipe(&p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input		 in = { data, len };
	struct scoreinput	 si;
	struct err		 e;
	enum err_code		 rc;
	const char		*units, *answers;
	char			*part;
	size_t			 n;

	part = input_part(&in, &n);
	units = fuzz_file(0, part, n);
	free(part);
	part = input_part(&in, &n);
	answers = fuzz_file(1, part, n);
	free(part);
	rc = scoreinput_read(&si, units, answers, &e);
	must(rc == ERR_OK || rc == ERR_INPUT);
	if (rc == ERR_INPUT)
		must(strncmp(e.msg, "/proc/self/fd/", 14) == 0);
	else {
		publish(&si, PROTECT_SUPPRESS);
		publish(&si, PROTECT_CARRY);
	}
	scoreinput_wipe(&si);
	return 0;
}
