/*
 * ctl_logs.c - sensectl check-logs: do the web server's logs keep links?
 *
 * Requests the canary (ctl_canary.c), then says where in the logs it, or a real
 * link or code, stands: file and line, never the secret.  io/logs.c searches.
 * Writes nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "io/logfile.h"
#include "io/logs.h"
#include "prog/ctl.h"
#include "prog/ctl_canary.h"

#define LINES_SHOWN	10	/* of one file */

struct report {
	char		path[1024];	/* of the last find */
	char		first[1200];	/* what the error names */
	uint64_t	here, lines, skipped;
};

static const char *const names[LOGSCAN_FOUND__MAX] = {
	[LOGSCAN_FOUND_CANARY] = "the canary",
	[LOGSCAN_FOUND_LINK] = "a link",
	[LOGSCAN_FOUND_OPTOUT] = "an opt-out link",
	[LOGSCAN_FOUND_CODE] = "a change code",
};

static void
end_file(struct report *r)
{
	if (r->here > LINES_SHOWN)
		printf("    %s: and %" PRIu64 " more\n", r->path,
		    r->here - LINES_SHOWN);
	r->here = 0;
}

static void
found(void *arg, const char *path, uint64_t line, enum logscan_kind kind)
{
	struct report *r = arg;

	if (strcmp(r->path, path) != 0)
		end_file(r);
	snprintf(r->path, sizeof(r->path), "%s", path);
	if (r->lines++ == 0)
		snprintf(r->first, sizeof(r->first), "%s:%" PRIu64 ": %s",
		    path, line, names[kind]);
	if (++r->here <= LINES_SHOWN)
		printf("BAD %s:%" PRIu64 ": %s\n", path, line, names[kind]);
}

static void
skipped(void *arg, const struct err *why)
{
	struct report *r = arg;

	printf("NOT SEARCHED %s\n", why->msg);
	if (r->lines == 0 && r->skipped == 0)
		snprintf(r->first, sizeof(r->first), "%s", why->msg);
	r->skipped++;
}

static enum err_code
judge(const struct report *r, const struct logs *l, bool asked, struct err *e)
{
	printf("%zu files, %" PRIu64 " bytes searched; %" PRIu64 " bad, %"
	    PRIu64 " not searched%s\n", l->files, l->bytes, r->lines,
	    r->skipped, asked ? "" : "; nothing was requested");
	if (r->lines > 0)
		return err_set(e, ERR_INPUT, "%s; the logs keep what they "
		    "must not: use the file of this web server that "
		    "comes with sensed",
		    r->first);
	if (r->skipped > 0)
		return err_set(e, ERR_INPUT, "%s", r->first);
	if (l->files == 0)
		return err_set(e, ERR_ABSENT, "no file to search there");
	return ERR_OK;
}

/* What comes through a pipe was written before. */
static bool
is_stdin(const struct ctl *c)
{
	return strcmp(c->arg, LOGFILE_STDIN) == 0;
}

enum err_code
ctl_check_logs(const struct ctl *c, struct err *e)
{
	const bool	ask = c->opt[CTL_OFFLINE] == NULL && !is_stdin(c);
	struct report	r = { .lines = 0 };
	struct logs	l = {
		.found = found, .skipped = skipped, .arg = &r
	};
	enum err_code	rc, asked = ERR_OK;
	struct err	unasked;

	if (ask)
		asked = ctl_canary_request(c, &unasked);
	else
		ctl_canary_show(c->conf);
	if ((rc = logs_search(&l, c->arg, e)) != ERR_OK)
		return rc;
	end_file(&r);
	rc = judge(&r, &l, ask && asked == ERR_OK, e);
	if (rc == ERR_OK && is_stdin(c) && l.bytes == 0)
		return err_set(e, ERR_ABSENT, "standard input is empty");
	if (rc == ERR_OK && asked != ERR_OK)
		*e = unasked;
	return rc != ERR_OK ? rc : asked;
}
