/*
 * preview_parts.h - what a kind of preview is made of.
 *
 * Nobody but preview*.c includes this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_PREVIEW_PARTS_H
#define SENSED_IO_PREVIEW_PARTS_H

#include "core/digest.h"
#include "core/page.h"
#include "core/sample.h"
#include "io/compose.h"
#include "io/preview.h"

/* The mails first. */
enum preview_what { LETTER, DIGEST, HEADS_UP, COMMENTS, PAGE, REPORT };

struct preview_kind {
	const char	*name;
	enum preview_what what;
	const char	*template;	/* of a mail */
	enum page	 page;
	enum sample_unit unit;		/* DIGEST: whose reader; REPORT */
	bool		 member;	/* DIGEST: the staff copy */
	bool		 none;		/* DIGEST: nothing can be shown */
	bool		 error;		/* PAGE: something was wrong */
	bool		 from;		/* PAGE: the form, for a change */
	bool		 scale;		/* PAGE: by an answer's own link */
	const char	*action;	/* PAGE: before a sample's link */
};

struct preview {
	const struct conf	*conf;
	const struct conf_survey *survey;
	struct site		 site;		/* the survey's; borrows too */
	int64_t			 now;
	struct wave		 wave;		/* borrows; is not wiped */
	struct sample		 sample;
	struct trend		 trend;		/* of the sample */
	struct templates	*templates;
	struct compose		 compose;
	struct buf		 page;
	char			*link, *optout;	/* URLs */
};

/* The values of a mail in one language of the site; the caller frees it. */
struct view	*preview_view(const struct preview *p,
		    const struct preview_kind *k, size_t lang);

/* What a digest or a report tells; it borrows from p. */
struct digest	 preview_figures(const struct preview *p,
		    const struct preview_kind *k);

#endif
