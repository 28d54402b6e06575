/*
 * bounce.c - from the fields of a report to a class.
 *
 * A value ends where it stops to be what it should be: "5.1.1 (no such user)"
 * is 5.1.1.  Bytes that are no text are skipped like text that says nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "core/bounce.h"
#include "core/dsn.h"
#include "core/reply.h"

#define CODE_DIGITS	3

struct text {
	const char	*p, *end;
};

/* Takes the next line off, without its end.  False: there is none. */
static bool
next_line(struct text *t, struct text *line)
{
	const char *nl;

	if (t->p == t->end)
		return false;
	nl = memchr(t->p, '\n', (size_t)(t->end - t->p));
	line->p = t->p;
	line->end = nl != NULL ? nl : t->end;
	t->p = nl != NULL ? nl + 1 : t->end;
	if (line->end > line->p && line->end[-1] == '\r')
		line->end--;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Appends a line, without the space around it; what is too long is cut. */
static void
append(char *out, size_t size, const char *p, const char *end)
{
	size_t at = strlen(out);

	while (p < end && is_blank(*p))
		p++;
	while (end > p && is_blank(end[-1]))
		end--;
	if (at > 0 && at + 1 < size)
		out[at++] = ' ';
	for (; p < end && at + 1 < size; p++)
		out[at++] = *p != '\0' ? *p : '?';
	out[at] = '\0';
}

/* The value of the first field of that name, unfolded; "" if there is none. */
static void
field(struct text t, const char *name, char out[BOUNCE_FIELD])
{
	size_t		 len = strlen(name);
	struct text	 line;
	bool		 in = false;
	const char	*p;

	out[0] = '\0';
	while (next_line(&t, &line)) {
		if (line.p < line.end && is_blank(*line.p)) {
			if (in)
				append(out, BOUNCE_FIELD, line.p, line.end);
			continue;
		}
		if (in)
			return;
		if ((size_t)(line.end - line.p) <= len ||
		    strncasecmp(line.p, name, len) != 0)
			continue;
		for (p = line.p + len; p < line.end && is_blank(*p); p++)
			;
		if ((in = p < line.end && *p == ':'))
			append(out, BOUNCE_FIELD, p + 1, line.end);
	}
}

/* Takes the lines up to the next empty one off.  False: there are none. */
static bool
next_group(struct text *t, struct text *group)
{
	struct text line;

	do
		group->p = t->p;
	while (next_line(t, &line) && line.p == line.end);
	if (group->p == t->end)
		return false;
	do
		group->end = t->p;
	while (next_line(t, &line) && line.p != line.end);
	return true;
}

/* Is the first word this one, whatever stands behind it? */
static bool
word_is(const char *s, const char *word)
{
	size_t len = strlen(word);

	return strncasecmp(s, word, len) == 0 &&
	    !isalnum((unsigned char)s[len]) && s[len] != '-';
}

/* Reads "." and one to three digits; NULL if they are not there. */
static const char *
part(const char *s, int *out)
{
	int n;

	if (*s++ != '.')
		return NULL;
	for (n = 0, *out = 0; n < CODE_DIGITS && isdigit((unsigned char)*s);
	    n++)
		*out = *out * 10 + (*s++ - '0');
	return n > 0 ? s : NULL;
}

/* Subject * 1000 + detail of a status code of any class; -1: it is none. */
static int
status_number(const char *s)
{
	int subject, detail;

	if ((*s != '2' && *s != '4' && *s != '5') ||
	    (s = part(s + 1, &subject)) == NULL ||
	    (s = part(s, &detail)) == NULL ||
	    *s == '.' || isalnum((unsigned char)*s))
		return -1;
	return subject * 1000 + detail;
}

enum bounce_class
bounce_classify(const char *action, const char *status)
{
	static const enum bounce_class classes[] = {
		[DSN_NOBODY] = BOUNCE_UNKNOWN,
		[DSN_ADDRESS] = BOUNCE_HARD,
		[DSN_MAILBOX] = BOUNCE_SOFT,
		[DSN_SENDER] = BOUNCE_POLICY,
		[DSN_POLICY] = BOUNCE_POLICY,
	};
	int n;

	if (!word_is(action, "failed"))
		return BOUNCE_NONE;
	if ((n = status_number(status)) == -1)
		return BOUNCE_UNKNOWN;
	if (status[0] == '4')
		return BOUNCE_SOFT;
	return status[0] == '2' ? BOUNCE_UNKNOWN : classes[dsn_blame(n)];
}

/* "ADDRESS: 5xx 5.y.z" at the start of a line: what stands behind "5xx". */
static const char *
quoted(const char *notice, const char *recipient)
{
	size_t		 len;
	const char	*p;

	recipient += strcspn(recipient, ";");	/* "rfc822; ADDRESS" */
	recipient += strspn(recipient, "; \t");
	if ((len = strlen(recipient)) == 0)
		return NULL;
	for (p = notice; p != NULL; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (strncmp(p, recipient, len) == 0 &&
		    strncmp(p + len, ": 5", 3) == 0 &&
		    reply_enhanced(p + len + 2) != -1)
			return p + len + 6;
	}
	return NULL;
}

enum bounce_class
bounce_status(const char *text, size_t len, const char *notice)
{
	char			action[BOUNCE_FIELD], status[BOUNCE_FIELD];
	char			recipient[BOUNCE_FIELD];
	const char		*reply;
	struct text		t = { text, text + len }, group;
	enum bounce_class	found = BOUNCE__MAX, one;

	while (next_group(&t, &group)) {
		field(group, "Final-Recipient", recipient);
		if (recipient[0] == '\0')
			continue;
		field(group, "Action", action);
		field(group, "Status", status);
		reply = status[0] == '5' && status_number(status) == 0 ?
		    quoted(notice, recipient) : NULL;
		one = bounce_classify(action, reply != NULL ? reply : status);
		if (one < found)
			found = one;
	}
	return found != BOUNCE__MAX ? found : BOUNCE_NONE;
}

enum bounce_class
bounce_feedback(const char *text, size_t len, char from[BOUNCE_FIELD])
{
	static const char *const	complaints[] = {
		"abuse", "fraud", "opt-out", "opt-out-list", "other"
	};
	char				type[BOUNCE_FIELD];
	struct text			t = { text, text + len };
	size_t				i;

	field(t, "Original-Mail-From", from);
	field(t, "Feedback-Type", type);
	for (i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++)
		if (word_is(type, complaints[i]))
			return BOUNCE_COMPLAINT;
	return BOUNCE_NONE;
}

const char *
bounce_find(const char *text, const char *return_path,
    char id[BOUNCE_LEN + 1])
{
	size_t	local = strcspn(return_path, "@"), i;

	for (; *text != '\0'; text++) {
		if (strncasecmp(text, return_path, local) != 0 ||
		    text[local] != '+')
			continue;
		for (i = 0; i < BOUNCE_LEN &&
		    isalnum((unsigned char)text[local + 1 + i]); i++)
			id[i] = (char)tolower((unsigned char)
			    text[local + 1 + i]);
		id[i] = '\0';
		if (i == BOUNCE_LEN && text[local + 1 + i] == '@')
			return text + local + 1 + i;
	}
	return NULL;
}
