/*
 * sensed-bounce.c - reads one message that came back, from standard input.
 *
 * A pipe of the mail system.  The message is taken apart in a process that can
 * reach nothing; what is left of it are a class and a few IDs, which this
 * process, in a sandbox of its own, holds against the key and notes.  Nothing
 * of the message is stored, logged or printed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "io/bounce.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/healthlog.h"
#include "io/state.h"
#include "prog/confine.h"
#include "prog/owner.h"
#include "prog/prog.h"

#define REST_MAX	((size_t)64 << 20)	/* thrown away unread */

struct job {
	const struct conf	*conf;
	struct returned		*found;		/* shared with the child */
};

static void
usage(FILE *to)
{
	fputs("usage: sensed-bounce [-v] [-c FILE]\n"
	    "\n"
	    "Reads one message that came back to mail.return_path from\n"
	    "standard input, and notes what it means.\n"
	    "  -c FILE    configuration (" PROG_CONF ")\n"
	    "  -v         say more\n"
	    "  --version  print the version\n"
	    "  --help     print this\n", to);
}

/* Reads until there is no more, or it is full; false: errno tells. */
static bool
read_in(char *to, size_t size, size_t *len)
{
	ssize_t n;

	for (*len = 0; *len < size; *len += (size_t)n) {
		do
			n = read(STDIN_FILENO, to + *len, size - *len);
		while (n == -1 && errno == EINTR);
		if (n == -1)
			return false;
		if (n == 0)
			break;
	}
	return true;
}

/* The step in a process of its own. */
static int
take_apart(void *arg)
{
	struct job	*w = arg;
	char		*data = mem_zero(1, BOUNCE_BYTES);
	char		*rest = mem_zero(1, BOUNCE_BYTES);
	size_t		 len, more = BOUNCE_BYTES, all = 0;

	if (!read_in(data, BOUNCE_BYTES, &len)) {
		log_err("standard input cannot be read");
		return EX_TEMPFAIL;
	}
	/* a mail system may take it amiss if its pipe closes too early */
	while (more == BOUNCE_BYTES && all < REST_MAX &&
	    read_in(rest, BOUNCE_BYTES, &more))
		all += more;
	bounce_read(data, len, w->conf->site.return_path, w->found);
	free(data);
	free(rest);
	return EX_OK;
}

static bool
has_ids_to_check(const struct returned *r)
{
	return r->class != BOUNCE_NONE && r->class < BOUNCE__MAX &&
	    r->n > 0 && r->n <= RETURNED_IDS;
}

/* Before the first import nothing was mailed, and nothing can come back. */
static enum err_code
note(const struct conf *c, const struct returned *r, struct err *e)
{
	char		*key = state_path(c->state_dir,
			    STATE_ORGANISATION_KEY, NULL);
	int64_t		 now = clock_now();
	bool		 there;
	enum err_code	 rc = file_there(key, &there, e);

	free(key);
	if (rc != ERR_OK || !there)
		return rc;
	if ((rc = healthlog_make(c->state_dir, e)) == ERR_OK)
		rc = sandbox_enter(SANDBOX_BOUNCE, c->state_dir, c->templates,
		    e);
	if (rc == ERR_OK)
		rc = healthnote_bounce(c->state_dir, r, now, e);
	return rc == ERR_ABSENT ? ERR_OK : rc;
}

static int
run(const struct conf *c)
{
	struct job	w = { .conf = c };
	struct err	e;

	w.found = mmap(NULL, sizeof(*w.found), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w.found == MAP_FAILED) {
		log_err("no memory to share");
		return EX_TEMPFAIL;
	}
	bounce_start();
	if (confine(SANDBOX_READER, c, take_apart, &w) != EX_OK)
		return EX_TEMPFAIL;
	if (!has_ids_to_check(w.found) || note(c, w.found, &e) == ERR_OK)
		return EX_OK;
	log_err("%s", e.msg);
	return EX_TEMPFAIL;
}

static int
work(const char *path)
{
	struct conf	conf;
	struct owner	owner;
	struct err	e;

	mem_guard(true);	/* glib does not look at every allocation */
	if (prog_conf(path, &conf, &e) == ERR_OK &&
	    owner_become(conf.state_dir, &owner, &e) == ERR_OK)
		return run(&conf);	/* the process ends: nothing is freed */
	log_err("%s", e.msg);
	return EX_TEMPFAIL;
}

/*
 * Whatever ends the work, want of memory too, the mail system must keep the
 * message: it gives up on most other statuses.
 */
static int
keep_on_failure(const char *path)
{
	pid_t	pid, ended;
	int	status;

	if ((pid = fork()) == 0)
		_exit(work(path));
	if (pid == -1) {
		log_err("fork: %s", strerror(errno));
		return EX_TEMPFAIL;
	}
	do
		ended = waitpid(pid, &status, 0);
	while (ended == -1 && errno == EINTR);
	if (ended != pid || !WIFEXITED(status)) {
		log_err("ended by signal %d", WTERMSIG(status));
		return EX_TEMPFAIL;
	}
	return WEXITSTATUS(status) == EX_OK ? EX_OK : EX_TEMPFAIL;
}

int
main(int argc, char **argv)
{
	const char	*path = PROG_CONF;
	int		 status;

	if ((status = prog_options(&argc, &argv, &path, usage)) != -1)
		return status;
	if (argc > 0) {
		usage(stderr);
		return EX_USAGE;
	}
	return keep_on_failure(path);
}
