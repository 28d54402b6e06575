/*
 * preview.h - a mail or page as it would look, filled with sample data.
 *
 * The configuration and the templates are the real ones; the person, the unit
 * and the figures are core/sample.h's.  Needs no roster, key, wave or network,
 * and knows no token: every link in it is a sample's, or leads to the help
 * page.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_PREVIEW_H
#define SENSED_IO_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "io/conf.h"
#include "io/smtp.h"

struct preview;

/* What can be shown, in the order in which people meet it. */
struct preview_kind;

/* The kinds, one after another: NULL begins, NULL behind the last. */
const struct preview_kind *preview_next(const struct preview_kind *k);

/* "invitation", "form" and so on. */
const char	*preview_name(const struct preview_kind *k);
bool		 preview_is_mail(const struct preview_kind *k);

/*
 * True if a kind is meant by a word: its name, the part of its name before a
 * hyphen ("digest" means "digest-hidden" too), or "all".
 */
bool		 preview_means(const struct preview_kind *k, const char *word);

/* False if nobody gets it, as the survey is configured. */
bool		 preview_occurs(const struct preview_kind *k,
		    const struct conf_survey *s);

/*
 * For one survey, as if its wave opened now; conf must outlive it.  ERR_SYS,
 * or what sample_make says.
 */
enum err_code	 preview_new(const struct conf *conf,
		    const struct conf_survey *s, int64_t now,
		    struct preview **out, struct err *e) MUST_USE;
void		 preview_free(struct preview **p);

/* One preview's bytes, good until the next call; text and mail: NULL if it is
 * a page. */
struct preview_shown {
	const char	*html, *text;
	const char	*mail;
	size_t		 mail_len;
};

/*
 * In a configured language, or, for mails, in "both": all of them.  ERR_INPUT,
 * ERR_ABSENT: a template is wrong (file and line) or is not there.
 */
enum err_code	 preview_show(struct preview *p, const struct preview_kind *k,
		    const char *lang, struct preview_shown *out,
		    struct err *e) MUST_USE;

/*
 * The same mail to an address, marked in its subject as a test; all its links
 * lead to the help page.  Good until the next call.
 */
enum err_code	 preview_test(struct preview *p, const struct preview_kind *k,
		    const char *lang, const char *address,
		    struct smtp_mail *mail, struct err *e) MUST_USE;

#endif
