/*
 * question.h - the items of a survey and the prompts that follow them.
 *
 * A question set is frozen into the wave when it opens.  Wording is data: it
 * comes from the operator's question file, in every configured language.
 * CONTENT 2, 3 and 8; SCORING 2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_CORE_QUESTION_H
#define SENSED_CORE_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/publication.h"
#include "core/sense.h"

#define ITEMS_MAX	18	/* three a sense */
#define ITEM_KEY_MAX	24
#define ITEM_TEXT_MAX	400	/* bytes */
#define LANGS_MAX	4
#define LANG_LEN	2	/* ISO 639-1: "en", "cy" */

struct langs {
	size_t	n;			/* at least 1 */
	char	code[LANGS_MAX][LANG_LEN + 1];
};

struct item {
	char		 key[ITEM_KEY_MAX + 1];
	enum sense	 sense;
	bool		 core;			/* the key is the sense's key */
	unsigned int	 version;		/* of the wording, from 1 */
	char		*text[LANGS_MAX];	/* by index into langs */
	char		*hint[LANGS_MAX];	/* "" where there is none */
};

struct question_set {
	char		*stem[LANGS_MAX];
	struct item	 item[ITEMS_MAX];
	size_t		 n;
};

/* What a leader (L) and a member (T) may try, by sense and language. */
#define PROMPTS_MAX	6

struct prompts {
	char	*leader[SENSE__MAX][LANGS_MAX][PROMPTS_MAX];
	char	*member[SENSE__MAX][LANGS_MAX][PROMPTS_MAX];
};

/* The index of a language code, or n if it is not among them. */
size_t		 langs_find(const struct langs *l, const char *code);

/*
 * Sets sense and core of an item from its key: a sense's key, or that and
 * "_a" or "_b".  False: no such key.
 */
bool		 item_place(struct item *it);

/*
 * Checks a whole set: one core item a sense, at most three items a sense, no
 * key twice, every text in every language.  Puts the items in the order of
 * senses, core first.  ERR_INPUT names the key at fault.
 */
enum err_code	 question_check(struct question_set *q, const struct langs *l,
		     struct err *e) MUST_USE;

/* The index of the item with this key, or q->n. */
size_t		 question_find(const struct question_set *q, const char *key,
		     size_t len);

/* D of a sense (4, 8 or 24) and its Q_s as "security:1,security_a:1". */
unsigned int	 question_scale(const struct question_set *q, enum sense s);
void		 question_wording(const struct question_set *q, enum sense s,
		     char out[WORDING_MAX + 1]);

/*
 * Adds one ballot to the counts: answer[i] is 0 (missing) or 1..5 for item i.
 * A ballot that counts for no sense adds nothing and returns false.
 */
bool		 question_count(const struct question_set *q,
		     const unsigned char answer[ITEMS_MAX], struct counts *c);

void		 question_wipe(struct question_set *q);
void		 prompts_wipe(struct prompts *p);

#endif
