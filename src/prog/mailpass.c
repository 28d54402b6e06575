/*
 * mailpass.c - all of a mailer's life: one pass over everything that mails.
 *
 * A fault of one wave does not keep the mail of another, nor does its length.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/pace.h"
#include "io/clock.h"
#include "io/mailing.h"
#include "io/orders.h"
#include "io/sandbox.h"
#include "io/smtp.h"
#include "prog/alerts.h"
#include "prog/attend.h"
#include "prog/leaders.h"
#include "prog/mailer.h"
#include "prog/passlog.h"
#include "prog/password.h"
#include "prog/progress.h"
#include "prog/prog.h"

#define PASS	((int64_t)600000000)	/* of clock_steady: ten minutes */

static void
show(void *arg, uint64_t done, uint64_t all)
{
	progress_show(arg, "mailed", done, all);
}

/* An order waited for the end of the pass: true when it was given. */
static bool
let(const struct mailing *m, const struct wave_ref *wave)
{
	log_info("%s: mailing waits for an order", wave->name);
	if (orders_let(m->conf->state_dir, wave->name, m->stop))
		return true;
	if (atomic_load(m->stop) == 0)
		log_warn("%s: whoever has an order does not give it, and holds "
		    "up the mail: is a sensectl stopped?", wave->name);
	return false;
}

static enum err_code
mail_wave(const struct mailing *m, const struct wave_ref *wave, bool once,
    bool *more)
{
	struct mailing_result	r;
	struct err		e;
	enum err_code		rc;

	do {
		rc = mailing_run(m, wave, &r, &e);
		passlog(wave->name, &r);
		attend_pass(m->conf->state_dir, wave->name, &r, rc, &e);
	} while (r.awaited && rc == ERR_OK && let(m, wave));
	if (rc == ERR_OK && r.awaited && atomic_load(m->stop) == 0)
		return ERR_BUSY;
	if (rc == ERR_OK && r.paused && once)
		log_warn("%s: mailing is paused; 'sensectl resume %s' goes on",
		    wave->name, wave->name);
	*more |= r.more;
	return rc;
}

static enum err_code
mail_waves(struct mailing *m, const struct wave_ref *wave, size_t n,
    struct turns *t, bool *more)
{
	enum err_code	rc, worst = ERR_OK;
	size_t		i;

	for (i = 0; i < n && atomic_load(m->stop) == 0; i++) {
		m->until = turns_next(t, clock_steady());
		atomic_fetch_add(m->steps, 1);
		rc = mail_wave(m, &wave[i], t->end == 0, more);
		if (worst == ERR_OK)
			worst = rc;
	}
	return worst;
}

/*
 * Nothing waits for a wave that takes hours: what needs a person and the word
 * to leaders go first, and of the time each has an equal part.  At the end
 * again what needs a person, since a wave may just have come to it.
 */
static enum err_code
mail_all(struct mailing *m, bool once, bool *more)
{
	struct turns	 t = { once ? 0 : clock_steady() + PASS, 1 };
	struct wave_ref	*wave;
	struct err	 e;
	enum err_code	 rc, leaders;
	size_t		 n = 0;

	rc = waves_list(m->conf->state_dir, &wave, &n, &e);
	if (rc != ERR_OK)
		log_err("%s", e.msg);
	t.n += m->conf->n_surveys + n;
	m->until = turns_next(&t, clock_steady());
	alerts_mail(m);
	leaders = leaders_mail(m, &t, more);
	if (rc == ERR_OK) {
		rc = mail_waves(m, wave, n, &t, more);
		free(wave);
	}
	m->until = t.end;
	alerts_mail(m);
	return rc != ERR_OK ? rc : leaders;
}

/* Nobody but a person puts a password there. */
static enum err_code
read_password(const struct conf *c, char **password, struct err *e)
{
	struct err	words;
	enum err_code	rc = password_read(c, password, e);

	if (rc != ERR_OK)
		err_set(&words, rc, "no mail goes out: %s", e->msg);
	attend(c->state_dir, STATE_ATTENTION_MAIL, "relay",
	    rc != ERR_OK ? words.msg : NULL);
	return rc;
}

int
mailpass(const struct conf *c, struct mailer_memory *memory, bool once)
{
	struct progress	 progress = { 0 };
	struct mailing	 m = { .conf = c, .stop = &prog_stop,
			    .seen = memory->seen, .steps = &memory->steps,
			    .last = &memory->last, .arg = &progress,
			    .progress = once ? show : NULL };
	char		*password = NULL;
	struct err	 e;
	enum err_code	 rc;

	if ((rc = smtp_start(&e)) != ERR_OK ||
	    (rc = read_password(c, &password, &e)) != ERR_OK ||
	    (rc = sandbox_enter(SANDBOX_MAILER, c->state_dir, c->templates,
	    &e)) != ERR_OK) {
		log_err("%s", e.msg);
		return prog_conf_status(rc);
	}
	m.password = password;
	rc = mail_all(&m, once, &memory->more);
	progress_end(&progress);
	password_wipe(password);
	return prog_sysexit(rc);
}
