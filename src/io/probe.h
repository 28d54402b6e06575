/*
 * probe.h - looks at a relay or a web server, and sends no mail.
 *
 * A session begun and ended: EHLO, TLS, AUTH, NOOP; or one GET or POST.  What
 * a mailer does with a relay is smtp.h's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_PROBE_H
#define SENSED_IO_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/reply.h"
#include "io/conf.h"

#define PROBE_SECONDS	5	/* to connect, and to wait for an answer */

enum probe_end {
	PROBE_GOOD,
	PROBE_UNREACHED,	/* nobody there, or no answer in time */
	PROBE_TLS,		/* no TLS, or a certificate that is not good */
	PROBE_LOGIN,		/* the relay refuses our login */
	PROBE_ODD		/* it answers, and not as expected */
};

struct probe {
	enum probe_end	end;
	char		words[REPLY_WORDS + 1];	/* of what went wrong */
	int		code;		/* of the last reply, or of HTTP */

	/* of a relay */
	bool		tls, login;
	bool		size, utf8, eight;	/* offered after EHLO */

	/* of a web server */
	int64_t		date;		/* of its answer; 0: none */
	int64_t		expires;	/* of its certificate; 0: none */
	bool		ours;		/* the page comes from sensed.cgi */
};

/*
 * Looks at one relay of m as the mailer would use it; after smtp_start.
 * Without a password (NULL) it does not log in.  ERR_INPUT: as smtp_tls;
 * ERR_SYS.
 */
enum err_code	probe_relay(const struct conf_mail *m, const char *relay,
		    const char *password, struct probe *out, struct err *e)
		    MUST_USE;

/*
 * Gets a URL, or posts a form's body to it, with itself as the referrer.  A
 * code of 0: nobody was reached.  ERR_SYS.
 */
enum err_code	probe_request(const char *url, const char *body,
		    struct probe *out, struct err *e) MUST_USE;

/* Fetches a page of ours that is there; *out is as after a GET.  ERR_SYS. */
enum err_code	probe_web(const char *url, struct probe *out, struct err *e)
		    MUST_USE;

#endif
