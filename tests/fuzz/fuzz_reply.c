/*
 * fuzz_reply.c - lines of SMTP replies.
 *
 * Four bytes say how the exchange ended, at which command and with what code;
 * the rest is the line.  What may be logged is short and printable, and holds
 * no address (STANDARDS R4, M19), however its lines are put together.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "core/reply.h"
#include "fuzz.h"

static void
judge_words(const char *line)
{
	static const char	address[] = "carys.morgan@taf.example";
	char			words[REPLY_WORDS + 1];
	size_t			i;

	memset(words, 'x', sizeof(words));
	reply_words(words, line, address, "Carys Morgan");
	must(memchr(words, '\0', sizeof(words)) != NULL);
	must(strchr(words, '@') == NULL);
	must(strstr(words, "carys.morgan") == NULL);
	for (i = 0; words[i] != '\0'; i++)
		must(words[i] >= ' ' && words[i] <= '~');
}

/* The same bytes as the lines of replies. */
static void
judge_lines(const char *p, size_t len)
{
	struct reply_text	t = { .len = 0 };
	const char		*end = p + len;
	size_t			 n;

	for (; p < end; p += n) {
		for (n = 0; p + n < end && p[n++] != '\n';)
			;
		reply_gather(&t, p, n);
		must(strlen(t.text) == t.len || strlen(t.text) < n);
		must(t.len < sizeof(t.text) && strlen(t.line) <= n);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input	in = { data, len };
	struct reply	r;
	char		*line;
	int		enhanced;

	r.end = input_byte(&in) % (REPLY_LOCAL + 1);
	r.stage = input_byte(&in) % (STAGE_BODY + 1);
	r.code = (int)input_number(&in, 2);
	line = mem_dup(in.p, in.n);
	r.line = line;
	must(reply_classify(&r) < CLASS__MAX);
	must(r.end == REPLY_DONE || reply_classify(&r) != CLASS_SENT);
	enhanced = reply_enhanced(line);
	must(enhanced >= -1 && enhanced <= 999999);
	judge_words(line);
	judge_lines(line, strlen(line));
	free(line);
	return 0;
}
