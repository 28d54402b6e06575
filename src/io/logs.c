/*
 * logs.c - searches every file below a directory for links and codes.
 *
 * Reads only.  What cannot be searched is told, since a search that left
 * something out would prove nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <sys/stat.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <fts.h>

#include "io/logfile.h"
#include "io/logs.h"

struct search {
	struct logs	*logs;
	const char	*path;
	struct logscan	 scan;
};

static void
found(void *arg, uint64_t line, enum logscan_kind kind)
{
	struct search *s = arg;

	s->logs->found(s->logs->arg, s->path, line, kind);
}

static void
piece(void *arg, const char *p, size_t len)
{
	struct search *s = arg;

	s->logs->bytes += len;
	logscan_feed(&s->scan, p, len);
}

static void
search_file(struct logs *l, const char *path)
{
	struct search	s = { .logs = l, .path = path };
	struct err	e;

	logscan_init(&s.scan, found, &s);
	if (logfile_read(path, piece, &s, &e) != ERR_OK)
		l->skipped(l->arg, &e);
	else
		l->files++;
	logscan_end(&s.scan);
}

static void
visit(struct logs *l, const FTSENT *f)
{
	struct err e;

	switch (f->fts_info) {
	case FTS_D:
	case FTS_DP:
	case FTS_DC:	/* a link to a directory above: it is searched */
		return;
	case FTS_F:
		search_file(l, f->fts_path);
		return;
	case FTS_DNR:
	case FTS_NS:
	case FTS_ERR:
		errno = f->fts_errno;
		(void)err_sys(&e, "%s", f->fts_path);
		break;
	case FTS_SLNONE:
		(void)err_set(&e, ERR_INPUT, "%s: a link to nowhere",
		    f->fts_path);
		break;
	default:
		if (S_ISSOCK(f->fts_statp->st_mode))
			return;		/* holds nothing */
		(void)err_set(&e, ERR_INPUT, "%s: not a file; search where it "
		    "leads to", f->fts_path);
		break;
	}
	l->skipped(l->arg, &e);
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

enum err_code
logs_search(struct logs *l, const char *path, struct err *e)
{
	char		*paths[] = { (char *)(uintptr_t)path, NULL };
	enum err_code	 rc = ERR_OK;
	struct stat	 st;
	FTS		*all;
	FTSENT		*f;

	if (strcmp(path, LOGFILE_STDIN) == 0) {
		search_file(l, path);
		return ERR_OK;
	}
	if (stat(path, &st) == -1 && errno == ENOENT)
		return err_set(e, ERR_ABSENT, "%s: no such file or directory",
		    path);
	if (stat(path, &st) == -1)
		return err_sys(e, "%s", path);
	if ((all = fts_open(paths, FTS_LOGICAL | FTS_NOCHDIR, by_name)) ==
	    NULL)
		return err_sys(e, "%s", path);
	errno = 0;
	while ((f = fts_read(all)) != NULL)
		visit(l, f);
	if (errno != 0)
		rc = err_sys(e, "%s", path);
	fts_close(all);
	return rc;
}
