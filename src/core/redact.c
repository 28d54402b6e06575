/*
 * redact.c - writes the reader's file, and holds what comes back against it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "core/redact.h"

#define MARK		"[...]"
#define LINE_MORE	64	/* bytes of a line beside its text */
#define HEAD_MAX	1024

static const char head[] =
    "# Comments of wave %s, for %s to read before anybody else.\n"
    "# Take out every line that is not to be shown; put [...] in place of\n"
    "# words that are not.  Change nothing else.\n";

size_t
redact_max(const struct publication *p, const struct comments *c)
{
	(void)p;
	return HEAD_MAX + c->n * (COMMENT_BYTES + UNIT_ID_MAX + UNIT_NAME_MAX +
	    LINE_MORE);
}

void
redact_write(struct buf *b, const struct publication *p,
    const struct comments *c)
{
	const struct comment	*of;
	size_t			 i;

	if (!c->released)
		buf_addf(b, head, p->wave, c->reader);
	for (i = 0; i < c->n; i++) {
		of = &c->of[i];
		if (i == 0 || of->unit != c->of[i - 1].unit)
			buf_addf(b, "\n# %s: %s\n", p->unit[of->unit].id,
			    p->unit[of->unit].name);
		buf_addf(b, "%zu. %s\n", i + 1, of->text);
	}
}

/* The same text, but for words that a mark stands for. */
static bool
is_masked(const char *text, const char *given)
{
	const char	*mark = strstr(given, MARK);
	size_t		 len, left;

	if (strcmp(text, given) == 0)
		return true;
	if (mark == NULL || strlen(given) > COMMENT_BYTES ||
	    strncmp(text, given, (size_t)(mark - given)) != 0)
		return false;
	text += mark - given;
	given = mark + strlen(MARK);
	while ((mark = strstr(given, MARK)) != NULL) {
		len = (size_t)(mark - given);
		text = memmem(text, strlen(text), given, len);
		if (text == NULL)
			return false;
		text += len;
		given = mark + strlen(MARK);
	}
	len = strlen(given);
	left = strlen(text);
	return left >= len && strcmp(text + left - len, given) == 0;
}

struct reading {
	const struct comments	*c;
	char			**kept;		/* by place; NULL: not named */
	const char		*name;
	unsigned int		 line;
	uint64_t		 n;		/* the one in hand; 0: none */
	struct buf		 given;		/* its text so far */
};

static enum err_code
refuse(const struct reading *r, const char *why, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s:%u: %s, expected lines of `sensectl "
	    "comments', some taken out; nothing was released", r->name,
	    r->line, why);
}

/* The comment in hand is whole. */
static enum err_code
finish(struct reading *r, struct err *e)
{
	const char	*given = buf_str(&r->given);
	uint64_t	 n = r->n;

	r->n = 0;
	if (n == 0)
		return ERR_OK;
	if (r->kept[n - 1] != NULL)
		return refuse(r, "ends a comment that stands there twice", e);
	if (r->given.over || !utf8_valid(given, r->given.len) ||
	    utf8_has_control(given, r->given.len) ||
	    !is_masked(r->c->of[n - 1].text, given))
		return refuse(r, "ends other words than the comment of that "
		    "number has", e);
	r->kept[n - 1] = mem_str(given);
	return ERR_OK;
}

/* The bytes of "12. ", or 0: the line begins no comment. */
static size_t
number_of(const struct reading *r, const char *s, size_t len, uint64_t *n)
{
	size_t digits = 0;

	while (digits < len && s[digits] >= '0' && s[digits] <= '9')
		digits++;
	if (len < digits + 2 || memcmp(s + digits, ". ", 2) != 0 ||
	    !num_parse(s, digits, 1, r->c->n, n))
		return 0;
	return digits + 2;
}

/* Mail programs quote lines and break them: both is undone. */
static enum err_code
take_line(struct reading *r, const char *s, size_t len, struct err *e)
{
	enum err_code	rc;
	uint64_t	n = 0;
	size_t		skip;

	while (len > 0 && strchr("\r ", s[len - 1]) != NULL)
		len--;
	for (; len > 0 && (*s == '>' || *s == ' '); len--)
		s++;
	skip = number_of(r, s, len, &n);
	if (skip > 0 || len == 0 || *s == '#') {
		if ((rc = finish(r, e)) != ERR_OK)
			return rc;
		r->n = n;
		buf_reset(&r->given);
		buf_add(&r->given, s + skip, skip > 0 ? len - skip : 0);
		return ERR_OK;
	}
	if (r->n == 0)
		return refuse(r, "has no number of a comment", e);
	buf_addc(&r->given, ' ');
	buf_add(&r->given, s, len);
	return ERR_OK;
}

static enum err_code
take_lines(struct reading *r, const char *text, size_t len, struct err *e)
{
	const char	*end = text + len, *next;
	enum err_code	 rc = ERR_OK;

	for (; text < end && rc == ERR_OK; text = next + 1) {
		r->line++;
		if ((next = memchr(text, '\n', (size_t)(end - text))) == NULL)
			next = end;
		rc = take_line(r, text, (size_t)(next - text), e);
	}
	return rc == ERR_OK ? finish(r, e) : rc;
}

enum err_code
redact_read(struct comments *c, const char *text, size_t len,
    const char *name, struct err *e)
{
	struct reading	 r = { .c = c, .name = name };
	enum err_code	 rc;
	size_t		 i;
	char		*old;

	r.kept = mem_zero(c->n, sizeof(*r.kept));
	buf_init(&r.given, COMMENT_BYTES);
	rc = take_lines(&r, text, len, e);
	for (i = 0; i < c->n; i++) {
		old = r.kept[i];
		if (rc == ERR_OK && old == NULL)
			c->of[i].unit = UNIT_NONE;
		else if (rc == ERR_OK) {
			old = c->of[i].text;
			c->of[i].text = r.kept[i];
		}
		if (old != NULL)
			crypt_wipe(old, strlen(old));
		free(old);
	}
	free(r.kept);
	buf_wipe(&r.given);
	if (rc == ERR_OK)
		comments_sweep(c);
	return rc;
}
