/*
 * ctl_report.c - sensectl report: a published unit as a page to be printed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "io/clock.h"
#include "io/file.h"
#include "io/reporting.h"
#include "prog/ctl.h"

#define PAGE_MAX	(4U << 20)
#define FILE_MODE	0600	/* figures: for those they are meant for */

static enum err_code
write_page(const char *out, const struct buf *page, struct err *e)
{
	if (strcmp(out, "-") != 0)
		return file_replace(out, buf_str(page), page->len, FILE_MODE,
		    e);
	return fwrite(buf_str(page), 1, page->len, stdout) == page->len ?
	    ERR_OK : err_sys(e, "standard output");
}

enum err_code
ctl_report(const struct ctl *c, struct err *e)
{
	const char	*lang = c->opt[CTL_LANG];
	struct buf	 page;
	enum err_code	 rc;

	buf_init(&page, PAGE_MAX);
	rc = reporting_make(c->conf, c->arg, c->opt[CTL_UNIT], lang != NULL ?
	    lang : c->conf->site.langs.code[0], clock_now(), &page, e);
	if (rc == ERR_OK)
		rc = write_page(c->opt[CTL_OUT], &page, e);
	buf_wipe(&page);
	return rc;
}
