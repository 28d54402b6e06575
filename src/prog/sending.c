/*
 * sending.c - mails the digests of published waves.
 *
 * The second step of sensed-digest: it needs the network, and no key but the
 * organisation's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "io/delivery.h"
#include "io/history.h"
#include "io/sandbox.h"
#include "io/smtp.h"
#include "prog/outcome.h"
#include "prog/password.h"
#include "prog/prog.h"
#include "prog/sending.h"

static const char *const words[DIGESTS__MAX] = {
	[DIGESTS_FIGURES] = "digests",
	[DIGESTS_REVIEW] = "mails with comments to their reader",
	[DIGESTS_COMMENTS] = "mails with released comments",
};

static void
log_delivery(const char *wave, enum digests_kind kind,
    const struct delivery_result *r)
{
	if (r->sent > r->copies)
		log_info("%s: %" PRIu64 " %s went out", wave,
		    r->sent - r->copies, words[kind]);
	if (r->copies > 0)
		log_info("%s: %" PRIu64 " staff copies went out", wave,
		    r->copies);
	if (r->temporary + r->refused + r->uncertain > 0)
		log_warn("%s: %u %s put off, %u refused, %u uncertain; "
		    "the relay's words: %s", wave, r->temporary, words[kind],
		    r->refused, r->uncertain, r->words);
	if (r->unreached)
		log_warn("%s: no relay can be reached; run again later", wave);
	if (r->expired)
		log_warn("%s: %s that could not be sent for %d days are "
		    "given up", wave, words[kind], DELIVERY_DAYS);
}

/* The first of two codes that is an error. */
static enum err_code
worse(enum err_code a, enum err_code b)
{
	return a != ERR_OK ? a : b;
}

/* waits, if not NULL, tells whether it is for another wave to go first. */
static enum err_code
send_wave(const struct mailing *m, const char *wave, bool *waits)
{
	struct delivery_result	r;
	struct outcome		outcome;
	struct err		e;
	enum err_code		rc, all = ERR_OK;
	int			kind;

	outcome_init(&outcome);
	for (kind = 0; kind < DIGESTS__MAX; kind++) {
		rc = delivery_run(m, wave, (enum digests_kind)kind, &r, &e);
		log_delivery(wave, (enum digests_kind)kind, &r);
		if (waits != NULL)
			*waits |= r.waits[0] != '\0';
		else if (r.waits[0] != '\0')
			log_info("%s: its digests wait for wave %s, so that "
			    "whoever leads in both gets one mail", wave,
			    r.waits);
		outcome_add(&outcome, wave, &r, rc, &e);
		all = worse(all, rc);
	}
	outcome_tell(&outcome, m->conf->state_dir, wave);
	return all;
}

static enum err_code
send_all(const struct mailing *m)
{
	enum err_code	  rc;
	struct err	  e;
	size_t		  n, i;
	char		**wave;
	bool		 *waits;

	if ((rc = history_list(m->conf->state_dir, &wave, &n, &e)) != ERR_OK)
		log_err("%s", e.msg);
	waits = mem_zero(n, sizeof(*waits));
	for (i = 0; i < n; i++)
		if (atomic_load(m->stop) == 0)
			rc = worse(rc, send_wave(m, wave[i], &waits[i]));
	/* Those that waited for one of the same run. */
	for (i = 0; i < n; i++) {
		if (waits[i] && atomic_load(m->stop) == 0)
			rc = worse(rc, send_wave(m, wave[i], NULL));
		free(wave[i]);
	}
	free(wave);
	free(waits);
	return rc;
}

int
sending_run(const struct conf *c, const char *wave)
{
	int64_t		 last = 0;
	struct mailing	 m = { .conf = c, .stop = &prog_stop, .last = &last };
	struct coming	*coming = NULL;
	char		*password = NULL;
	struct err	 e;
	enum err_code	 rc;

	if ((rc = smtp_start(&e)) != ERR_OK ||
	    (rc = password_read(c, &password, &e)) != ERR_OK) {
		log_err("%s", e.msg);
		return prog_conf_status(rc);
	}
	m.password = password;
	rc = sandbox_enter(SANDBOX_SENDER, c->state_dir, c->templates, &e);
	if (rc == ERR_OK)
		rc = sides_coming(c->state_dir, &coming, &m.n_coming, &e);
	m.coming = coming;
	if (rc != ERR_OK)
		log_err("%s", e.msg);
	else
		rc = wave != NULL ? send_wave(&m, wave, NULL) : send_all(&m);
	password_wipe(password);
	free(coming);
	return prog_sysexit(rc);
}
