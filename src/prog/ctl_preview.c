/*
 * ctl_preview.c - sensectl preview and test-mail: looking before sending.
 *
 * Neither needs a roster, a key or a wave.  The address of a test mail is
 * never printed, logged or put into an error.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "io/clock.h"
#include "io/preview.h"
#include "io/previews.h"
#include "io/sender.h"
#include "prog/ctl.h"
#include "prog/password.h"

#define OUT	"preview"
#define KIND	"invitation"

/* What became of it, for a person; and the code that makes the exit status. */
static const struct {
	const char	*words;
	enum err_code	 code;
} ends[CLASS__MAX] = {
	[CLASS_SENT] = { "sent: the relay has taken the mail", ERR_OK },
	[CLASS_TEMPORARY] = { "not now: the relay or the way to it refuses "
	    "for the moment", ERR_BUSY },
	[CLASS_REFUSED_PERSON] = { "refused: the relay does not know the "
	    "address", ERR_REFUSED },
	[CLASS_REFUSED_SOFT] = { "refused: the mailbox is full, or the mail "
	    "too large for it", ERR_REFUSED },
	[CLASS_UNCLEAR] = { "refused: for no reason that can be told from the "
	    "reply", ERR_REFUSED },
	[CLASS_OURS] = { "refused: for a reason of ours; look at `mail` in "
	    "the configuration", ERR_REFUSED },
	[CLASS_UNCERTAIN] = { "uncertain: the connection ended before the "
	    "relay answered; the mail may arrive", ERR_BUSY },
};

enum err_code
ctl_preview(const struct ctl *c, struct err *e)
{
	const char	*dir = c->opt[CTL_OUT] != NULL ? c->opt[CTL_OUT] : OUT;
	enum err_code	 rc;
	size_t		 n;

	rc = previews_write(c->conf, c->arg, c->opt[CTL_LANG], dir,
	    clock_now(), &n, e);
	if (rc == ERR_OK)
		printf("%zu previews, with sample data: open %s/index.html\n",
		    n, dir);
	return rc;
}

static enum err_code
find_kind(const char *name, const struct preview_kind **out, struct err *e)
{
	const struct preview_kind *k = NULL;

	while ((k = preview_next(k)) != NULL)
		if (strcmp(preview_name(k), name) == 0 && preview_is_mail(k)) {
			*out = k;
			return ERR_OK;
		}
	return err_set(e, ERR_INPUT, "--kind %s: expected the name of a mail, "
	    "such as invitation or digest", name);
}

static enum err_code
check_lang(const struct langs *l, const char *lang, struct err *e)
{
	if (langs_find(l, lang) < l->n ||
	    (l->n > 1 && strcmp(lang, "both") == 0))
		return ERR_OK;
	return err_set(e, ERR_INPUT, "--lang %s: expected one of `languages`%s",
	    lang, l->n > 1 ? ", or both" : "");
}

static enum err_code
send_mail(const struct conf *c, const struct smtp_mail *mail,
    struct smtp_result *r, struct err *e)
{
	struct sender	*s = NULL;
	char		*password = NULL;
	enum err_code	 rc;

	if (password_hidden(c))
		return err_set(e, ERR_INPUT, "the password is a systemd "
		    "credential, which this shell does not have; run "
		    "'" PASSWORD_RUN " test-mail ADDRESS'");
	if ((rc = smtp_start(e)) == ERR_OK)
		rc = password_read(c, &password, e);
	if (rc == ERR_OK)
		rc = sender_open(&c->mail, 0, password, NULL, &s, e);
	if (rc == ERR_OK)
		sender_send(s, mail, r);
	sender_close(&s);
	password_wipe(password);
	return rc;
}

static enum err_code
tell(const struct smtp_result *r, struct err *e)
{
	char code[16] = "";

	if (r->code > 0)
		snprintf(code, sizeof(code), "%d ", r->code);
	if (ends[r->class].code == ERR_OK) {
		printf("%s (%s%s)\n", ends[r->class].words, code, r->words);
		return ERR_OK;
	}
	return err_set(e, ends[r->class].code, "%s (%s%s)",
	    ends[r->class].words, code, r->words);
}

enum err_code
ctl_test_mail(const struct ctl *c, struct err *e)
{
	const struct conf_survey  *s = &c->conf->survey[0];
	const char		  *lang = c->opt[CTL_LANG] != NULL ?
				      c->opt[CTL_LANG] : s->site.langs.code[0];
	const struct preview_kind *k = NULL;
	struct preview		  *p = NULL;
	struct smtp_mail	   mail;
	struct smtp_result	   r;
	enum err_code		   rc;

	if (!address_valid(c->arg))
		return err_set(e, ERR_INPUT, "that is no mail address; "
		    "expected one such as name@example.org");
	rc = find_kind(c->opt[CTL_KIND] != NULL ? c->opt[CTL_KIND] : KIND, &k,
	    e);
	if (rc == ERR_OK)
		rc = check_lang(&s->site.langs, lang, e);
	if (rc == ERR_OK)
		rc = preview_new(c->conf, s, clock_now(), &p, e);
	if (rc == ERR_OK)
		rc = preview_test(p, k, lang, c->arg, &mail, e);
	if (rc == ERR_OK)
		rc = send_mail(c->conf, &mail, &r, e);
	preview_free(&p);
	return rc == ERR_OK ? tell(&r, e) : rc;
}
