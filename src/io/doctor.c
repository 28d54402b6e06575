/*
 * doctor.c - runs the strands, and passes on what they find, in order.
 *
 * A line in the pipe is a digit, the level, and the words.  A child writes
 * whole lines, each shorter than a pipe takes at once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "io/clock.h"
#include "io/doctor_parts.h"
#include "io/file.h"
#include "io/resolver.h"
#include "io/smtp.h"

#define STRANDS_MAX	(RELAYS_MAX + 2)
#define LINE_MAX_BYTES	1024
#define ALL_MAX		(64U << 10)	/* of one strand */
#define SECOND		1000000	/* of clock_steady */
#define MS		1000

struct child {
	void		(*run)(const struct strand *s);
	const char	*what;
	pid_t		 pid;
	int		 from;		/* -1: it has ended */
	struct buf	 said;
};

struct ward {
	struct child	of[STRANDS_MAX];
	size_t		n;
};

void
strand_say(const struct strand *s, enum doctor_level level, const char *fmt,
    ...)
{
	struct buf	 b;
	va_list		 ap;
	char		*words, *p;

	va_start(ap, fmt);
	words = mem_vfmt(fmt, ap);
	va_end(ap);
	for (p = words; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';	/* a stranger's answer may be in it */
	buf_init(&b, LINE_MAX_BYTES);
	buf_addf(&b, "%d%.*s\n", (int)level, LINE_MAX_BYTES - 2, words);
	(void)!file_write_all(s->out, buf_str(&b), b.len);
	buf_wipe(&b);
	free(words);
}

static enum err_code
start(struct child *c, const struct doctor *d, size_t number, struct err *e)
{
	struct strand	s = { d, number, -1 };
	pid_t		parent = getpid();
	int		ends[2];

	buf_init(&c->said, ALL_MAX);
	if (pipe(ends) == -1)
		return err_sys(e, "pipe");
	if ((c->pid = fork()) == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[0]);
		s.out = ends[1];
		if (getppid() == parent)
			c->run(&s);
		_exit(0);
	}
	close(ends[1]);
	c->from = ends[0];
	return c->pid == -1 ? err_sys(e, "fork") : ERR_OK;
}

/* Takes what one has said; at its end, the pipe is closed. */
static void
hear(struct child *c)
{
	char	piece[LINE_MAX_BYTES];
	ssize_t	n = read(c->from, piece, sizeof(piece));

	if (n > 0) {
		buf_add(&c->said, piece, (size_t)n);
	} else if (n == 0 || errno != EINTR) {
		close(c->from);
		c->from = -1;
	}
}

/* Until all have ended, or the time is over. */
static void
listen_to(struct ward *w)
{
	int64_t		end = clock_steady() + DOCTOR_SECONDS * SECOND, left;
	struct pollfd	fds[STRANDS_MAX];
	size_t		i;
	bool		any;

	do {
		any = false;
		for (i = 0; i < w->n; i++) {
			fds[i] = (struct pollfd){ w->of[i].from, POLLIN, 0 };
			any |= w->of[i].from != -1;
		}
		left = end - clock_steady();
		if (!any || left <= 0 ||
		    poll(fds, w->n, (int)(left / MS) + 1) <= 0)
			continue;
		for (i = 0; i < w->n; i++)
			if (fds[i].revents != 0)
				hear(&w->of[i]);
	} while (any && left > 0);
}

static void
tell_lines(const struct child *c, doctor_tell *tell, void *arg)
{
	const char	*p = buf_str(&c->said);
	char		*line;
	size_t		 n;

	for (; *p != '\0'; p += n + (p[n] != '\0')) {
		n = strcspn(p, "\n");
		line = mem_dup(p, n);
		if (n > 1 && *p >= '0' && *p <= '0' + DOCTOR_PROBLEM)
			tell(arg, (enum doctor_level)(*p - '0'), line + 1);
		free(line);
	}
}

static void
finish(struct child *c, doctor_tell *tell, void *arg)
{
	bool	late = c->from != -1;
	char	*words;
	int	status = 0;

	if (late) {
		kill(c->pid, SIGKILL);
		close(c->from);
	}
	while (waitpid(c->pid, &status, 0) == -1 && errno == EINTR)
		continue;
	tell_lines(c, tell, arg);
	if (late || !WIFEXITED(status)) {
		words = mem_fmt("%s: not known: %s; run this again, and look "
		    "at the network if it stays so", c->what, late ?
		    "the answers came too slowly" : "the look at it failed");
		tell(arg, DOCTOR_WARNING, words);
		free(words);
	}
	buf_wipe(&c->said);
}

static void
add(struct ward *w, void (*run)(const struct strand *s), const char *what)
{
	w->of[w->n++] = (struct child){ .run = run, .what = what, .from = -1 };
}

/* The form of the resolver's address, before any child says it. */
static enum err_code
check_resolver(const char *server, struct err *e)
{
	struct resolver	*r = NULL;
	enum err_code	 rc;

	if (server == NULL)
		return ERR_OK;
	rc = resolver_open(server, &r, e);
	resolver_close(&r);
	return rc;
}

enum err_code
doctor_run(const struct doctor *d, doctor_tell *tell, void *arg,
    struct err *e)
{
	struct ward	w = { .n = 0 };
	enum err_code	rc;
	size_t		i, started;

	if ((rc = check_resolver(d->resolver, e)) != ERR_OK ||
	    (rc = smtp_start(e)) != ERR_OK)
		return rc;
	add(&w, strand_names, "SPF, DKIM, DMARC and reverse DNS");
	for (i = 0; i < d->conf->mail.n_relays; i++)
		add(&w, strand_relay, d->conf->mail.relay[i]);
	add(&w, strand_web, "web.base_url");
	for (started = 0; started < w.n && rc == ERR_OK; started++)
		rc = start(&w.of[started], d, started - 1, e);
	w.n = started;
	if (rc == ERR_OK)
		listen_to(&w);
	for (i = 0; i < started; i++)
		if (w.of[i].pid > 0)
			finish(&w.of[i], tell, arg);
	return rc;
}
