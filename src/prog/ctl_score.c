/*
 * ctl_score.c - sensectl score: the figures of two files, without a wave.
 *
 * The same code as a publication, on a tree and answers that the user holds.
 * Reads no configuration and writes nothing but standard output.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/num.h"
#include "core/export.h"
#include "core/publication.h"
#include "io/scoreinput.h"
#include "prog/ctl_score.h"
#include "prog/prog.h"

#define GROUP_DEFAULT	10
/* A unit's piece; the list of an atom's cells may name every unit. */
#define PIECE_MAX	(EXPORT_UNIT_MAX + (size_t)UNITS_MAX * 40)

static const char usage[] =
    "usage: sensectl score --units U.csv --answers A.csv [--k N]\n"
    "           [--protect suppress|carry] [--format text|csv|json]\n"
    "           [--previous-units U.csv --previous-answers A.csv]\n";

enum { UNITS, ANSWERS, PREVIOUS_UNITS, PREVIOUS_ANSWERS, FILES__MAX };
enum { K = FILES__MAX, PROTECT, FORMAT, HELP };

struct options {
	const char		*file[FILES__MAX];
	uint64_t		 k;
	enum protect		 protect;
	enum export_format	 format;
};

static const struct option table[] = {
	{ "units", required_argument, NULL, UNITS },
	{ "answers", required_argument, NULL, ANSWERS },
	{ "previous-units", required_argument, NULL, PREVIOUS_UNITS },
	{ "previous-answers", required_argument, NULL, PREVIOUS_ANSWERS },
	{ "k", required_argument, NULL, K },
	{ "protect", required_argument, NULL, PROTECT },
	{ "format", required_argument, NULL, FORMAT },
	{ "help", no_argument, NULL, HELP },
	{ NULL, 0, NULL, 0 }
};

static bool
parse_protect(const char *s, enum protect *out)
{
	*out = strcmp(s, "carry") == 0 ? PROTECT_CARRY : PROTECT_SUPPRESS;
	return *out == PROTECT_CARRY || strcmp(s, "suppress") == 0;
}

static bool
set_option(struct options *o, int option, const char *value)
{
	switch (option) {
	case K:
		return num_parse(value, strlen(value), 0, UINT32_MAX, &o->k);
	case PROTECT:
		return parse_protect(value, &o->protect);
	case FORMAT:
		return export_format_find(value, &o->format);
	}
	if (option < 0 || option >= FILES__MAX)
		return false;
	o->file[option] = value;
	return true;
}

/* The exit status to end with, or -1 to go on. */
static int
parse_options(struct options *o, int argc, char **argv)
{
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "+", table, NULL)) != -1) {
		if (option == HELP)
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		if (!set_option(o, option, optarg))
			goto wrong;
	}
	if (optind == argc && o->file[UNITS] != NULL &&
	    o->file[ANSWERS] != NULL && (o->file[PREVIOUS_UNITS] == NULL) ==
	    (o->file[PREVIOUS_ANSWERS] == NULL))
		return -1;
wrong:
	fputs(usage, stderr);
	return EX_USAGE;
}

static enum err_code
publish(struct publication *p, struct scoreinput *in, const struct options *o,
    const char *units, const char *answers, const struct publication *last,
    struct err *e)
{
	struct publication_input	pub;
	enum err_code			rc;

	memset(&pub, 0, sizeof(pub));
	if ((rc = scoreinput_read(in, units, answers, e)) != ERR_OK)
		return rc;
	scoreinput_fill(&pub, in);
	pub.k = (unsigned int)o->k;
	pub.protect = o->protect;
	pub.last = last;
	return publication_make(p, &pub, e);
}

static int
print(const struct publication *p, enum export_format format)
{
	const struct export	x = { p, format, EXPORT_SCORE };
	struct buf		b;
	bool			good = true;
	uint32_t		i, shown = 0;

	buf_init(&b, PIECE_MAX);
	export_begin(&b, &x);
	for (i = 0; i < p->n && good; i++) {
		export_unit(&b, &x, i);
		shown += p->unit[i].status == UNIT_PUBLISHED;
		good = !b.over && fwrite(buf_str(&b), 1, b.len, stdout) ==
		    b.len;
		buf_reset(&b);
	}
	export_end(&b, &x);
	good = good && fputs(buf_str(&b), stdout) >= 0 && fflush(stdout) == 0;
	buf_wipe(&b);
	if (!good) {
		log_err("standard output: %s", strerror(errno));
		return EX_IOERR;
	}
	if (shown == 0)
		log_info("too few answers: no unit can be shown");
	return EX_OK;
}

int
ctl_score(int argc, char **argv)
{
	struct options		o = { .k = GROUP_DEFAULT };
	struct scoreinput	in[2];
	struct publication	pub[2];
	bool			earlier;
	struct err		e;
	enum err_code		rc = ERR_OK;
	int			status;

	if ((status = parse_options(&o, argc, argv)) != -1)
		return status;
	memset(in, 0, sizeof(in));
	memset(pub, 0, sizeof(pub));
	earlier = o.file[PREVIOUS_UNITS] != NULL;
	if (earlier)
		rc = publish(&pub[0], &in[0], &o, o.file[PREVIOUS_UNITS],
		    o.file[PREVIOUS_ANSWERS], NULL, &e);
	if (rc == ERR_OK)
		rc = publish(&pub[1], &in[1], &o, o.file[UNITS],
		    o.file[ANSWERS], earlier ? &pub[0] : NULL, &e);
	if (rc == ERR_OK)
		status = print(&pub[1], o.format);
	else {
		status = prog_sysexit(rc);
		log_err("%s", e.msg);
	}
	publication_wipe(&pub[0]);
	publication_wipe(&pub[1]);
	scoreinput_wipe(&in[0]);
	scoreinput_wipe(&in[1]);
	return status;
}
