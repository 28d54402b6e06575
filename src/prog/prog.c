/*
 * prog.c - options, configuration, signals, exit statuses.
 *
 * The one table from error codes to sysexits.  Reads the environment, which
 * nothing below the programs does.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "base/crypt.h"
#include "base/log.h"
#include "io/clock.h"
#include "prog/prog.h"

#define FLAGS_MAX	8
#define FIRST_FLAG	256	/* above every character */

atomic_int prog_stop;

static const int statuses[ERR__MAX] = {
	[ERR_OK] = EX_OK,
	[ERR_INPUT] = EX_DATAERR,
	[ERR_ABSENT] = EX_NOINPUT,
	[ERR_USED] = EX_UNAVAILABLE,
	[ERR_BUSY] = EX_TEMPFAIL,
	[ERR_REFUSED] = EX_UNAVAILABLE, [ERR_NEWER] = EX_UNAVAILABLE,
	[ERR_CORRUPT] = EX_SOFTWARE,
	[ERR_SYS] = EX_OSERR,
};

void
prog_batch(void)
{
	const struct sched_param none = { 0 };

	if (sched_getscheduler(0) == SCHED_OTHER &&
	    sched_setscheduler(0, SCHED_BATCH, &none) == -1)
		log_info("no batch scheduling: %s", strerror(errno));
}

int
prog_sysexit(enum err_code code)
{
	return code < ERR__MAX ? statuses[code] : EX_SOFTWARE;
}

int
prog_conf_status(enum err_code code)
{
	return code == ERR_INPUT || code == ERR_ABSENT ? EX_CONFIG :
	    prog_sysexit(code);
}

/* The long options; a flag's value is FIRST_FLAG and its place. */
static void
list_options(struct option *o, const struct prog_flag *flags)
{
	size_t i;

	*o++ = (struct option){ "version", no_argument, NULL, 'V' };
	*o++ = (struct option){ "help", no_argument, NULL, 'h' };
	for (i = 0; flags != NULL && flags[i].name != NULL && i < FLAGS_MAX;
	    i++)
		*o++ = (struct option){ flags[i].name, no_argument, NULL,
		    FIRST_FLAG + (int)i };
	*o = (struct option){ NULL, 0, NULL, 0 };
}

/* One option; -1 to go on, or the status to leave with. */
static int
take_option(int c, const char **conf, bool *verbose,
    void (*usage)(FILE *to), const struct prog_flag *flags)
{
	switch (c) {
	case 'c':
		*conf = optarg;
		return -1;
	case 'v':
		*verbose = true;
		return -1;
	case 'V':
		printf("%s %s\n", program_invocation_short_name,
		    PACKAGE_VERSION);
		return EX_OK;
	case 'h':
		usage(stdout);
		return EX_OK;
	default:
		if (c < FIRST_FLAG) {
			usage(stderr);
			return EX_USAGE;
		}
		*flags[c - FIRST_FLAG].on = true;
		return -1;
	}
}

int
prog_options_with(int *argc, char ***argv, const char **conf,
    void (*usage)(FILE *to), const struct prog_flag *flags)
{
	struct option	options[FLAGS_MAX + 3];
	bool		verbose = false;
	int		c, status = -1;

	umask(0077);
	prctl(PR_SET_DUMPABLE, 0);
	list_options(options, flags);
	while (status == -1 &&
	    (c = getopt_long(*argc, *argv, "+c:v", options, NULL)) != -1)
		status = take_option(c, conf, &verbose, usage, flags);
	log_setup(verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO,
	    getenv("JOURNAL_STREAM") != NULL);
	*argc -= optind;
	*argv += optind;
	return status;
}

int
prog_options(int *argc, char ***argv, const char **conf,
    void (*usage)(FILE *to))
{
	return prog_options_with(argc, argv, conf, usage, NULL);
}

enum err_code
prog_conf(const char *path, struct conf *c, struct err *e)
{
	enum err_code rc;

	if (!crypt_init())
		return err_set(e, ERR_SYS, "libsodium does not start");
	if ((rc = conf_read(path, c, e)) != ERR_OK)
		return rc;
	if ((rc = clock_zone(c->timezone, e)) != ERR_OK) {
		conf_wipe(c);
		err_prefix(e, "%s: ", path);
	}
	return rc;
}

static void
on_stop(int sig)
{
	(void)sig;
	atomic_store(&prog_stop, 1);
}

void
prog_signals(void)
{
	struct sigaction sa = { .sa_handler = on_stop };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
}
