/*
 * scoreinput.c - the two files that `sensectl score` reads.
 *
 * Answers are counted row by row and not kept: memory grows with units, never
 * with people.  What an answer was never gets into an error's words.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "core/question.h"
#include "io/csv.h"
#include "io/scoreinput.h"

enum { UNIT, PARENT, INVITED, NAME, UNITS__MAX };

static const struct csv_column unit_columns[UNITS__MAX] = {
	[UNIT] = { "unit", false },
	[PARENT] = { "parent", false },
	[INVITED] = { "invited", false },
	[NAME] = { "name", false },
};

/* The unit, then the six senses in their order. */
static const struct csv_column answer_columns[1 + SENSE__MAX] = {
	{ "unit", false },
	{ "security", false },
	{ "continuity", false },
	{ "belonging", false },
	{ "purpose", false },
	{ "fulfilment", false },
	{ "significance", false },
};

/* What answers are counted with: core items alone, wording version 1. */
struct reading {
	struct scoreinput	*in;
	struct question_set	 questions;
};

static void
core_questions(struct question_set *q)
{
	struct item	*it;
	int		 s;

	memset(q, 0, sizeof(*q));
	for (s = 0; s < SENSE__MAX; s++) {
		it = &q->item[q->n++];
		memcpy(it->key, sense_key((enum sense)s),
		    strlen(sense_key((enum sense)s)) + 1);
		it->sense = (enum sense)s;
		it->core = true;
		it->version = 1;
	}
}

static enum err_code
unit_row(void *arg, const char *const *field, unsigned int line, struct err *e)
{
	struct scoreinput	*in = arg;
	uint64_t		 invited;

	if (!num_parse(field[INVITED], strlen(field[INVITED]), 0, UINT32_MAX,
	    &invited))
		return err_set(e, ERR_INPUT, "invited is no number of people;"
		    " expected 0 to %u", UINT32_MAX);
	if (strlen(field[NAME]) > UNIT_NAME_MAX)
		return err_set(e, ERR_INPUT, "name too long; expected at most"
		    " %d bytes", UNIT_NAME_MAX);
	return tree_add(&in->tree, field[UNIT], field[PARENT], field[NAME],
	    (uint32_t)invited, line, e);
}

static enum err_code
parse_answers(const char *const *field, unsigned char answer[ITEMS_MAX],
    struct err *e)
{
	int		s;
	uint64_t	value;

	memset(answer, 0, ITEMS_MAX);
	for (s = 0; s < SENSE__MAX; s++) {
		if (field[s][0] == '\0')
			continue;
		if (strlen(field[s]) != 1 ||
		    !num_parse(field[s], 1, 1, 5, &value))
			return err_set(e, ERR_INPUT, "%s is no answer;"
			    " expected 1, 2, 3, 4, 5 or nothing",
			    sense_key((enum sense)s));
		answer[s] = (unsigned char)value;
	}
	return ERR_OK;
}

static enum err_code
answer_row(void *arg, const char *const *field, unsigned int line,
    struct err *e)
{
	struct reading	*r = arg;
	unsigned char	 answer[ITEMS_MAX];
	enum err_code	 rc;
	uint32_t	 u;

	(void)line;
	u = tree_find(&r->in->tree, field[0]);
	if (u == UNIT_NONE)
		return err_set(e, ERR_INPUT, "unknown unit; expected one of"
		    " the units file");
	if ((rc = parse_answers(field + 1, answer, e)) != ERR_OK)
		return rc;
	if (question_count(&r->questions, answer, &r->in->cell[u]) &&
	    r->in->cell[u].responses > r->in->tree.unit[u].invited)
		return err_set(e, ERR_INPUT, "unit %s has more responses than"
		    " invited people; expected at most %u",
		    r->in->tree.unit[u].id, r->in->tree.unit[u].invited);
	return ERR_OK;
}

enum err_code
scoreinput_read(struct scoreinput *in, const char *units, const char *answers,
    struct err *e)
{
	struct reading	r = { .in = in };
	enum err_code	rc;
	unsigned int	line;

	in->cell = NULL;
	tree_init(&in->tree);
	rc = csv_read(units, unit_columns, UNITS__MAX, unit_row, NULL, in, e);
	if (rc != ERR_OK)
		return rc;
	if (tree_finish(&in->tree, &line, e) != ERR_OK)
		return err_prefix(e, "%s:%u: ", units, line > 0 ? line : 1);
	in->cell = mem_zero(in->tree.n, sizeof(*in->cell));
	core_questions(&r.questions);
	return csv_read(answers, answer_columns, 1 + SENSE__MAX, answer_row,
	    NULL, &r, e);
}

void
scoreinput_fill(struct publication_input *out, const struct scoreinput *in)
{
	struct question_set	q;
	int			s;

	core_questions(&q);
	out->tree = &in->tree;
	out->cell = in->cell;
	for (s = 0; s < SENSE__MAX; s++) {
		out->scale[s] = question_scale(&q, (enum sense)s);
		question_wording(&q, (enum sense)s, out->wording[s]);
	}
}

void
scoreinput_wipe(struct scoreinput *in)
{
	tree_wipe(&in->tree);
	free(in->cell);
	in->cell = NULL;
}
