/*
 * compose.h - from templates to the finished bytes of one mail.
 *
 * The part that wave mails and digests share.  One compose belongs to one
 * thread and is used again for mail after mail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_COMPOSE_H
#define SENSED_IO_COMPOSE_H

#include "base/buf.h"
#include "base/crypt.h"
#include "base/err.h"
#include "core/site.h"
#include "core/stencil.h"
#include "io/smtp.h"
#include "io/template.h"

struct compose {
	struct buf	subject, text, html, lang;
	struct buf	id;		/* Message-ID without <> */
	struct buf	sender, to;	/* of the envelope */
	struct buf	name;		/* of whom it is to */
	struct buf	data;
	/* set by compose_use, until compose_begin: */
	const struct draft	*draft;
	const char *const	*values;
};

/* What a mail is, beside its words. */
struct envelope {
	const char	*to_name, *to_address;
	const char	*survey;	/* for List-Id */
	const char	*unsubscribe;	/* URL; NULL: none */
	const char	*bounce;	/* opaque ID in the return path (M9) */
	int64_t		 now;
};

void		compose_init(struct compose *c);
void		compose_wipe(struct compose *c);

/* Empties it and makes the Message-ID from a key and what it stands for. */
void		compose_begin(struct compose *c, const struct site *site,
		    const unsigned char key[CRYPT_KEY], const char *what);

/* What a mail says in each of some languages. */
struct compose_words {
	const char		*name;	/* of its templates */
	const struct langs	*langs;
	/* Its values in language i of langs; compose_render frees them. */
	struct view		*(*view)(const void *arg, size_t i);
	const void		*arg;
};

/*
 * Renders NAME.subject, NAME.text and NAME.html in one language, by its
 * number; in all of them, one below the other, where there is none of that
 * number: both, not said or gone.  One subject, one text, one HTML document.
 * To the values of each language come subject (the whole one), first and last
 * (flags: does it begin or end the document?), and to those of the first
 * others, a list of code and words: what is below, each in its own language.
 * As templates_render.
 */
enum err_code	compose_render(struct compose *c, struct templates *t,
		    const struct compose_words *w, size_t lang, struct err *e)
		    MUST_USE;

/* A mail that was rendered once for many people. */
struct draft {
	struct stencil	*subject, *text, *html;
	char		*lang;
};

/*
 * Makes one of what compose_render rendered with marks for values.  The caller
 * wipes it.  ERR_INPUT: it holds what no mail may hold.
 */
enum err_code	compose_draft(const struct compose *c, struct draft *d,
		    struct err *e) MUST_USE;
void		draft_wipe(struct draft *d);

/* In place of compose_render; both must outlive compose_end. */
void		compose_use(struct compose *c, const struct draft *d,
		    const char *const value[STENCIL_SLOTS]);

/*
 * Builds the message.  *mail points into c, good until compose_begin.
 * ERR_INPUT as message_build, or a domain that idn.h does not know.
 */
enum err_code	compose_end(struct compose *c, const struct site *site,
		    const struct envelope *env, struct smtp_mail *mail,
		    struct err *e) MUST_USE;

#endif
