/*
 * ctl_canary.c - the canary of sensectl check-logs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/canary.h"
#include "io/smtp.h"
#include "prog/ctl_canary.h"
#include "prog/owner.h"

#define LOG_MS	1000	/* a server may write the line after its answer */

/* What the child tells: shared memory. */
struct shared {
	struct canary	canary;
	enum err_code	rc;
	struct err	e;
};

static void
told(void *arg, const char *method, const char *url, const struct probe *p)
{
	(void)arg;
	if (p->code == 0)
		printf("%s %s: nobody there (%s)\n", method, url, p->words);
	else
		printf("%s %s: %d, %s\n", method, url, p->code, p->ours ?
		    "by our pages" : "not by our pages");
}

/* Strangers may answer: never as root, and libcurl stays in the child. */
static void
request(const struct conf *c, struct shared *s)
{
	struct owner o;

	s->canary.told = told;
	if ((s->rc = owner_become(c->state_dir, &o, &s->e)) != ERR_OK ||
	    (s->rc = smtp_start(&s->e)) != ERR_OK)
		return;
	s->rc = canary_request(&s->canary, c->site.base_url, &s->e);
}

static void
print_next(const char *dir, bool up)
{
	printf("\n%s.  A server logs elsewhere when %s; do that too:\n",
	    up ? "Our pages answered" : "Our pages did not answer",
	    up ? "they do not" : "they do");
	if (up)
		printf("  systemctl stop sensed-answer.socket "
		    "sensed-answer.service\n"
		    "  sensectl check-logs %s\n"
		    "  systemctl start sensed-answer.socket\n", dir);
	else
		printf("  systemctl start sensed-answer.socket\n"
		    "  sensectl check-logs %s\n", dir);
	puts("And search the journal, each time:\n"
	    "  journalctl -o export --since today | sensectl check-logs -\n");
}

enum err_code
ctl_canary_request(const struct ctl *c, struct err *e)
{
	struct shared	*s;
	enum err_code	 rc;
	pid_t		 pid;
	int		 status = 0;

	s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s == MAP_FAILED)
		return err_sys(e, "no memory to share");
	s->rc = err_set(&s->e, ERR_SYS, "the request of the canary failed");
	fflush(stdout);		/* or the child says it again */
	if ((pid = fork()) == 0) {
		request(c->conf, s);
		fflush(stdout);
		_exit(0);
	}
	while (pid != -1 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	*e = s->e;
	if ((rc = s->rc) == ERR_OK) {
		print_next(c->arg, s->canary.ours > 0);
		fflush(stdout);
		poll(NULL, 0, LOG_MS);
	}
	munmap(s, sizeof(*s));
	return rc;
}

void
ctl_canary_show(const struct conf *c)
{
	const char	*body;
	char		*url;
	size_t		 i;

	puts("Nothing is requested.  What follows proves something only if "
	    "these were opened\nthrough the web server before, with the pages "
	    "up and with them down, and at port 80\ntoo:");
	for (i = 0; (url = canary_url(i, c->site.base_url, &body)) != NULL;
	    i++) {
		printf("  %s%s\n", url, body != NULL ? " (POST)" : "");
		free(url);
	}
	putchar('\n');
}
