/*
 * preview_parts.h - what a kind of preview is made of.
 *
 * Nobody but preview*.c includes this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_PREVIEW_PARTS_H
#define SENSED_IO_PREVIEW_PARTS_H

#include "core/page.h"
#include "core/sample.h"
#include "io/preview.h"

enum preview_what { LETTER, DIGEST, PAGE, REPORT };

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

#endif
