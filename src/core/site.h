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
	bool		 staff_copy;	/* some survey sends staff a copy */
};

#endif
