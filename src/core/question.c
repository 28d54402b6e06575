/*
 * question.c - the items of a survey, and one ballot's share in the counts.
 *
 * Every item that is asked is scored; which item belongs to which sense follows
 * from its key alone.  No wording is known here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "core/question.h"

#define ITEMS_A_SENSE	3

/* lcm(1..|Q_s|), SCORING 2 */
static const unsigned int lcm[ITEMS_A_SENSE + 1] = { 1, 1, 2, 6 };

size_t
langs_find(const struct langs *l, const char *code)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (strcmp(l->code[i], code) == 0)
			break;
	return i;
}

bool
item_place(struct item *it)
{
	const char	*tail = strchr(it->key, '_');
	const size_t	 len = strlen(it->key);
	const size_t	 head = tail != NULL ? (size_t)(tail - it->key) : len;

	if (tail != NULL && strcmp(tail, "_a") != 0 && strcmp(tail, "_b") != 0)
		return false;
	if (!sense_find(it->key, head, &it->sense))
		return false;
	it->core = tail == NULL;
	return true;
}

/* A sense's own key comes before the same with "_a" or "_b". */
static int
compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->sense != y->sense)
		return x->sense < y->sense ? -1 : 1;
	return strcmp(x->key, y->key);
}

static bool
text_good(const char *s)
{
	size_t len;

	if (s == NULL || s[0] == '\0')
		return false;
	len = strlen(s);
	return len <= ITEM_TEXT_MAX && utf8_valid(s, len) &&
	    !utf8_has_control(s, len);
}

static enum err_code
check_texts(const char *key, char *const *text, const struct langs *l,
    struct err *e)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!text_good(text[i]))
			return err_set(e, ERR_INPUT, "%s: no good text in"
			    " language %s; expected 1 to %d bytes of UTF-8 in"
			    " one line", key, l->code[i], ITEM_TEXT_MAX);
	return ERR_OK;
}

static enum err_code
check_item(struct item *it, const struct langs *l, struct err *e)
{
	size_t i;

	if (!item_place(it))
		return err_set(e, ERR_INPUT, "unknown item %s; expected the"
		    " key of a sense, or that with _a or _b", it->key);
	if (it->version == 0)
		return err_set(e, ERR_INPUT, "%s: version 0; expected 1 or"
		    " more", it->key);
	for (i = 0; i < l->n; i++)
		if (it->hint[i] != NULL && it->hint[i][0] != '\0' &&
		    !text_good(it->hint[i]))
			return err_set(e, ERR_INPUT, "%s: bad hint in language"
			    " %s; expected at most %d bytes of UTF-8 in one"
			    " line", it->key, l->code[i], ITEM_TEXT_MAX);
	return check_texts(it->key, it->text, l, e);
}

/* The items are sorted; only three keys of a sense exist. */
static enum err_code
check_keys(const struct question_set *q, struct err *e)
{
	bool	core[SENSE__MAX] = { false };
	size_t	i;
	int	s;

	for (i = 0; i < q->n; i++) {
		if (i > 0 && strcmp(q->item[i - 1].key, q->item[i].key) == 0)
			return err_set(e, ERR_INPUT, "item %s is here twice;"
			    " expected each key once", q->item[i].key);
		if (q->item[i].core)
			core[q->item[i].sense] = true;
	}
	for (s = 0; s < SENSE__MAX; s++)
		if (!core[s])
			return err_set(e, ERR_INPUT, "no item %s; expected one"
			    " core item for each sense",
			    sense_key((enum sense)s));
	return ERR_OK;
}

enum err_code
question_check(struct question_set *q, const struct langs *l, struct err *e)
{
	enum err_code	rc;
	size_t		i;

	if (q->n > ITEMS_MAX)
		return err_set(e, ERR_INPUT, "%zu items; expected at most %d",
		    q->n, ITEMS_MAX);
	if ((rc = check_texts("stem", q->stem, l, e)) != ERR_OK)
		return rc;
	for (i = 0; i < q->n; i++)
		if ((rc = check_item(&q->item[i], l, e)) != ERR_OK)
			return rc;
	qsort(q->item, q->n, sizeof(q->item[0]), compare_items);
	return check_keys(q, e);
}

size_t
question_find(const struct question_set *q, const char *key, size_t len)
{
	size_t i;

	for (i = 0; i < q->n; i++)
		if (strlen(q->item[i].key) == len &&
		    memcmp(q->item[i].key, key, len) == 0)
			break;
	return i;
}

static unsigned int
items_of(const struct question_set *q, enum sense s)
{
	unsigned int	n = 0;
	size_t		i;

	for (i = 0; i < q->n; i++)
		if (q->item[i].sense == s)
			n++;
	return n;
}

unsigned int
question_scale(const struct question_set *q, enum sense s)
{
	return 4 * lcm[items_of(q, s)];
}

void
question_wording(const struct question_set *q, enum sense s,
    char out[WORDING_MAX + 1])
{
	struct buf	b;
	size_t		i;

	buf_init(&b, WORDING_MAX);
	for (i = 0; i < q->n; i++)
		if (q->item[i].sense == s)
			buf_addf(&b, "%s%s:%u", b.len > 0 ? "," : "",
			    q->item[i].key, q->item[i].version);
	memcpy(out, buf_str(&b), b.len + 1);
	buf_wipe(&b);
}

/* One sense of one ballot; false if it does not count for the sense. */
static bool
count_sense(const struct question_set *q, enum sense s,
    const unsigned char *answer, struct tally *t)
{
	unsigned int	asked = 0, answered = 0, sum = 0, core = 0;
	uint64_t	y;
	size_t		i;

	for (i = 0; i < q->n; i++) {
		if (q->item[i].sense != s)
			continue;
		asked++;
		if (answer[i] == 0)
			continue;
		answered++;
		sum += answer[i] - 1U;
		if (q->item[i].core)
			core = answer[i];
	}
	if (core == 0)
		return false;
	y = lcm[asked] * sum / answered;
	t->n++;
	t->sum += y;
	t->square += y * y;
	t->c[core - 1]++;
	return true;
}

bool
question_count(const struct question_set *q,
    const unsigned char answer[ITEMS_MAX], struct counts *c)
{
	bool	counts = false;
	int	s;

	for (s = 0; s < SENSE__MAX; s++)
		if (count_sense(q, (enum sense)s, answer, &c->sense[s]))
			counts = true;
	if (counts)
		c->responses++;
	return counts;
}

void
question_wipe(struct question_set *q)
{
	size_t i, j;

	for (j = 0; j < LANGS_MAX; j++) {
		free(q->stem[j]);
		for (i = 0; i < q->n; i++) {
			free(q->item[i].text[j]);
			free(q->item[i].hint[j]);
		}
	}
	memset(q, 0, sizeof(*q));
}

void
prompts_wipe(struct prompts *p)
{
	size_t s, j, i;

	for (s = 0; s < SENSE__MAX; s++)
		for (j = 0; j < LANGS_MAX; j++)
			for (i = 0; i < PROMPTS_MAX; i++) {
				free(p->leader[s][j][i]);
				free(p->member[s][j][i]);
			}
	memset(p, 0, sizeof(*p));
}
