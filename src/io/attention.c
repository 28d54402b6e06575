/*
 * attention.c - what needs a person: the one place where it is kept.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "io/attention.h"
#include "io/file.h"

#define WORDS_MAX	(sizeof(((struct err *)NULL)->msg))

/* The words at path, or NULL; what cannot be read is not there. */
static char *
words_at(const char *path)
{
	struct err	 ignored;
	char		*words;
	size_t		 len;

	if (file_read(path, WORDS_MAX, &words, &len, &ignored) != ERR_OK)
		return NULL;
	words[strcspn(words, "\n")] = '\0';
	return words;
}

enum err_code
attention_raise(const char *state_dir, enum state_file topic,
    const char *name, const char *words, bool *news, struct err *e)
{
	char		*path = state_path(state_dir, topic, name);
	char		*old = words_at(path), *line;
	enum err_code	 rc = ERR_OK;

	*news = old == NULL || strcmp(old, words) != 0;
	if (*news) {
		line = mem_fmt("%s\n", words);
		rc = file_replace(path, line, strlen(line), 0600, e);
		free(line);
	}
	free(old);
	free(path);
	return rc;
}

int64_t
attention_since(const char *state_dir, enum state_file topic,
    const char *name)
{
	char		*path = state_path(state_dir, topic, name);
	struct stat	 st;
	int64_t		 since = stat(path, &st) == 0 ? st.st_mtime : 0;

	free(path);
	return since;
}

enum err_code
attention_settle(const char *state_dir, enum state_file topic,
    const char *name, bool *news, struct err *e)
{
	char		*path = state_path(state_dir, topic, name);
	enum err_code	 rc = ERR_OK;

	*news = file_exists(path);
	if (*news)
		rc = file_remove(path, e);
	free(path);
	return rc;
}

struct telling {
	const char	*dir;
	attention_visit	*each;
	void		*arg;
};

static enum err_code
tell_one(void *arg, const char *name, struct err *e)
{
	const struct telling	*t = arg;
	size_t			 len = strlen(name);
	char			*path, *words;

	(void)e;
	if (strchr(name, '.') == NULL)
		return ERR_OK;	/* `told' */
	if (len > 4 && strcmp(name + len - 4, ".new") == 0)
		return ERR_OK;	/* a write that was cut short */
	path = mem_fmt("%s/%s", t->dir, name);
	if ((words = words_at(path)) != NULL)
		t->each(t->arg, name, words);
	free(words);
	free(path);
	return ERR_OK;
}

enum err_code
attention_each(const char *state_dir, attention_visit *each, void *arg,
    struct err *e)
{
	char		*dir = state_path(state_dir, STATE_ATTENTION_DIR, NULL);
	struct telling	 t = { dir, each, arg };
	enum err_code	 rc = file_each(dir, tell_one, &t, e);

	free(dir);
	return rc;
}
