/*
 * form.c - from a body to fields, and from fields to answers.
 *
 * Pure: bytes in, values out.  Everything that is not exactly what one of our
 * forms sends is refused (H2).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "core/comment.h"
#include "core/form.h"
#include "core/page.h"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decodes one character at p into *out; the bytes taken, or 0 if it is bad. */
static size_t
decode(const char *p, const char *end, char *out)
{
	int	hi, lo;

	*out = *p == '+' ? ' ' : *p;
	if (*p != '%')
		return *p == '\0' ? 0 : 1;
	if (end - p < 3 || (hi = hex(p[1])) == -1 || (lo = hex(p[2])) == -1)
		return 0;
	*out = (char)(hi * 16 + lo);
	return *out == '\0' ? 0 : 3;
}

/* Cuts one field off; *out is where its text goes.  NULL: badly encoded. */
static const char *
split_field(struct form *f, const char *p, const char *end, char **out)
{
	char	**o = out;
	size_t	  n;

	f->name[f->n] = *o;
	f->value[f->n] = NULL;
	for (; p < end && *p != '&'; p += n) {
		n = 1;
		if (*p == '=' && f->value[f->n] == NULL) {
			*(*o)++ = '\0';
			f->value[f->n] = *o;
		} else if ((n = decode(p, end, (*o)++)) == 0)
			return NULL;
	}
	*(*o)++ = '\0';
	if (f->value[f->n] == NULL)
		f->value[f->n] = *o - 1;	/* a name alone: empty */
	f->n++;
	return p;
}

static bool
has_twice(const struct form *f, const char *name)
{
	size_t	i, found = 0;

	for (i = 0; i < f->n; i++)
		found += strcmp(f->name[i], name) == 0;
	return found > 1;
}

/* A hidden field comes back as it was served, or not from our form. */
static bool
is_own(const char *value)
{
	struct link	l;
	bool		own;

	own = strlen(value) == LINK_LEN && link_parse(value, LINK_LEN, &l);
	crypt_wipe(&l, sizeof(l));
	return own;
}

static bool
take_code(struct form *f, const char *value)
{
	f->has_code = code_parse(value, strlen(value), &f->code);
	f->own_code = is_own(value);
	return true;
}

static bool
take_from(struct form *f, const char *value)
{
	f->has_from = is_own(value) &&
	    link_parse(value, LINK_LEN, &f->from);
	return f->has_from;
}

static bool
take_step(struct form *f, const char *value)
{
	if (strcmp(value, "ask") == 0)
		f->step = STEP_ASK;
	else if (strcmp(value, "change") == 0)
		f->step = STEP_CHANGE;
	return f->step != STEP_NONE;
}

static bool
take_lang(struct form *f, const char *value)
{
	return request_lang(value, f->lang);
}

/* One of the five answers. */
static bool
is_answer(const char *s)
{
	return s[0] >= '1' && s[0] <= '5' && s[1] == '\0';
}

static bool
take_picked(struct form *f, const char *value)
{
	if (!is_answer(value))
		return false;
	f->picked = (unsigned char)(value[0] - '0');
	return true;
}

/* Cleaned where it stands, in f->text. */
static bool
take_comment(struct form *f, const char *value)
{
	f->comment = value;
	return comment_clean(f->text + (value - f->text));
}

static const struct {
	const char	*name;
	bool		(*take)(struct form *f, const char *value);
} known[] = {
	{ "code", take_code },
	{ "from", take_from },
	{ "step", take_step },
	{ "lang", take_lang },
	{ "picked", take_picked },
	{ "comment", take_comment },
};

/* Takes the fields with fixed names out; what stays are items. */
static bool
take_known(struct form *f)
{
	size_t	i, k, kept = 0;

	for (i = 0; i < f->n; i++) {
		for (k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			if (strcmp(f->name[i], known[k].name) == 0)
				break;
		if (k == sizeof(known) / sizeof(known[0])) {
			f->name[kept] = f->name[i];
			f->value[kept++] = f->value[i];
		} else if (!known[k].take(f, f->value[i]))
			return false;
	}
	f->n = kept;
	return true;
}

bool
form_split(struct form *f, const char *body, size_t len)
{
	const char	*p = body, *end;
	char		*out = f->text;
	size_t		 i;

	memset(f, 0, sizeof(*f));
	f->len = len;
	if (len == 0)
		return true;
	if (len > REQUEST_BODY_MAX)
		return false;
	for (end = body + len;; p++) {
		if (f->n == FIELDS_MAX)
			return false;
		if ((p = split_field(f, p, end, &out)) == NULL)
			return false;
		if (p == end)
			break;
	}
	for (i = 0; i < f->n; i++)
		if (has_twice(f, f->name[i]))
			return false;
	return take_known(f);
}

bool
form_bind(struct form *f, const struct question_set *q, bool comments)
{
	const char	*value;
	size_t		 i, item;

	if (f->comment != NULL && !comments)
		return false;
	for (i = 0; i < f->n; i++) {
		value = f->value[i];
		item = question_find(q, f->name[i], strlen(f->name[i]));
		if (item == q->n)
			return false;
		if (value[0] == '\0') {
			f->chosen[item] = ANSWER_SKIP;
			continue;
		}
		if (!is_answer(value))
			return false;
		f->answer[item] = (unsigned char)(value[0] - '0');
		f->chosen[item] = f->answer[item];
	}
	return true;
}

bool
form_answered(const struct form *f, const struct question_set *q)
{
	size_t	i;

	for (i = 0; i < q->n; i++)
		if (q->item[i].core && f->answer[i] != 0)
			return true;
	return false;
}

bool
form_unpick(struct form *f)
{
	size_t	i, n = 0;

	for (i = 0; i < ITEMS_MAX; i++)
		n += f->answer[i] != 0;
	if (n != 1 || f->picked == 0 || f->answer[0] != f->picked)
		return false;
	f->answer[0] = f->chosen[0] = f->picked = 0;
	f->unpicked = true;
	return true;
}

void
form_wipe(struct form *f)
{
	crypt_wipe(f, sizeof(*f));
}
