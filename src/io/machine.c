/*
 * machine.c - what this machine itself has to say: its clock, its core dumps.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/wave.h"
#include "io/clock.h"
#include "io/history.h"
#include "io/machine.h"
#include "io/opened.h"
#include "io/sendlog.h"
#include "io/state.h"
#include "io/wavefile.h"
#include "io/waves.h"

#define SUID_DUMPABLE	"/proc/sys/fs/suid_dumpable"
#define LATE		60	/* seconds that two readings may lie apart */

static void
later(int64_t *newest, int64_t when)
{
	if (when > *newest)
		*newest = when;
}

/* Of a wave that is not published: its opening, and its last mail. */
static enum err_code
look_at_wave(const char *dir, const struct wave_ref *ref, int64_t *newest,
    struct err *e)
{
	char			*path = state_wave(dir, ref->tag, ref->name);
	unsigned char		 key[CRYPT_KEY];
	struct standings	 s = { .n = 0 };
	struct wave		 w;
	enum err_code		 rc = wavefile_read(path, WAVE_BRIEF, &w, e);

	free(path);
	if (rc != ERR_OK)
		return rc;
	later(newest, w.opened);
	path = state_path(dir, STATE_TOKEN_KEY, ref->name);
	rc = state_key_read(path, key, e);
	free(path);
	if (rc == ERR_OK) {
		standings_init(&s, w.people);
		path = state_path(dir, STATE_LEDGER, ref->name);
		rc = sendlog_replay(path, key, &s, e);
		free(path);
		later(newest, s.newest);
	}
	standings_wipe(&s);
	crypt_wipe(key, sizeof(key));
	wave_wipe(&w);
	return rc;
}

/* A wave that cannot be read is told of elsewhere, and tells no time. */
static enum err_code
look_at_waves(const char *dir, int64_t *newest, struct err *e)
{
	struct wave_ref	*ref;
	struct err	 ignored;
	enum err_code	 rc;
	size_t		 n, i;

	if ((rc = waves_list(dir, &ref, &n, e)) != ERR_OK)
		return rc;
	for (i = 0; i < n; i++)
		(void)!look_at_wave(dir, &ref[i], newest, &ignored);
	free(ref);
	return ERR_OK;
}

static enum err_code
look_at_survey(const char *dir, const char *survey, int64_t *newest,
    struct err *e)
{
	struct publication	p;
	int64_t			opened;
	bool			found = false;
	enum err_code		rc = opened_last(dir, survey, 0, &opened, e);

	if (rc == ERR_OK) {
		later(newest, opened);
		rc = history_latest(dir, survey, INT64_MAX, &p, &found, e);
	}
	if (rc == ERR_OK && found) {
		later(newest, p.closed);
		publication_wipe(&p);
	}
	return rc;
}

static void
say_synchronised(doctor_tell *tell, void *arg)
{
	struct timex	t = { .modes = 0 };	/* reads, sets nothing */
	int		state = adjtimex(&t);

	if (state == -1)
		tell(arg, DOCTOR_WARNING, "clock: whether it is synchronised "
		    "cannot be known here; look at what keeps the time of "
		    "this machine");
	else if (state == TIME_ERROR || (t.status & STA_UNSYNC) != 0)
		tell(arg, DOCTOR_WARNING, "clock: nothing keeps it "
		    "synchronised, the kernel says: waves open and close by "
		    "it; run an NTP service");
	else
		tell(arg, DOCTOR_FINE, "clock: synchronised");
}

enum err_code
machine_clock(const struct conf *c, doctor_tell *tell, void *arg,
    struct err *e)
{
	int64_t		newest = 0, behind;
	enum err_code	rc;
	char		*words;
	size_t		i;

	say_synchronised(tell, arg);
	rc = look_at_waves(c->state_dir, &newest, e);
	for (i = 0; i < c->n_surveys && rc == ERR_OK; i++)
		rc = look_at_survey(c->state_dir, c->survey[i].name, &newest,
		    e);
	if (rc != ERR_OK)
		return rc;
	behind = newest - clock_now();
	if (newest == 0 || behind <= LATE) {
		tell(arg, DOCTOR_FINE, "clock: not before anything that is "
		    "stored");
		return ERR_OK;
	}
	words = mem_fmt("clock: %" PRId64 " seconds before the newest that is "
	    "stored: it was set back, or was ahead; set it; more than an hour "
	    "behind, no mail goes out", behind);
	tell(arg, DOCTOR_PROBLEM, words);
	free(words);
	return ERR_OK;
}

/* The setting's digit; -1: this machine does not show it. */
static int
suid_dumpable(void)
{
	char	c;
	int	fd = open(SUID_DUMPABLE, O_RDONLY | O_CLOEXEC), n = -1;

	if (fd != -1 && read(fd, &c, 1) == 1 && c >= '0' && c <= '2')
		n = c - '0';
	if (fd != -1)
		close(fd);
	return n;
}

void
machine_dumps(doctor_tell *tell, void *arg)
{
	if (prctl(PR_GET_DUMPABLE) != 0)
		tell(arg, DOCTOR_PROBLEM, "core dumps: the kernel would write "
		    "one of our programs; do not use this build");
	else if (suid_dumpable() > 0)
		tell(arg, DOCTOR_WARNING, "core dumps: ours leave none, but a "
		    "web server that has given up root may, with answers in "
		    "it; set fs.suid_dumpable to 0");
	else
		tell(arg, DOCTOR_FINE, "core dumps: our programs leave none");
}
