/*
 * ctl_export.c - sensectl export: the published figures of a wave.
 *
 * Reads published/WAVE.gdbm and nothing else: nothing else exists to export.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/export.h"
#include "core/wave.h"
#include "io/published.h"
#include "io/state.h"
#include "prog/ctl.h"

static enum err_code
print(const struct export *x, struct err *e)
{
	struct buf	b;
	uint32_t	i;
	size_t		written = 0, all = 0;

	buf_init(&b, EXPORT_UNIT_MAX);
	export_begin(&b, x);
	for (i = 0; i < x->pub->n; i++) {
		export_unit(&b, x, i);
		all += b.len;
		written += fwrite(buf_str(&b), 1, b.len, stdout);
		buf_reset(&b);
	}
	export_end(&b, x);
	all += b.len;
	written += fwrite(buf_str(&b), 1, b.len, stdout);
	buf_wipe(&b);
	if (written != all || fflush(stdout) != 0)
		return err_sys(e, "standard output");
	return ERR_OK;
}

enum err_code
ctl_export(const struct ctl *c, struct err *e)
{
	const char		*format = c->opt[CTL_FORMAT];
	struct publication	 p;
	struct export		 x = { &p, EXPORT_CSV, EXPORT_PUBLISHED };
	enum err_code		 rc;
	char			*path;

	if (format != NULL && (!export_format_find(format, &x.format) ||
	    x.format == EXPORT_TEXT))
		return err_set(e, ERR_INPUT, "--format %s: expected csv or "
		    "json", format);
	if (!wave_name_valid(c->arg))
		return err_set(e, ERR_ABSENT, "%s: no such wave", c->arg);
	path = state_path(c->conf->state_dir, STATE_PUBLISHED, c->arg);
	rc = published_read(path, &p, e);
	free(path);
	if (rc == ERR_ABSENT)
		return err_set(e, rc, "wave %s is not published", c->arg);
	if (rc != ERR_OK)
		return rc;
	rc = print(&x, e);
	publication_wipe(&p);
	return rc;
}
