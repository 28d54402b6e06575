/*
 * state.c - names below the state directory, and the small key files.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/b32.h"
#include "base/mem.h"
#include "io/file.h"
#include "io/state.h"

/* What stands before and after the argument. */
static const struct {
	const char	*before, *after;
} names[STATE__MAX] = {
	[STATE_ROSTER] = { "roster/roster.gdbm", "" },
	[STATE_HEALTH] = { "roster/health.log", "" },
	[STATE_LAST] = { "roster/last-", "" },
	[STATE_TOKEN_KEY] = { "keys/token/", "" },
	[STATE_BALLOT_KEY] = { "keys/ballot/", "" },
	[STATE_ORGANISATION_KEY] = { "keys/organisation", "" },
	[STATE_LIST] = { "ledgers/", ".list" },
	[STATE_LEDGER] = { "ledgers/", ".log" },
	[STATE_DIGEST_LEDGER] = { "ledgers/", ".digest" },
	[STATE_HEADS_UP] = { "ledgers/", ".heads-up" },
	[STATE_REVIEW_LEDGER] = { "ledgers/", ".review" },
	[STATE_COMMENTS_LEDGER] = { "ledgers/", ".comments" },
	[STATE_PUBLISHED] = { "published/", ".gdbm" },
	[STATE_WAVE_LOCK] = { "locks/wave-", "" },
	[STATE_ROSTER_LOCK] = { "locks/roster", "" },
	[STATE_OPENED] = { "roster/opened-", "" },
	[STATE_ATTENTION_CALENDAR] = { "attention/", ".calendar" },
	[STATE_ATTENTION_MAIL] = { "attention/", ".mail" },
	[STATE_ATTENTION_MISSED] = { "attention/", ".missed" },
	[STATE_ATTENTION_LEADERS] = { "attention/", ".leaders" },
	[STATE_ATTENTION_PUBLISH] = { "attention/", ".publish" },
	[STATE_ATTENTION_DIGEST] = { "attention/", ".digest" },
	[STATE_ATTENTION_SPACE] = { "attention/disk.space", "" },
	[STATE_TOLD] = { "attention/told", "" },
	[STATE_ATTENTION_DIR] = { "attention", "" },
	[STATE_OPTOUT_DIR] = { "answers/optout", "" },
	[STATE_OPTOUT_KNOWN] = { "answers/optout/known", "" },
	[STATE_OPTOUT] = { "answers/optout/", "" },
	[STATE_WAVES_DIR] = { "waves", "" },
	[STATE_PUBLISHED_DIR] = { "published", "" },
	[STATE_LEDGERS_DIR] = { "ledgers", "" },
	[STATE_ANSWERS_DIR] = { "answers", "" },
};

/* Parents first.  STANDARDS P1: answers/ belongs to another user. */
static const struct {
	const char	*name;
	mode_t		 mode;
} directories[] = {
	{ "attention", 0700 },
	{ "roster", 0700 },
	{ "keys", 0700 },
	{ "keys/token", 0700 },
	{ "keys/ballot", 0700 },
	{ "ledgers", 0700 },
	{ "published", 0700 },
	{ "locks", 0700 },
	{ "waves", 0755 },
	{ "answers", 02770 },
	{ "answers/optout", 02770 },
};

/* What backups must leave out, and how their programs are told (C6). */
static const char *const unsaved[] = { "keys", "ledgers", "answers" };
static const struct {
	const char	*name, *text;
} tags[] = {
	{ ".nobackup", "" },
	{ "CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"
	    "# A backup of this directory breaks the promise of sensed.\n" },
};

char *
state_path(const char *dir, enum state_file f, const char *arg)
{
	return mem_fmt("%s/%s%s%s", dir, names[f].before,
	    arg != NULL ? arg : "", names[f].after);
}

char *
state_wave(const char *dir, unsigned int tag, const char *wave)
{
	char t[3];

	b32_put(t, 2, tag);
	return mem_fmt("%s/waves/%s-%s.gdbm", dir, t, wave);
}

char *
state_wave_hidden(const char *dir, unsigned int tag, const char *wave)
{
	char t[3];

	b32_put(t, 2, tag);
	return mem_fmt("%s/waves/%s-%s.opening", dir, t, wave);
}

char *
state_answers(const char *dir, unsigned int tag, const char *wave)
{
	char t[3];

	b32_put(t, 2, tag);
	return mem_fmt("%s/answers/%s-%s", dir, t, wave);
}

char *
state_boxes(const char *dir, unsigned int tag, const char *wave)
{
	char t[3];

	b32_put(t, 2, tag);
	return mem_fmt("%s/answers/%s-%s/boxes", dir, t, wave);
}

static char *
box_file(const char *dir, unsigned int tag, const char *wave, unsigned int box,
    const char *suffix)
{
	char t[3];

	b32_put(t, 2, tag);
	return mem_fmt("%s/answers/%s-%s/boxes/%04u.%s", dir, t, wave, box,
	    suffix);
}

char *
state_box(const char *dir, unsigned int tag, const char *wave,
    unsigned int box)
{
	return box_file(dir, tag, wave, box, "gdbm");
}

char *
state_box_lock(const char *dir, unsigned int tag, const char *wave,
    unsigned int box)
{
	return box_file(dir, tag, wave, box, "lock");
}

static enum err_code
tag(const char *dir, const char *below, struct err *e)
{
	enum err_code	 rc = ERR_OK;
	size_t		 i;
	char		*path;

	for (i = 0; i < sizeof(tags) / sizeof(tags[0]) && rc == ERR_OK; i++) {
		path = mem_fmt("%s/%s/%s", dir, below, tags[i].name);
		if (!file_exists(path))
			rc = file_replace(path, tags[i].text,
			    strlen(tags[i].text), 0644, e);
		free(path);
	}
	return rc;
}

enum err_code
state_prepare(const char *dir, struct err *e)
{
	enum err_code	 rc;
	size_t		 i;
	char		*path;

	if ((rc = file_mkdir(dir, 0711, e)) != ERR_OK)
		return rc;
	for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		path = mem_fmt("%s/%s", dir, directories[i].name);
		rc = file_mkdir(path, directories[i].mode, e);
		free(path);
		if (rc != ERR_OK)
			return rc;
	}
	for (i = 0; i < sizeof(unsaved) / sizeof(unsaved[0]) && rc == ERR_OK;
	    i++)
		rc = tag(dir, unsaved[i], e);
	return rc;
}

enum err_code
state_sync(const char *dir, struct err *e)
{
	enum err_code	 rc = file_sync_dir(dir, e);
	size_t		 i;
	char		*path;

	for (i = 0; i < sizeof(directories) / sizeof(directories[0]) &&
	    rc == ERR_OK; i++) {
		path = mem_fmt("%s/%s", dir, directories[i].name);
		rc = file_sync_dir(path, e);
		free(path);
	}
	return rc;
}

enum err_code
state_key_read(const char *path, unsigned char key[CRYPT_KEY], struct err *e)
{
	enum err_code	 rc;
	size_t		 len;
	char		*data;

	if ((rc = file_read(path, 4096, &data, &len, e)) != ERR_OK)
		return rc;
	if (len == CRYPT_KEY)
		memcpy(key, data, CRYPT_KEY);
	else
		rc = err_set(e, ERR_CORRUPT, "%s: expected a key of %d bytes",
		    path, CRYPT_KEY);
	crypt_wipe(data, len);
	free(data);
	return rc;
}

enum err_code
state_key_write(const char *path, const unsigned char key[CRYPT_KEY],
    struct err *e)
{
	return file_replace(path, key, CRYPT_KEY, 0600, e);
}

enum err_code
state_organisation_key(const char *dir, unsigned char key[CRYPT_KEY],
    struct err *e)
{
	char		*path = state_path(dir, STATE_ORGANISATION_KEY, NULL);
	enum err_code	 rc;

	rc = state_key_read(path, key, e);
	if (rc == ERR_ABSENT) {
		crypt_random(key, CRYPT_KEY);
		rc = state_key_write(path, key, e);
	}
	free(path);
	return rc;
}
