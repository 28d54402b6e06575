/*
 * mime.c - text in a form that mail can carry.
 *
 * RFC 2047 encoded-words for header fields, always "Q" so that a person can
 * still read most of a Welsh name in the source, and quoted-printable for
 * bodies.  Knows no field and no message.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "base/utf8.h"
#include "core/mime.h"

#define LINE_LEN	76	/* RFC 2047 2, RFC 2045 6.7; without CRLF */
#define WORD_MAX	75	/* an encoded-word, RFC 2047 2 */
#define WORD_HEAD	"=?UTF-8?Q?"
#define WORD_TAIL	"?="
#define WORD_FRAME	(sizeof(WORD_HEAD WORD_TAIL) - 1)

/* A longer word is encoded, so that every line can be folded. */
#define PLAIN_MAX	60

#define ALNUM	"0123456789abcdefghijklmnopqrstuvwxyz" \
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const char hex[] = "0123456789ABCDEF";

static size_t
column(const struct buf *out)
{
	size_t n = 0;

	while (n < out->len && out->p[out->len - n - 1] != '\n')
		n++;
	return n;
}

/* What the line still holds. */
static size_t
room_left(const struct buf *out)
{
	size_t used = column(out);

	return used < LINE_LEN ? LINE_LEN - used : 0;
}

static void
put_hex(char out[3], unsigned char c)
{
	out[0] = '=';
	out[1] = hex[c >> 4];
	out[2] = hex[c & 15];
}

/* RFC 2047 5 (3): what may stand as itself even in a display name. */
static bool
word_safe(char c)
{
	return c != '\0' && strchr(ALNUM "!*+-/", c) != NULL;
}

static size_t
word_cost(const char *s, size_t len)
{
	size_t i, cost = 0;

	for (i = 0; i < len; i++)
		cost += word_safe(s[i]) || s[i] == ' ' ? 1 : 3;
	return cost;
}

/* How many bytes of s, in whole characters, become at most room. */
static size_t
word_fill(const char *s, size_t room)
{
	size_t len = strlen(s), n = 0, one, cost = 0;

	while ((one = utf8_char(s + n, len - n)) != 0) {
		cost += word_cost(s + n, one);
		if (cost > room)
			break;
		n += one;
	}
	return n;
}

static void
add_word(struct buf *out, const char *s, size_t len)
{
	char	coded[3];
	size_t	i;

	buf_adds(out, WORD_HEAD);
	for (i = 0; i < len; i++)
		if (s[i] == ' ')
			buf_addc(out, '_');
		else if (word_safe(s[i]))
			buf_addc(out, s[i]);
		else {
			put_hex(coded, (unsigned char)s[i]);
			buf_add(out, coded, sizeof(coded));
		}
	buf_adds(out, WORD_TAIL);
}

static void
add_words(struct buf *out, const char *s)
{
	size_t n, room = room_left(out);

	if (room > WORD_MAX)
		room = WORD_MAX;
	while (*s != '\0') {
		n = room > WORD_FRAME ? word_fill(s, room - WORD_FRAME) : 0;
		if (n == 0 && room == WORD_MAX)
			return;		/* not UTF-8 */
		if (n != 0)
			add_word(out, s, n);
		s += n;
		if (*s != '\0')
			buf_adds(out, "\r\n ");
		room = WORD_MAX;
	}
}

/* ASCII that no reader can take for an encoded-word. */
static bool
ascii(const char *s)
{
	const char *p;

	for (p = s; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			return false;
	return strstr(s, "=?") == NULL;
}

/* True if folding and unfolding s keep every space of it. */
static bool
foldable(const char *s)
{
	size_t n;

	if (*s == '\0')
		return true;
	for (;; s += n + 1) {
		n = strcspn(s, " ");
		if (n == 0 || n > PLAIN_MAX)
			return false;
		if (s[n] == '\0')
			return true;
	}
}

void
mime_text(struct buf *out, const char *s)
{
	size_t n;

	if (!ascii(s) || !foldable(s)) {
		add_words(out, s);
		return;
	}
	for (n = strcspn(s, " ");; n = strcspn(s, " ")) {
		buf_add(out, s, n);
		if (*(s += n) == '\0')
			return;
		s++;
		if (column(out) + 1 + strcspn(s, " ") > LINE_LEN)
			buf_adds(out, "\r\n");
		buf_addc(out, ' ');
	}
}

/* Characters that a quoted string needs for s, or 0: atoms will do. */
static size_t
quoted_len(const char *s)
{
	const char	*p;
	size_t		 n = 2;

	if (s[strspn(s, ALNUM "!#$%&'*+-/=?^_`{|}~ ")] == '\0' && foldable(s))
		return 0;
	for (p = s; *p != '\0'; p++)
		n += *p == '"' || *p == '\\' ? 2 : 1;
	return n;
}

static void
add_quoted(struct buf *out, const char *s)
{
	buf_addc(out, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_addc(out, '\\');
		buf_addc(out, *s);
	}
	buf_addc(out, '"');
}

void
mime_phrase(struct buf *out, const char *s)
{
	size_t room = room_left(out);

	if (!ascii(s) || strlen(s) > room || quoted_len(s) > room)
		add_words(out, s);
	else if (quoted_len(s) == 0)
		buf_adds(out, s);
	else
		add_quoted(out, s);
}

void
mime_piece(struct buf *out, const char *before, const char *s,
    const char *after)
{
	size_t len = 1 + strlen(before) + strlen(s) + strlen(after);

	if (column(out) + len > LINE_LEN && len <= LINE_LEN)
		buf_adds(out, "\r\n");
	buf_addf(out, " %s%s%s", before, s, after);
}

/* Bytes of the line end at s; 0: there is none. */
static size_t
line_end(const char *s)
{
	if (*s == '\n')
		return 1;
	if (*s == '\r')
		return s[1] == '\n' ? 2 : 1;
	return 0;
}

/* A space at the end of a line would be lost on the way. */
static bool
body_safe(const char *s)
{
	if (*s == ' ' || *s == '\t')
		return s[1] != '\0' && line_end(s + 1) == 0;
	return *s > ' ' && *s <= '~' && *s != '=';
}

/* Hands over a line with its end at once: a body has thousands of bytes. */
static void
flush(struct buf *out, const char *line, size_t *len, const char *end)
{
	buf_add(out, line, *len);
	buf_adds(out, end);
	*len = 0;
}

void
mime_body(struct buf *out, const char *s)
{
	char	line[LINE_LEN];
	size_t	len = 0, end, n;

	for (; *s != '\0'; s += end != 0 ? end : 1) {
		if ((end = line_end(s)) != 0) {
			flush(out, line, &len, "\r\n");
			continue;
		}
		n = body_safe(s) ? 1 : 3;
		if (len + n > sizeof(line) - 1)
			flush(out, line, &len, "=\r\n");
		if (n == 1)
			line[len] = *s;
		else
			put_hex(line + len, (unsigned char)*s);
		len += n;
	}
	flush(out, line, &len, "");
}

bool
mime_is_wire(const char *data, size_t len)
{
	const char *end = data + len, *lf, *cr;

	for (; data < end; data = lf + 1) {
		if ((lf = memchr(data, '\n', (size_t)(end - data))) == NULL)
			lf = end;
		cr = memchr(data, '\r', (size_t)(lf - data));
		if (lf == end)
			return cr == NULL;
		if (cr == NULL || cr + 1 != lf)
			return false;
	}
	return true;
}
