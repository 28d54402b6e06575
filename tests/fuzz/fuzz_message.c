/*
 * fuzz_message.c - one mail, from names, subjects and bodies that are hostile.
 *
 * Parts in this order: name, address, subject, list name, unsubscribe URL,
 * text, HTML.  STANDARDS M1 to M4: every line ends CRLF and is short, and the
 * headers are ours, each once, whatever was in them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "core/message.h"
#include "fuzz.h"

#define PARTS	7

static const char *const ours[] = {
	"Auto-Submitted:", "Content-Language:", "Content-Type:", "Date:",
	"From:", "List-Id:", "List-Unsubscribe-Post:", "List-Unsubscribe:",
	"MIME-Version:", "Message-ID:", "Precedence:", "Reply-To:",
	"Subject:", "To:", "X-Auto-Response-Suppress:",
};

#define OURS	(sizeof(ours) / sizeof(ours[0]))

static size_t
header_of(const char *line)
{
	size_t i;

	for (i = 0; i < OURS; i++)
		if (strncmp(line, ours[i], strlen(ours[i])) == 0)
			break;
	return i;
}

/* Lines up to the empty one are our headers, or go on with one. */
static void
judge_headers(const char *data)
{
	unsigned int	 seen[OURS] = { 0 };
	const char	*line = data;
	size_t		 i;

	while (strncmp(line, "\r\n", 2) != 0) {
		if (*line != ' ' && *line != '\t') {
			i = header_of(line);
			must(i < OURS);
			must(++seen[i] == 1);
		}
		line = strstr(line, "\r\n");
		must(line != NULL);
		line += 2;
	}
	must(seen[header_of("To:")] == 1 && seen[header_of("Subject:")] == 1);
}

/* True if nothing but an address could put UTF-8 into the mail (M5). */
static bool
plain(const struct message *m)
{
	const char *p;

	for (p = m->to->address; *p != '\0'; p++)
		if ((unsigned char)*p >= 0x80)
			return false;
	for (p = m->from->address; *p != '\0'; p++)
		if ((unsigned char)*p >= 0x80)
			return false;
	return true;
}

static void
judge(const struct buf *b, bool ascii)
{
	const char	*s = buf_str(b);
	size_t		 i, start = 0;

	must(strlen(s) == b->len);
	for (i = 0; i < b->len; i++) {
		must((s[i] == '\n') == (i > 0 && s[i - 1] == '\r'));
		must(!ascii || (unsigned char)s[i] < 0x80);
		if (s[i] != '\n')
			continue;
		must(i - start <= 999);
		start = i + 1;
	}
	must(start == b->len);
	judge_headers(s);
}

static void
build(const struct message *m)
{
	struct buf	b;
	struct err	e;
	enum err_code	rc;

	buf_init(&b, 1 << 20);
	rc = message_build(&b, m, &e);
	must(rc == ERR_OK || rc == ERR_INPUT);
	if (rc == ERR_OK)
		judge(&b, plain(m));
	else
		must(b.len == 0);
	buf_wipe(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input	 in = { data, len };
	struct mailbox	 from = { NULL, NULL }, to;
	struct message	 m;
	char		*part[PARTS];
	size_t		 i, n;

	for (i = 0; i < PARTS; i++) {
		part[i] = input_part(&in, &n);
		if (i < PARTS - 2 && n > 0 && part[i][n - 1] == '\n')
			part[i][n - 1] = '\0';
	}
	to = (struct mailbox){ part[0], part[1] };
	if (!mailbox_parse(part[0], &from))
		must(mailbox_parse("Carys <pulse@taf.example>", &from));
	m = (struct message){ .from = &from, .to = &to, .reply_to = "",
	    .subject = part[2], .message_id = "1@taf.example",
	    .date = "Thu, 01 Oct 2026 09:00:00 +0100",
	    .list_id = "staff.taf.example", .list_name = part[3],
	    .unsubscribe = part[4], .lang = "en", .text = part[5],
	    .html = part[6] };
	build(&m);
	m.to = &from;
	build(&m);
	mailbox_wipe(&from);
	for (i = 0; i < PARTS; i++)
		free(part[i]);
	return 0;
}
