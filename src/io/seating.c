/*
 * seating.c - the boxes of a wave, made from its frozen list.
 *
 * The list is in box order, so one box after the other is filled and written.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/box.h"
#include "io/boxfile.h"
#include "io/file.h"
#include "io/seating.h"
#include "io/state.h"

struct seating {
	const char		*dir;
	const struct wave	*wave;
	const struct list	*list;
	const unsigned char	*token_key;
	opening_progress	*progress;
	void			*arg;
	struct box		 box;	/* being filled */
	unsigned int		 n;	/* its number */
};

static enum err_code
make_dirs(const struct seating *s, struct err *e)
{
	enum err_code	 rc;
	char		*dir;

	dir = state_answers(s->dir, s->wave->tag, s->wave->name);
	rc = file_mkdir(dir, 02770, e);
	free(dir);
	if (rc != ERR_OK)
		return rc;
	dir = state_boxes(s->dir, s->wave->tag, s->wave->name);
	rc = file_mkdir(dir, 02770, e);
	free(dir);
	return rc;
}

static enum err_code
make_lock(const struct seating *s, struct err *e)
{
	char		*path = state_box_lock(s->dir, s->wave->tag,
			    s->wave->name, s->n);
	enum err_code	 rc = ERR_OK;
	int		 fd;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
	if (fd == -1 || fchmod(fd, 0660) == -1)
		rc = err_sys(e, "%s", path);
	if (fd != -1)
		close(fd);
	free(path);
	return rc;
}

/* Writes the box that was filled, and empties it. */
static enum err_code
write_box(struct seating *s, struct err *e)
{
	enum err_code	 rc;
	char		*path;

	if ((rc = make_lock(s, e)) != ERR_OK)
		return rc;
	path = state_box(s->dir, s->wave->tag, s->wave->name, s->n);
	rc = boxfile_commit(path, &s->box, e);
	free(path);
	box_wipe(&s->box);
	if (s->progress != NULL)
		s->progress(s->arg, "boxes", s->n + 1, s->wave->boxes);
	return rc;
}

static enum err_code
seat_person(struct seating *s, const struct list_person *p, struct err *e)
{
	unsigned char	token[TOKEN_LEN];
	struct seat	seat = { .unit = p->unit, .lang = p->lang };
	enum err_code	rc = ERR_OK;

	if (p->box != s->n)
		rc = write_box(s, e);
	s->n = p->box;
	token_make(token, s->token_key, p->id);
	box_add_token(&s->box, token, &seat);
	crypt_wipe(token, sizeof(token));
	return rc;
}

enum err_code
seating_make(const char *state_dir, const struct wave *w,
    const struct list *list, const unsigned char token_key[CRYPT_KEY],
    opening_progress *progress, void *arg, struct err *e)
{
	struct seating		s = { .dir = state_dir, .wave = w,
				    .list = list, .token_key = token_key,
				    .progress = progress, .arg = arg };
	struct list_person	p;
	enum err_code		rc;
	uint32_t		i;

	box_init(&s.box);
	rc = make_dirs(&s, e);
	for (i = 0; i < w->people && rc == ERR_OK; i++)
		if ((rc = list_get(list, i, &p, e)) == ERR_OK)
			rc = seat_person(&s, &p, e);
	if (rc == ERR_OK)
		rc = write_box(&s, e);
	box_wipe(&s.box);
	return rc;
}
