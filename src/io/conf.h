/*
 * conf.h - the configuration, checked whole.
 *
 * DESIGN 6.  Unknown keys, wrong types, numbers out of range, control
 * characters and missing files are refused with file and line.  The question
 * and prompt files of every survey are read too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_CONF_H
#define SENSED_IO_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "core/publication.h"
#include "core/question.h"
#include "core/site.h"
#include "core/wave.h"

#define RELAYS_MAX	8
#define SURVEYS_MAX	4

enum conf_tls {
	TLS_AUTO,	/* required but on loopback */
	TLS_REQUIRE,
	TLS_NONE	/* refused for a relay that is not loopback */
};

struct conf_mail {
	char		*relay[RELAYS_MAX];	/* smtp:// or smtps:// */
	size_t		 n_relays;
	enum conf_tls	 tls;
	char		*user;			/* "" if none */
	char		*password_file;		/* "" if none */
	unsigned int	 connections;		/* 1..64 */
	unsigned int	 per_minute;		/* 0: no limit */
	unsigned int	 per_domain;		/* a minute; 0: no limit */
	char		*dkim_selector;		/* "" if none */
};

enum conf_kind {
	KIND_STAFF,
	KIND_SERVED	/* people served: other words for them */
};

struct conf_survey {
	char			 name[SURVEY_NAME_MAX + 1];
	enum conf_kind		 kind;
	struct site		 site;	/* for those it asks: borrowed */
	char			*lawful_basis;	/* "": see conf_survey.c */
	char			*contact;	/* "": conf.site's */
	struct support		*support;	/* none: conf.site's */
	size_t			 n_support;
	struct question_set	 questions;
	struct prompts		 prompts;	/* may be empty */
	char			*opens;		/* RRULE, "" if none */
	char			*opens_at;	/* "FILE:LINE: KEY " of it */
	unsigned int		 open_days;	/* 1..60 */
	unsigned int		 heads_up;	/* days; 0: none */
	unsigned int		 n_reminders;
	unsigned int		 reminder[REMINDERS_MAX];	/* days */
	bool			 weekends;
	bool			 staff_copy;
	unsigned int		 comments;	/* level of the tree; 0: off */
	char			*question_file;
	char			*prompt_file;	/* "" if none */
};

struct conf {
	struct site		 site;
	char			*state_dir;
	char			*templates;
	char			*timezone;
	char			*operator_address;	/* "" if none */
	struct conf_mail	 mail;
	unsigned int		 workers;	/* 0: four a core */
	unsigned int		 min_group;
	enum protect		 protect;
	struct conf_survey	 survey[SURVEYS_MAX];
	size_t			 n_surveys;
};

/* Reads and checks; the caller wipes.  ERR_INPUT: "FILE:LINE: ...". */
enum err_code		 conf_read(const char *path, struct conf *c,
			    struct err *e) MUST_USE;
void			 conf_wipe(struct conf *c);

/* The survey with this name, or NULL. */
const struct conf_survey *conf_survey(const struct conf *c, const char *name);

/* What those whom it asks read of us; the first survey's if it has gone. */
const struct site	*conf_site(const struct conf *c, const char *survey);

/* True if a relay of conf_mail is on this machine: STANDARDS M10. */
bool			 conf_relay_loopback(const char *relay);

#endif
