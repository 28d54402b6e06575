/*
 * message.c - one finished mail, every octet of it.
 *
 * Headers in a fixed order, then the two bodies in quoted-printable.  A field
 * that could break out of its line is refused here whatever was checked
 * before, since libcurl does not (FACTS 3.2).  Dots are not stuffed: libcurl
 * does that.  The domain of an address stays as it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "base/b32.h"
#include "base/crypt.h"
#include "base/utf8.h"
#include "core/message.h"
#include "core/mime.h"

/* No quoted-printable text holds "=_", so no body holds the boundary. */
#define BOUNDARY_HEAD	"=_"
#define BOUNDARY_BYTES	16
#define BOUNDARY_LEN	(sizeof(BOUNDARY_HEAD) + B32_LEN(BOUNDARY_BYTES))

/* A piece that cannot be folded, with its field name, stays far below 998. */
#define PIECE_MAX	800

enum need {
	NEED_WORDS,	/* any text on one line, may be empty */
	NEED_BODY,	/* any text */
	NEED_PIECE,	/* printable ASCII without spaces and < > */
	NEED_PIECES,	/* the same with spaces */
	NEED_ADDRESS,
	NEED__MAX
};

struct field {
	const char	*name;
	const char	*value;
	enum need	 need;
};

static bool
given(const char *s)
{
	return s != NULL && s[0] != '\0';
}

static bool
words_ok(const char *s)
{
	size_t len = strlen(s);

	return utf8_valid(s, len) && !utf8_has_control(s, len);
}

static bool
body_ok(const char *s)
{
	size_t len = strlen(s);

	return utf8_valid(s, len) && utf8_is_lines(s, len);
}

static bool
pieces_ok(const char *s)
{
	size_t i;

	for (i = 0; s[i] != '\0'; i++)
		if (s[i] < ' ' || s[i] > '~' || s[i] == '<' || s[i] == '>')
			return false;
	return i > 0 && i <= PIECE_MAX;
}

static bool
piece_ok(const char *s)
{
	return pieces_ok(s) && strchr(s, ' ') == NULL;
}

static bool (*const checks[NEED__MAX])(const char *) = {
	[NEED_WORDS] = words_ok,
	[NEED_BODY] = body_ok,
	[NEED_PIECE] = piece_ok,
	[NEED_PIECES] = pieces_ok,
	[NEED_ADDRESS] = address_valid,
};

static enum err_code
unfit(const char *field, struct err *e)
{
	return err_set(e, ERR_INPUT, "a mail cannot be made: its %s is empty, "
	    "too long or holds a character that it must not hold", field);
}

/* A stencil was checked when it was made. */
static enum err_code
check(const struct message *m, struct err *e)
{
	const struct field fields[] = {
		{ "name of From", m->from->name, NEED_WORDS },
		{ "address of From", m->from->address, NEED_ADDRESS },
		{ "name of To", m->to->name, NEED_WORDS },
		{ "address of To", m->to->address, NEED_ADDRESS },
		{ "Reply-To", given(m->reply_to) ? m->reply_to :
		    m->from->address, NEED_ADDRESS },
		{ "Subject", m->subject, NEED_WORDS },
		{ "Message-ID", m->message_id, NEED_PIECE },
		{ "Date", m->date, NEED_PIECES },
		{ "List-Id", m->list_id, NEED_PIECE },
		{ "name of List-Id", m->list_name, NEED_WORDS },
		{ "List-Unsubscribe", given(m->unsubscribe) ?
		    m->unsubscribe : "none", NEED_PIECE },
		{ "Content-Language", m->lang, NEED_PIECES },
		{ "text part", m->text_stencil != NULL ? "" : m->text,
		    NEED_BODY },
		{ "HTML part", m->html_stencil != NULL ? "" : m->html,
		    NEED_BODY },
	};
	enum err_code	rc = ERR_OK;
	size_t		i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].value == NULL ||
		    !checks[fields[i].need](fields[i].value))
			return unfit(fields[i].name, e);
	for (i = 0; m->values != NULL && i < STENCIL_SLOTS; i++)
		if (m->values[i] != NULL && !words_ok(m->values[i]))
			rc = unfit("name or link", e);
	return rc;
}

/* A field of one piece, such as Message-ID. */
static void
add_piece(struct buf *out, const char *name, const char *before,
    const char *s, const char *after)
{
	buf_addf(out, "%s:", name);
	mime_piece(out, before, s, after);
	buf_adds(out, "\r\n");
}

/* A field of words with something in angle brackets behind them. */
static void
add_named(struct buf *out, const char *name, const char *words,
    const char *angled)
{
	buf_addf(out, "%s:", name);
	if (words[0] != '\0') {
		buf_addc(out, ' ');
		mime_phrase(out, words);
	}
	mime_piece(out, "<", angled, ">");
	buf_adds(out, "\r\n");
}

static void
make_boundary(char out[BOUNDARY_LEN], const char *message_id)
{
	unsigned char hash[BOUNDARY_BYTES];

	crypt_hash(hash, sizeof(hash), NULL, message_id, strlen(message_id));
	memcpy(out, BOUNDARY_HEAD, sizeof(BOUNDARY_HEAD));
	b32_encode(out + sizeof(BOUNDARY_HEAD) - 1, hash, sizeof(hash));
}

static void
add_headers(struct buf *out, const struct message *m, const char *boundary)
{
	buf_addf(out, "Date: %s\r\n", m->date);
	add_named(out, "From", m->from->name, m->from->address);
	if (given(m->reply_to))
		add_named(out, "Reply-To", "", m->reply_to);
	add_named(out, "To", m->to->name, m->to->address);
	buf_adds(out, "Subject: ");
	mime_text(out, m->subject);
	buf_adds(out, "\r\n");
	add_piece(out, "Message-ID", "<", m->message_id, ">");

	buf_adds(out, "Auto-Submitted: auto-generated\r\n"
	    "X-Auto-Response-Suppress: OOF, AutoReply\r\n"
	    "Precedence: bulk\r\n");
	add_named(out, "List-Id", m->list_name, m->list_id);
	if (given(m->unsubscribe)) {
		add_piece(out, "List-Unsubscribe", "<", m->unsubscribe, ">");
		buf_adds(out, "List-Unsubscribe-Post: "
		    "List-Unsubscribe=One-Click\r\n");
	}
	add_piece(out, "Content-Language", "", m->lang, "");
	buf_addf(out, "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"%s\"\r\n", boundary);
}

static void
add_part_head(struct buf *out, const char *boundary, const char *type)
{
	buf_addf(out, "\r\n--%s\r\n"
	    "Content-Type: %s; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n", boundary,
	    type);
}

static void
add_bodies(struct buf *out, const struct message *m, const char *boundary)
{
	add_part_head(out, boundary, "text/plain");
	if (m->text_stencil != NULL)
		stencil_body(m->text_stencil, m->values, out);
	else
		mime_body(out, m->text);
	add_part_head(out, boundary, "text/html");
	if (m->html_stencil != NULL)
		stencil_body(m->html_stencil, m->values, out);
	else
		mime_body(out, m->html);
	buf_addf(out, "\r\n--%s--\r\n", boundary);
}

enum err_code
message_build(struct buf *out, const struct message *m, struct err *e)
{
	const size_t	before = out->len;
	char		boundary[BOUNDARY_LEN];

	if (check(m, e) != ERR_OK)
		return ERR_INPUT;
	make_boundary(boundary, m->message_id);
	add_headers(out, m, boundary);
	add_bodies(out, m, boundary);
	if (!out->over)
		return ERR_OK;

	if (out->p != NULL) {
		out->len = before;
		out->p[before] = '\0';
	}
	return err_set(e, ERR_INPUT, "a mail is over %zu bytes", out->max);
}
