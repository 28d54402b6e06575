/*
 * ctl_comments.c - sensectl comments and release: read first, then shown.
 *
 * CONTENT 6.  What comments prints before release is for the eyes of the
 * person whom the form named.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>

#include "core/redact.h"
#include "core/wave.h"
#include "io/releasing.h"
#include "prog/ctl.h"

enum err_code
ctl_comments(const struct ctl *c, struct err *e)
{
	struct publication	p;
	struct comments		comments;
	struct buf		b;
	enum err_code		rc;

	if (!wave_name_valid(c->arg))
		return err_set(e, ERR_ABSENT, "%s: no such wave", c->arg);
	rc = releasing_read(c->conf->state_dir, c->arg, &p, &comments, e);
	if (rc != ERR_OK)
		return rc;
	buf_init(&b, redact_max(&p, &comments));
	redact_write(&b, &p, &comments);
	if (fwrite(buf_str(&b), 1, b.len, stdout) != b.len ||
	    fflush(stdout) != 0)
		rc = err_sys(e, "standard output");
	buf_wipe(&b);
	comments_wipe(&comments);
	publication_wipe(&p);
	return rc;
}

enum err_code
ctl_release(const struct ctl *c, struct err *e)
{
	size_t		kept, held;
	enum err_code	rc;

	if (!wave_name_valid(c->arg))
		return err_set(e, ERR_ABSENT, "%s: no such wave", c->arg);
	rc = releasing_run(c->conf->state_dir, c->arg, c->opt[CTL_COMMENTS],
	    &kept, &held, e);
	if (rc == ERR_OK)
		printf("wave %s: %zu comments are released, %zu held back and "
		    "destroyed; sensed-digest mails them\n", c->arg, kept,
		    held);
	return rc;
}
