/*
 * sensed-cgi.c - the answer handler, as CGI and as FastCGI.
 *
 * Reads the configuration once, then serves from inside its sandbox: it can
 * write answers/ alone and has no network but the web server's socket.  Nothing
 * it logs names a link, a code or an answer: a box number and an error at most
 * (STANDARDS M19).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "io/answer.h"
#include "io/clock.h"
#include "io/sandbox.h"
#include "io/web.h"
#include "prog/prog.h"

static void
usage(FILE *to)
{
	fputs("usage: sensed.cgi [-v] [-c FILE]\n"
	    "       sensed.cgi --version | --help\n"
	    "\n"
	    "Serves the answer pages.  It is started by a web server as CGI, "
	    "or with a\n"
	    "listening FastCGI socket on standard input.  Without -c the "
	    "environment's\n"
	    "SENSED_CONFIG names the configuration, else it is " PROG_CONF
	    ".\n", to);
}

struct handler {
	const struct conf	*conf;
	struct answer		*answer;
	bool			 fastcgi, inside;	/* the sandbox */
};

/* Tried again at the next request: a folder that is missing may be made. */
static bool
enter(struct handler *h)
{
	struct err e;

	if (h->inside)
		return true;
	if (sandbox_enter(h->fastcgi ? SANDBOX_FASTCGI : SANDBOX_CGI,
	    h->conf->state_dir, h->conf->templates, &e) == ERR_OK)
		h->inside = true;
	else
		log_err("%s", e.msg);
	return h->inside;
}

static void
begin(void *arg, bool fastcgi)
{
	struct handler *h = arg;

	h->fastcgi = fastcgi;
	(void)enter(h);
}

/* Never bare: outside its sandbox the handler knows 503 alone (P2). */
static void
serve(void *arg, const struct request_raw *in, struct web_reply *out)
{
	struct handler	*h = arg;
	struct err	 e;

	if (!enter(h))
		out->status = 503;
	else if (answer_request(h->answer, in, out, &e) != ERR_OK)
		log_err("%s", e.msg);
}

/* Without a configuration there is not even a page: 503, and no words. */
static void
serve_nothing(void *arg, const struct request_raw *in, struct web_reply *out)
{
	(void)arg;
	(void)in;
	out->status = 503;
}

/* As CGI the person is answered, if only so; a daemon just does not start. */
static int
run_without(bool cgi, enum err_code why)
{
	const struct web_service	nothing = { .handle = serve_nothing };
	struct err			e;

	if (cgi && web_serve(&nothing, &e) == ERR_OK)
		return EX_OK;
	return prog_conf_status(why);
}

static int
run(const char *path, bool cgi)
{
	struct handler		h = { .inside = false };
	struct web_service	service = { begin, serve, &h, 0 };
	struct conf		conf;
	struct err		e;
	enum err_code		rc;

	if ((rc = prog_conf(path, &conf, &e)) != ERR_OK) {
		log_err("%s", e.msg);
		return run_without(cgi, rc);
	}
	h.conf = &conf;
	h.answer = answer_new(&conf, clock_now);
	service.workers = conf.workers;
	rc = web_serve(&service, &e);
	answer_free(h.answer);
	conf_wipe(&conf);
	if (rc == ERR_OK)
		return EX_OK;
	log_err("%s", e.msg);
	return rc == ERR_INPUT ? EX_USAGE : prog_sysexit(rc);
}

int
main(int argc, char **argv)
{
	const char	*path = secure_getenv("SENSED_CONFIG");
	bool		 cgi = getenv("REQUEST_METHOD") != NULL;
	int		 status;

	if (path == NULL || path[0] == '\0')
		path = PROG_CONF;
	/* A web server may pass a query as arguments (RFC 3875, 4.4): never
	 * look at them then. */
	if (cgi)
		argc = 1;
	if ((status = prog_options(&argc, &argv, &path, usage)) != -1)
		return status;
	if (argc > 0) {
		usage(stderr);
		return EX_USAGE;
	}
	if (getuid() != geteuid() || getgid() != getegid()) {
		log_err("sensed.cgi must not be setuid or setgid");
		return EX_CONFIG;
	}
	/* What is freed is overwritten, in the libraries' hands too. */
	mallopt(M_PERTURB, 1);
	umask(0007);	/* boxes belong to the group too: STANDARDS P1 */
	return run(path, cgi);
}
