/*
 * reply.c - from the end of an SMTP exchange to a class.
 *
 * A code is trusted only where the relay's answer ended the exchange (R1):
 * after a lost connection it is that of an earlier command.  Once 354 was seen
 * nothing but an answer tells whether the mail was accepted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "core/dsn.h"
#include "core/reply.h"

#define SECRET_RUN	24	/* shorter than any token of ours */
#define LOCAL_MIN	3	/* a shorter local part is in many a word */

/* Reads one to three digits; NULL if there are none, or more. */
static const char *
digits(const char *s, int *out)
{
	int n = 0;

	for (*out = 0; n < 3 && isdigit((unsigned char)*s); n++, s++)
		*out = *out * 10 + (*s - '0');
	return n == 0 || isdigit((unsigned char)*s) ? NULL : s;
}

int
reply_enhanced(const char *line)
{
	const char	*s;
	int		 basic, class, subject, detail;

	if ((s = digits(line, &basic)) == NULL || s - line != 3 ||
	    (*s != ' ' && *s != '-'))
		return -1;
	if ((s = digits(s + 1, &class)) == NULL || *s != '.' ||
	    (s = digits(s + 1, &subject)) == NULL || *s != '.' ||
	    (s = digits(s + 1, &detail)) == NULL)
		return -1;
	if ((*s != '\0' && !isspace((unsigned char)*s)) || class != basic / 100)
		return -1;
	return subject * 1000 + detail;
}

/* 5xx at RCPT or after the final dot. */
static enum reply_class
refused(const struct reply *r)
{
	int		enhanced = reply_enhanced(r->line);
	enum dsn_blame	blame = dsn_blame(enhanced);

	if (blame == DSN_SENDER)
		return CLASS_OURS;
	if (blame == DSN_MAILBOX || (enhanced == -1 && r->code == 552))
		return CLASS_REFUSED_SOFT;
	if (enhanced == -1 && (r->code == 550 || r->code == 551 ||
	    r->code == 553))
		blame = DSN_ADDRESS;
	return blame == DSN_ADDRESS && r->stage == STAGE_RCPT ?
	    CLASS_REFUSED_PERSON : CLASS_UNCLEAR;
}

enum reply_class
reply_classify(const struct reply *r)
{
	if (r->end == REPLY_DONE)
		return CLASS_SENT;
	if (r->end == REPLY_ANSWERED && r->code >= 400 && r->code < 500)
		return CLASS_TEMPORARY;
	if (r->end == REPLY_ANSWERED && r->code >= 500 && r->code < 600) {
		if (r->stage == STAGE_RCPT || r->stage == STAGE_BODY)
			return refused(r);
		return CLASS_OURS;
	}
	if (r->stage == STAGE_BODY)
		return CLASS_UNCERTAIN;
	if (r->end == REPLY_DENIED)
		return r->code >= 400 && r->code < 500 ?
		    CLASS_TEMPORARY : CLASS_OURS;
	return r->end == REPLY_LOCAL ? CLASS_OURS : CLASS_TEMPORARY;
}

/* True for a letter of any language, or a digit. */
static bool
in_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c > 127;
}

/* Does the word hold the n bytes of part, from a border to a border? */
static bool
holds(const char *word, size_t len, const char *part, size_t n)
{
	size_t i;

	for (i = 0; n > 0 && i + n <= len; i++)
		if (strncasecmp(word + i, part, n) == 0 &&
		    (i == 0 || !in_word(word[i - 1])) &&
		    (i + n == len || !in_word(word[i + n])))
			return true;
	return false;
}

/* Or one of the words of text?  A single letter names nobody. */
static bool
holds_any(const char *word, size_t len, const char *text, size_t textlen)
{
	size_t i, n;

	for (i = 0; i < textlen; i += n + 1) {
		for (n = 0; i + n < textlen && in_word(text[i + n]); n++)
			;
		if (n > 1 && holds(word, len, text + i, n))
			return true;
	}
	return false;
}

/* Does it hold these bytes at all?  So few of them are in many a word. */
static bool
holds_inside(const char *word, size_t len, const char *part, size_t n)
{
	size_t i;

	for (i = 0; n >= LOCAL_MIN && i + n <= len; i++)
		if (strncasecmp(word + i, part, n) == 0)
			return true;
	return false;
}

/* True if nobody's address is needed to see that it must not be told. */
static bool
secret(const char *word, size_t len)
{
	size_t i, run = 0;

	for (i = 0; i < len; i++) {
		if (word[i] == '@' || (unsigned char)word[i] > 127 ||
		    (word[i] == '/' && i + 1 < len && word[i + 1] == '/'))
			return true;
		run = isalnum((unsigned char)word[i]) ? run + 1 : 0;
		if (run >= SECRET_RUN)
			return true;
	}
	return false;
}

static bool
telling(const char *word, size_t len, const char *address, const char *name)
{
	size_t local = strcspn(address, "@");

	return secret(word, len) || holds_inside(word, len, address, local) ||
	    holds(word, len, address, local) ||
	    holds_any(word, len, address, local) ||
	    holds_any(word, len, name, strlen(name));
}

void
reply_words(char out[REPLY_WORDS + 1], const char *line, const char *address,
    const char *name)
{
	size_t n = 0, len, i;

	while (*line != '\0') {
		len = strcspn(line, " \t\r\n");
		if (telling(line, len, address, name)) {
			for (i = 0; i < 3 && n < REPLY_WORDS; i++)
				out[n++] = '.';
		} else {
			for (i = 0; i < len && n < REPLY_WORDS; i++)
				out[n++] = line[i] > ' ' && line[i] < 127 ?
				    line[i] : '?';
		}
		line += len;
		len = strspn(line, " \t\r\n");
		line += len;
		if (len > 0 && *line != '\0' && n < REPLY_WORDS)
			out[n++] = ' ';
	}
	out[n] = '\0';
}

/* What stands behind the code, and the enhanced one that the text has. */
static const char *
behind_code(const struct reply_text *t)
{
	const char	*line = t->line + 3 + (t->line[3] != '\0');
	size_t		 n = 0;

	if (reply_enhanced(t->text) != -1)
		n = strcspn(t->text + 4, " ");
	if (strncmp(line, t->text + 4, n) == 0)
		line += n;
	return line + strspn(line, " ");
}

void
reply_gather(struct reply_text *t, const char *line, size_t len)
{
	bool	 coded;
	size_t	 room;

	if (len >= sizeof(t->line))
		len = sizeof(t->line) - 1;
	memcpy(t->line, line, len);
	t->line[len] = '\0';
	coded = strspn(t->line, "0123456789") == 3;
	line = t->line;
	if (t->more && coded) {
		line = behind_code(t);
		if (t->len < sizeof(t->text) - 1)
			t->text[t->len++] = ' ';
	} else
		t->len = 0;
	len = strcspn(line, "\r\n");
	room = sizeof(t->text) - 1 - t->len;
	memcpy(t->text + t->len, line, len < room ? len : room);
	t->len += len < room ? len : room;
	t->text[t->len] = '\0';
	if ((t->more = coded && t->line[3] == '-'))
		t->text[3] = ' ';
}
