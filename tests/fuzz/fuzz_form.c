/*
 * fuzz_form.c - the body of a form's POST, split and bound to questions.
 *
 * STANDARDS H2: what is taken holds nothing but fields that we know, each once,
 * with values that we know.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/utf8.h"
#include "core/form.h"
#include "core/page.h"
#include "fuzz.h"

static const char *const keys[] = {
	"security", "security_a", "security_b", "continuity", "belonging",
	"purpose", "fulfilment", "fulfilment_a", "significance",
};

static void
judge(struct form *f, const struct question_set *q)
{
	size_t i, j;

	for (i = 0; i < q->n; i++) {
		must(f->answer[i] <= 5);
		must(f->chosen[i] <= 5 || f->chosen[i] == ANSWER_SKIP);
	}
	for (i = 0; i < f->n; i++)
		for (j = 0; j < i; j++)
			must(strcmp(f->name[i], f->name[j]) != 0);
	if (form_unpick(f))
		must(!form_answered(f, q) && f->picked == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct question_set	 q = { .n = sizeof(keys) / sizeof(keys[0]) };
	char			*body = malloc(len != 0 ? len : 1);
	struct form		 f;
	size_t			 i;

	for (i = 0; i < q.n; i++) {
		memcpy(q.item[i].key, keys[i], strlen(keys[i]) + 1);
		must(item_place(&q.item[i]));
	}
	/* its own block, with no NUL behind it: reading past it is noticed */
	must(body != NULL);
	memcpy(body, data, len);
	if (len <= REQUEST_BODY_MAX && form_split(&f, body, len)) {
		must(f.n <= FIELDS_MAX);
		must(f.lang[0] == '\0' || strlen(f.lang) == LANG_LEN);
		must(f.picked <= 5);
		if (f.comment != NULL)
			must(utf8_valid(f.comment, strlen(f.comment)) &&
			    !utf8_has_control(f.comment,
			    strlen(f.comment)));
		if (form_bind(&f, &q, len % 2 == 0))
			judge(&f, &q);
		form_wipe(&f);
		for (i = 0; i < sizeof(f.text); i++)
			must(f.text[i] == '\0');
	}
	free(body);
	return 0;
}
