/*
 * site.h - what pages and mails know of the organisation.
 *
 * The part of the configuration that people read about.  Owned by io/conf.c;
 * the core only reads it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_SITE_H
#define SENSED_CORE_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/message.h"
#include "core/question.h"

struct support {
	char	*name;
	char	*contact;
	char	*checked;	/* "2026-11-01" */
};

/*
 * For a survey this is the organisation as those who are asked by it read of
 * it: what the survey has of its own stands here in place of the common.
 */
struct site {
	char		*organisation;
	char		*base_url;	/* ends in '/' */
	struct mailbox	 from;		/* the named person who asks */
	char		*reply_to;	/* "" if none */
	char		*return_path;	/* bounce address */
	struct langs	 langs;		/* the first decides unknown pages */
	struct support	*support;
	size_t		 n_support;
	char		*lawful_basis;	/* "" while not configured; also: */
	char		*contact;
	char		*server_control;
	unsigned int	 min_group;
	unsigned int	 keep_years;
	struct mailbox	 reader;	/* of comments; NULL if none */
	bool		 comments;	/* it asks for them */
	bool		 staff_copy;	/* who is asked gets a copy */
	bool		 served;	/* asked are people served, not staff */
	char		 survey[SURVEY_NAME_MAX + 1];	/* in the URLs of its
					 * help and privacy pages; "": theirs
					 * are the plain ones */
	bool		 scale_links;	/* answer_links = "scale" */
};

#endif
