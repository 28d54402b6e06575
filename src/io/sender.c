/*
 * sender.c - from relay to relay, with one mail.
 *
 * Before MAIL no relay has the mail, so that going on to the next can never
 * send it twice.  A refusal that is ours ends the search: the administrator is
 * to hear of it, not to have it hidden by a relay that takes everything.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/rota.h"
#include "io/clock.h"
#include "io/sender.h"

#define SECOND	1000000	/* of clock_steady */

struct sender {
	struct smtp	*smtp;
	struct rota	 rota;
};

enum err_code
sender_open(const struct conf_mail *m, size_t number, const char *password,
    atomic_uint *steps, struct sender **out, struct err *e)
{
	struct sender	*s = mem_zero(1, sizeof(*s));
	enum err_code	 rc;

	if ((rc = smtp_open(m, password, steps, &s->smtp, e)) != ERR_OK) {
		free(s);
		return rc;
	}
	rota_init(&s->rota, m->n_relays, number);
	*out = s;
	return ERR_OK;
}

void
sender_send(struct sender *s, const struct smtp_mail *m,
    struct smtp_result *r)
{
	size_t n;

	for (n = 0; n < s->rota.n; n++) {
		smtp_send(s->smtp, rota_pick(&s->rota, clock_steady() / SECOND),
		    m, r);
		if (!r->no_session || r->class != CLASS_TEMPORARY)
			return;
		rota_down(&s->rota, clock_steady() / SECOND);
	}
}

void
sender_close(struct sender **s)
{
	if (*s == NULL)
		return;
	smtp_close(&(*s)->smtp);
	free(*s);
	*s = NULL;
}
