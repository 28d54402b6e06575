/*
 * logscan.c - finds links and change codes in the bytes of a log.
 *
 * A machine that is fed byte by byte, so that a line may be of any length.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/b32.h"
#include "core/logscan.h"

static const char	*const part =
    &LOGSCAN_CANARY[LINK_LEN - LOGSCAN_PART];

/* What stands before each kind, and how long it is. */
static const struct {
	const char	*prefix;
	size_t		 len;
} kinds[] = {
	[LOGSCAN_FOUND_CANARY] = { "", 0 },
	[LOGSCAN_FOUND_LINK] = { "/a/", LINK_LEN },
	[LOGSCAN_FOUND_OPTOUT] = { "/o/", OPTOUT_LEN },
	[LOGSCAN_FOUND_CODE] = { "code=", LINK_LEN },
};

void
logscan_init(struct logscan *s, logscan_found *found, void *arg)
{
	size_t i, k = 0;

	memset(s, 0, sizeof(*s));
	s->found = found;
	s->arg = arg;
	s->line = 1;
	for (i = 1; i < LOGSCAN_PART; i++) {
		while (k > 0 && part[i] != part[k])
			k = s->back[k - 1];
		if (part[i] == part[k])
			k++;
		s->back[i] = (unsigned char)k;
	}
}

static void
tell(struct logscan *s, enum logscan_kind kind)
{
	if ((s->told & 1U << kind) == 0)
		s->found(s->arg, s->line, kind);
	s->told |= 1U << kind;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
}

static void
match_canary(struct logscan *s, char c)
{
	while (s->matched > 0 && part[s->matched] != c)
		s->matched = s->back[s->matched - 1];
	if (part[s->matched] == c && ++s->matched == LOGSCAN_PART) {
		tell(s, LOGSCAN_FOUND_CANARY);
		s->matched = s->back[LOGSCAN_PART - 1];
	}
}

/* The kind that the bytes before a run announce. */
static enum logscan_kind
announced(const struct logscan *s)
{
	size_t i, n;

	for (i = 0; i < LOGSCAN_FOUND__MAX; i++) {
		n = strlen(kinds[i].prefix);
		if (n > 0 && memcmp(s->before + sizeof(s->before) - n,
		    kinds[i].prefix, n) == 0)
			return (enum logscan_kind)i;
	}
	return LOGSCAN_FOUND_CANARY;
}

/* A run of letters is over; next stands behind it. */
static void
end_run(struct logscan *s, char next)
{
	static const char	no_end[] = { '0', '1', '8', '9', '_' };
	unsigned char		secret[TOKEN_LEN];
	struct link		link;
	bool			is;

	if (s->kind != LOGSCAN_FOUND_CANARY && s->len == kinds[s->kind].len &&
	    memchr(no_end, next, sizeof(no_end)) == NULL) {
		is = s->kind == LOGSCAN_FOUND_OPTOUT ?
		    b32_decode(secret, sizeof(secret), s->run) :
		    link_parse(s->run, s->len, &link);
		if (is)
			tell(s, s->kind);
	}
	s->len = 0;
}

static void
end_line(struct logscan *s)
{
	end_run(s, '\n');
	s->line++;
	s->told = 0;
	s->matched = 0;
}

/* One byte, no longer escaped. */
static void
take(struct logscan *s, char c)
{
	bool between = (c == '-' || c == '+' || c == ' ') && s->len > 0 &&
	    s->kind == LOGSCAN_FOUND_CODE;

	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	if (is_letter(c)) {
		match_canary(s, c);
		if (s->len == 0)
			s->kind = announced(s);
		if (s->len < LINK_LEN)
			s->run[s->len] = c;
		s->len++;
	} else if (c == '\n')
		end_line(s);
	else if (!between)
		end_run(s, c);
	memmove(s->before, s->before + 1, sizeof(s->before) - 1);
	s->before[sizeof(s->before) - 1] = c;
}

/* The value of a hexadecimal digit, or -1. */
static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A % and the two digits behind it are one byte, which never ends a line. */
static void
unescape(struct logscan *s, char c)
{
	int v = digit(c);

	if (s->escape == 0 && c == '%') {
		s->escape = 2;
		s->value = 0;
	} else if (s->escape == 0) {
		take(s, c);
	} else if (v < 0) {
		s->escape = 0;
		take(s, '%');
		take(s, c);
	} else {
		s->value = s->value << 4 | (unsigned int)v;
		if (--s->escape == 0)
			take(s, s->value < ' ' ? '\r' : (char)s->value);
	}
}

void
logscan_feed(struct logscan *s, const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		unescape(s, p[i]);
}

void
logscan_end(struct logscan *s)
{
	end_run(s, '\0');
}
